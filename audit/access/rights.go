package access

import (
	"cmp"
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Right is what rules let an identity do with one resource, or one path, in one
// scope.
type Right struct {
	// Namespace is the one in which the right counts, "" for everywhere.
	Namespace string
	// Group and Resource are as the rule has them, the resource with its subresource:
	// either may be "*". Resource is "" for a path.
	Group, Resource string
	// Names are the only objects that it is for, sorted; nil for all.
	Names []string
	Path  string // "" for a resource
	// Verbs are sorted, those of reading first.
	Verbs []string
	// Grants are all the rules that give just this, by binding.
	Grants []Grant
	Effect Effect
}

// Effect is what keeps a rule from granting anything where it is bound.
type Effect int

// The effects of a part of a rule.
const (
	// Effective means that it grants what it says.
	Effective Effect = iota
	// OutOfScope means that a RoleBinding cannot grant it: a path, or a resource
	// that is in no namespace.
	OutOfScope
	// NoResource means that it matches nothing that can be asked for: "pods/*".
	NoResource
)

// Rights returns everything that an identity may do by the bindings of a view: what
// counts everywhere first, then by namespace, group and resource. Rules that give the
// same are one right with several grants. Rights without effect are among them: that
// a rule grants nothing is worth knowing. It is nil for an identity that no binding
// reaches; that of a member of system:masters says nothing.
func Rights(c *kube.Cluster, id Identity) []Right {
	byKey := map[string]*Right{}
	var rights []*Right
	seen := map[*Binding]bool{}
	for s, b := range Of(c).GrantsOf(id) {
		if seen[b] {
			continue
		}
		seen[b] = true
		for i := range b.Rules {
			for _, r := range rightsOf(c, b, i) {
				key := r.key()
				known, ok := byKey[key]
				if !ok {
					known = &r
					byKey[key] = known
					rights = append(rights, known)
				}
				known.Grants = append(known.Grants, Grant{b, s, i})
			}
		}
	}
	if len(rights) == 0 {
		return nil
	}
	slices.SortFunc(rights, compareRights)
	sorted := make([]Right, len(rights))
	for i, r := range rights {
		slices.SortStableFunc(r.Grants, func(a, b Grant) int {
			return cmp.Or(kube.CompareRefs(a.Binding.Ref, b.Binding.Ref), cmp.Compare(a.Rule, b.Rule))
		})
		sorted[i] = *r
	}
	return sorted
}

// rightsOf takes a rule of a binding apart, without grants.
func rightsOf(c *kube.Cluster, b *Binding, rule int) []Right {
	p := &b.Rules[rule]
	base := Right{Namespace: b.Ref.Namespace, Verbs: sortedVerbs(p.Verbs)}
	var rights []Right
	for _, path := range p.NonResourceURLs {
		r := base
		r.Path = path
		if !b.Wide() {
			r.Effect = OutOfScope
		}
		rights = append(rights, r)
	}
	base.Names = slices.Clone(p.ResourceNames)
	slices.Sort(base.Names)
	base.Names = slices.Compact(base.Names)
	for _, group := range p.APIGroups {
		for _, resource := range p.Resources {
			r := base
			r.Group, r.Resource = group, resource
			r.Effect = effectOf(c, b, p, r)
			rights = append(rights, r)
		}
	}
	return rights
}

// effectOf returns whether a right to a resource has an effect.
func effectOf(c *kube.Cluster, b *Binding, rule *rbacv1.PolicyRule, r Right) Effect {
	plural, subresource, divided := strings.Cut(r.Resource, "/")
	// Of userextras all are asked for at once, where somebody wants many.
	if plural == "" || divided && (subresource == "" || subresource == all && plural != "userextras") {
		return NoResource
	}
	if b.Wide() || plural == all || r.Group == all {
		return Effective
	}
	i := slices.IndexFunc(APIResources(c), func(a APIResource) bool { return a.Group == r.Group && a.Plural == plural })
	if i < 0 || APIResources(c)[i].grantedIn(b.Ref.Namespace, rule) {
		return Effective
	}
	return OutOfScope
}

// grantedIn reports whether a RoleBinding in a namespace can grant anything of the
// resource by a rule.
func (r APIResource) grantedIn(namespace string, rule *rbacv1.PolicyRule) bool {
	if r.Scope != OfCluster {
		return true
	}
	return slices.ContainsFunc(rule.Verbs, func(verb string) bool {
		if r.boundInNamespace(verb) || verb == all && r.boundInNamespace("bind") {
			return true
		}
		return r.isNamespaces() && !collective(verb) && allowsName(rule.ResourceNames, namespace)
	})
}

func (r *Right) key() string {
	return strings.Join([]string{
		r.Namespace, r.Group, r.Resource, r.Path, strings.Join(r.Names, "\x01"), strings.Join(r.Verbs, "\x01"),
	}, "\x00")
}

func compareRights(a, b *Right) int {
	return cmp.Or(
		strings.Compare(a.Namespace, b.Namespace),
		cmp.Compare(kindOfRight(a), kindOfRight(b)),
		strings.Compare(a.Group, b.Group),
		strings.Compare(a.Resource, b.Resource),
		strings.Compare(a.Path, b.Path),
		slices.Compare(a.Names, b.Names),
		slices.Compare(a.Verbs, b.Verbs),
	)
}

// kindOfRight sorts resources before paths.
func kindOfRight(r *Right) int {
	if r.Path != "" {
		return 1
	}
	return 0
}

// Verbs returns the verbs that the server asks for of resources, those of reading
// first. Others are asked for by few resources, and may be anything
// (kubernetes.io/docs/reference/access-authn-authz/authorization).
func Verbs() []string {
	return []string{
		"get", "list", "watch", "create", "update", "patch", "delete", "deletecollection",
		"bind", "escalate", "impersonate", "approve", "sign", "attest", "use",
	}
}

// VerbNamed reports whether a verb is one of [Verbs], an HTTP method as paths are asked
// with, or named by a rule of the view: any other is allowed by "*" alone.
func VerbNamed(c *kube.Cluster, verb string) bool {
	methods := []string{"post", "put", "head", "options", all}
	if slices.Contains(Verbs(), verb) || slices.Contains(methods, verb) {
		return true
	}
	for rule := range rulesIn(c) {
		if slices.Contains(rule.Verbs, verb) {
			return true
		}
	}
	return false
}

// sortedVerbs sorts verbs as [Verbs] does, others behind, each once. "*" takes the
// place of all.
func sortedVerbs(verbs []string) []string {
	if slices.Contains(verbs, all) {
		return []string{all}
	}
	sorted := slices.Clone(verbs)
	order := Verbs()
	place := func(v string) int {
		if i := slices.Index(order, v); i >= 0 {
			return i
		}
		return len(order)
	}
	slices.SortFunc(sorted, func(a, b string) int { return cmp.Or(cmp.Compare(place(a), place(b)), strings.Compare(a, b)) })
	return slices.Compact(sorted)
}
