package scope

import (
	"maps"
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// grantee is a subject with all that bindings grant it, in one figure for each
// place where it counts: how that is spread over roles and bindings plays no part.
type grantee struct {
	who      access.Subject
	bindings []*access.Binding // whose rights it has, in the order of the index
	unread   []*access.Binding // those of whose role nothing is known
	wide     *rights           // in every namespace; nil for none
	in       map[string]*rights
}

// rights returns what the grantee has in a namespace.
func (g *grantee) rights(namespace string) *rights { return g.wide.and(g.in[namespace]) }

// with returns somebody who has what two grantees have.
func (g *grantee) with(other *grantee) *grantee {
	switch {
	case other == nil || other == g:
		return g
	case g == nil:
		return other
	}
	both := &grantee{who: g.who, bindings: slices.Concat(g.bindings, other.bindings), unread: slices.Concat(g.unread, other.unread), wide: g.wide.and(other.wide), in: maps.Clone(g.in)}
	for namespace, r := range other.in {
		both.in[namespace] = r.and(both.in[namespace])
	}
	return both
}

// grants is what bindings grant to whom, for the measures of a view.
type grants struct {
	view     *kube.Cluster
	grantees map[access.Subject]*grantee
	order    []*grantee            // by subject
	local    map[string][]*grantee // those with a RoleBinding in a namespace, by subject
	resident map[string][]*grantee // ServiceAccounts that may exist, by namespace
	ghosts   map[string][]*grantee // those that do not
	bound    map[string]bool       // namespaces with a RoleBinding
	veiled   []*grantee            // from outside, and not all that they have is known
	// everybody is what every ServiceAccount has, nil for nothing.
	everybody *grantee
	compiler  *compiler
	index     *access.Index
}

// newGrants gathers the grants of a view, but for those that the server itself
// makes: they are the same in every cluster.
func newGrants(c *kube.Cluster) *grants {
	g := &grants{
		view: c, grantees: map[access.Subject]*grantee{}, local: map[string][]*grantee{}, resident: map[string][]*grantee{},
		ghosts: map[string][]*grantee{}, bound: map[string]bool{}, compiler: newCompiler(), index: access.Of(c),
	}
	for _, b := range g.index.Bindings {
		g.take(b)
	}
	for _, one := range g.grantees {
		g.order = append(g.order, one)
	}
	slices.SortFunc(g.order, func(a, b *grantee) int { return access.CompareSubjects(a.who, b.who) })
	for _, one := range g.order {
		for namespace := range one.in {
			g.local[namespace] = append(g.local[namespace], one)
		}
		if len(one.unread) > 0 && !ofPlatform(one.who) {
			g.veiled = append(g.veiled, one)
		}
		switch {
		case one.who.Kind != rbacv1.ServiceAccountKind:
		case missing(c, one.who):
			g.ghosts[one.who.Namespace] = append(g.ghosts[one.who.Namespace], one)
		default:
			g.resident[one.who.Namespace] = append(g.resident[one.who.Namespace], one)
		}
	}
	g.everybody = g.group(access.GroupAuthenticated).with(g.group(access.GroupServiceAccounts))
	return g
}

// take adds a binding to its subjects.
func (g *grants) take(b *access.Binding) {
	has := g.given(b)
	for _, s := range b.Subjects {
		if serverMade(b, s.Subject) {
			continue
		}
		if !b.Wide() {
			g.bound[b.Ref.Namespace] = true
		}
		one := g.grantees[s.Subject]
		if one == nil {
			one = &grantee{who: s.Subject, in: map[string]*rights{}}
			g.grantees[s.Subject] = one
		}
		switch {
		case b.Resolution == access.Unread:
			one.unread = append(one.unread, b)
		case has == nil || len(one.bindings) > 0 && one.bindings[len(one.bindings)-1] == b: // listed twice
		default:
			one.add(b, has)
		}
	}
}

// add adds what a binding grants.
func (g *grantee) add(b *access.Binding, has *rights) {
	g.bindings = append(g.bindings, b)
	if b.Wide() {
		g.wide = has.and(g.wide)
		return
	}
	g.in[b.Ref.Namespace] = has.and(g.in[b.Ref.Namespace])
}

// given returns the rights that a binding grants, nil for none.
func (g *grants) given(b *access.Binding) *rights {
	has := g.compiler.of(b.Rules)
	if has == nil || b.Wide() {
		return has
	}
	if has = has.within(); has.none() {
		return nil
	}
	return has
}

// group returns what a group is granted, nil for nothing.
func (g *grants) group(name string) *grantee {
	return g.grantees[access.Subject{Kind: rbacv1.GroupKind, Name: name}]
}

// common returns what every ServiceAccount of a namespace has, nil for nothing.
func (g *grants) common(namespace string) *grantee {
	return g.everybody.with(g.group(access.GroupServiceAccounts + ":" + namespace))
}

// account returns what a ServiceAccount has, by whatever group; nil for nothing.
func (g *grants) account(namespace, name string) *grantee {
	own := g.grantees[access.Subject{Kind: rbacv1.ServiceAccountKind, Namespace: namespace, Name: name}]
	return own.with(g.common(namespace))
}

// missing reports whether a ServiceAccount is known not to exist. In manifests the
// default one is implied.
func missing(c *kube.Cluster, s access.Subject) bool {
	implied := c.Info.Offline && s.Name == defaultAccount
	return !implied && !c.Has(kube.ServiceAccounts.Ref(s.Namespace, s.Name)) && access.Complete(c, kube.ServiceAccounts, s.Namespace)
}

// defaultAccount is the ServiceAccount that every namespace has.
const defaultAccount = "default"

// controlPlane is the namespace of the controllers that the server itself grants
// what they need.
const controlPlane = "kube-system"

// serverMade reports whether the server itself gives a subject what a binding
// grants: its label alone must not hide who was added. Members of system:masters
// have everything, whatever bindings say. What everybody is given counts unless it
// is [Harmless].
func serverMade(b *access.Binding, s access.Subject) bool {
	if s.Kind == rbacv1.GroupKind && s.Name == access.GroupMasters {
		return true
	}
	return b.Bootstrap && s.Bootstrap()
}

// ofPlatform reports whether a subject belongs to what the cluster is made of: it
// is in every namespace by its nature, and whoever runs a namespace cannot help
// it. The names that begin with "system:" are the server's, those with "kubeadm:"
// are made by the installer.
func ofPlatform(s access.Subject) bool {
	if s.Kind == rbacv1.ServiceAccountKind {
		return kube.Platform(s.Namespace)
	}
	if home := s.HomeNamespace(); home != "" {
		return kube.Platform(home)
	}
	return !s.Everybody() && (strings.HasPrefix(s.Name, "system:") || strings.HasPrefix(s.Name, "kubeadm:"))
}

// by returns the binding of a grantee that gives the worst of what it has in a
// namespace, the first of several; nil if none gives anything.
func (g *grants) by(one *grantee, namespace string) *access.Binding {
	var worst *access.Binding
	most, weight := None, -1
	for _, b := range one.bindings {
		if !b.Wide() && b.Ref.Namespace != namespace {
			continue
		}
		has := g.compiler.of(b.Rules)
		if d, tenths := has.danger(), has.tenths(); d > most || d == most && tenths > weight {
			worst, most, weight = b, d, tenths
		}
	}
	return worst
}
