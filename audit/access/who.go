package access

import (
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"
)

// Question asks who may do something of which parts may be left open.
type Question struct {
	Verb string
	// Resource is what it is done to; with a Path it means nothing.
	Resource    APIResource
	Subresource string
	// Namespaces are those to look into, none for all: then a grant in any
	// namespace counts. They mean nothing for what is in none.
	Namespaces []string
	// Name is the object's, "" for any: then a grant for single objects counts.
	Name string
	Path string
}

// Holding is a grant that answers a question, and how far it goes.
type Holding struct {
	Grant
	// Namespace is the one in which the grant counts, "" for all and for what is in
	// none.
	Namespace string
	// Names are the only objects that it is for, nil for all. For create they can be
	// had by server-side apply alone, for list and watch by a field selector.
	Names []string
}

// Who returns who may do what a question says: a holding for each subject of each
// binding that allows it, in the order of the index. Where the question leaves the
// name open, one rule for all objects is enough, and else each rule for single
// ones counts.
func (x *Index) Who(q Question) []Holding {
	var holdings []Holding
	for _, b := range x.Bindings {
		for _, h := range q.heldBy(b) {
			for _, s := range b.Subjects {
				h.Subject = s.Subject
				holdings = append(holdings, h)
			}
		}
	}
	return holdings
}

// Reaches reports whether a binding counts where the question looks, whatever its
// role allows.
func (q Question) Reaches(b *Binding) bool {
	_, _, ok := q.in(b)
	return ok
}

// heldBy returns how a binding answers the question, without subjects.
func (q Question) heldBy(b *Binding) []Holding {
	r, namespace, ok := q.in(b)
	if !ok {
		return nil
	}
	of := func(rule int, names []string) Holding {
		return Holding{Grant: Grant{Binding: b, Rule: rule}, Namespace: namespace, Names: names}
	}
	if rule, ok := b.Allows(r); ok {
		var names []string
		if q.itself(b) {
			names = []string{r.Name}
		}
		return []Holding{of(rule, names)}
	}
	if q.Name != "" || q.Path != "" || !q.nameable() {
		return nil
	}
	var single []Holding
	for i := range b.Rules {
		rule := &b.Rules[i]
		names := rule.ResourceNames
		if q.itself(b) {
			names = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name != r.Name })
		}
		if len(names) > 0 && allowsNamed(rule, r) {
			single = append(single, of(i, names))
		}
	}
	return single
}

// in returns the request that the question is where a binding counts, and the
// namespace in which it does; false if it counts nowhere that was asked for.
func (q Question) in(b *Binding) (r Request, namespace string, ok bool) {
	if q.Path != "" {
		return Request{Verb: q.Verb, Path: q.Path}, "", b.Wide()
	}
	r = q.Resource.Request(q.Verb, q.Subresource, "", q.Name)
	if b.Wide() {
		return r, "", true
	}
	namespace = b.Ref.Namespace
	switch {
	case q.Resource.isNamespaces():
		if q.Name != "" && q.Name != namespace {
			return r, "", false
		}
		r = q.Resource.Request(q.Verb, q.Subresource, "", namespace)
	case q.Resource.Scope == OfCluster && !q.Resource.boundInNamespace(q.Verb):
		return r, "", false
	case len(q.Namespaces) > 0 && !slices.Contains(q.Namespaces, namespace):
		return r, "", false
	default:
		r.Namespace = namespace
	}
	return r, namespace, true
}

// itself reports whether a binding can answer only for the Namespace that it is in.
func (q Question) itself(b *Binding) bool {
	return q.Path == "" && q.Resource.isNamespaces() && !b.Wide()
}

// nameable reports whether a request of the verb can name an object.
func (q Question) nameable() bool { return q.Verb != "deletecollection" }

// allowsNamed reports whether a rule allows a request of some object that it
// names.
func allowsNamed(rule *rbacv1.PolicyRule, r Request) bool {
	r.Name = rule.ResourceNames[0]
	return Allows(rule, r)
}
