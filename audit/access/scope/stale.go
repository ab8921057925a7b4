package scope

import (
	"cmp"
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Stale is how much waits in a namespace for somebody to claim it: what bindings
// give to ServiceAccounts that do not exist, and bindings to roles that do not.
type Stale struct {
	Extent float64
	// Worst are the worst of them, two at the most.
	Worst []Leftover
	// Doubt is a ServiceAccount that bindings name and of which it is not known
	// whether it exists; zero if there is none.
	Doubt access.Subject
}

// Leftover is a ServiceAccount that is gone, or a binding to a role that is.
type Leftover struct {
	// Who does not exist; zero for a binding to a role that does not.
	Who access.Subject
	// Binding names who does not exist, the first of several, or refers to the role.
	Binding *access.Binding
	// Claimer can create the ServiceAccount and act as it, zero if nobody is known
	// to be able to.
	Claimer access.Subject
	Extent  float64
}

const (
	unclaimed = 0.2  // what counts of a grant that nobody is known to be able to claim
	roleGone  = 0.05 // a binding to a role that is gone: who makes another one needs its rights
)

func compareLeftovers(a, b Leftover) int {
	return cmp.Or(cmp.Compare(b.Extent, a.Extent), access.CompareSubjects(a.Who, b.Who), kube.CompareRefs(a.Binding.Ref, b.Binding.Ref))
}

// allDangling finds the bindings to roles that are gone, by the namespaces that
// they count in.
func (g *grants) allDangling() map[string][]*access.Binding {
	found := map[string][]*access.Binding{}
	for _, b := range g.index.Bindings {
		if b.Resolution != access.Missing {
			continue
		}
		for _, namespace := range g.concerned(b) {
			if namespace != everywhere {
				found[namespace] = append(found[namespace], b)
			}
		}
	}
	return found
}

// allStrays finds the ServiceAccounts whose namespace is gone, too, by the namespaces
// of the RoleBindings that name them.
func (m *measuring) allStrays() map[string][]*grantee {
	found := map[string][]*grantee{}
	for home, ghosts := range m.ghosts {
		if m.names[home] {
			continue
		}
		for _, one := range ghosts {
			for namespace := range one.in {
				found[namespace] = append(found[namespace], one)
			}
		}
	}
	return found
}

func (m *measuring) stale(namespace string) Stale {
	left, worst := 1.0, firsts[Leftover]{order: compareLeftovers}
	add := func(l Leftover) {
		left *= 1 - l.Extent
		if l.Extent > 0 {
			worst.add(l)
		}
	}
	for _, one := range slices.Concat(m.ghosts[namespace], bySubject(m.strays[namespace])) {
		if len(one.bindings) > 0 {
			add(m.leftover(one))
		}
	}
	for _, b := range m.dangling[namespace] {
		add(Leftover{Binding: b, Extent: roleGone})
	}
	return Stale{1 - left, worst.all, m.doubt(namespace)}
}

func (m *measuring) leftover(one *grantee) Leftover {
	l := Leftover{Who: one.who, Binding: one.bindings[0], Extent: unclaimed * m.worst(one).extent()}
	if claimer := m.claimer(one.who.Namespace); claimer != nil {
		l.Claimer, l.Extent = claimer.who, m.worst(one).extent()
	}
	return l
}

func bySubject(list []*grantee) []*grantee {
	return slices.SortedFunc(slices.Values(list), func(a, b *grantee) int { return access.CompareSubjects(a.who, b.who) })
}

// worst returns the worst that a grantee has anywhere.
func (m *measuring) worst(one *grantee) Danger {
	worst := one.wide.danger()
	for namespace := range one.in {
		worst = max(worst, one.rights(namespace).danger())
	}
	return worst
}

// claimer returns the first who can create ServiceAccounts of a namespace and act
// as them; nil if nobody can. A namespace that is gone takes creating, too.
func (m *measuring) claimer(namespace string) *grantee {
	if one, known := m.claimers[namespace]; known {
		return one
	}
	u := atoms()
	m.claimers[namespace] = nil
	for _, one := range m.order {
		if ofPlatform(one.who) || one.wide == nil && one.in[namespace] == nil {
			continue
		}
		whole := one
		if one.who.Kind == rbacv1.ServiceAccountKind {
			if missing(m.view, one.who) {
				continue
			}
			whole = one.with(m.common(one.who.Namespace))
		}
		has := whole.rights(namespace)
		if has.may(u.createsAccounts) && has.may(u.actsAsAccounts) && (m.names[namespace] || has.may(u.createsNamespaces)) {
			m.claimers[namespace] = one
			break
		}
	}
	return m.claimers[namespace]
}

func createsAccounts(r access.Request) bool {
	return r.Verb == "create" && r.Resource == "serviceaccounts" && r.Group == "" && r.Subresource == ""
}

func createsNamespaces(r access.Request) bool {
	return r.Verb == "create" && r.Resource == "namespaces" && r.Group == "" && r.Subresource == ""
}

// actsAsAccounts reports whether who may do something acts as any ServiceAccount
// of the namespace: by its token, or by a pod.
func actsAsAccounts(r access.Request) bool {
	if r.Group == "" && r.Resource == "serviceaccounts" {
		return r.Verb == "create" && r.Subresource == "token" || r.Verb == "impersonate"
	}
	return r.Verb == "create" && r.Subresource == "" && slices.ContainsFunc(kube.WorkloadResources(), func(runner kube.Resource) bool {
		return r.Group == runner.Group && r.Resource == runner.Plural
	})
}

// doubt returns a ServiceAccount of a namespace that bindings name and of which it
// is not known whether it exists.
func (m *measuring) doubt(namespace string) access.Subject {
	for _, one := range m.resident[namespace] {
		known := m.view.Has(kube.ServiceAccounts.Ref(namespace, one.who.Name)) || m.view.Info.Offline && one.who.Name == defaultAccount
		if !known {
			return one.who
		}
	}
	return access.Subject{}
}
