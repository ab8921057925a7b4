package access

import (
	"iter"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Index holds every binding of a view, resolved, and finds those of a subject.
type Index struct {
	// Bindings are the ClusterRoleBindings, then the RoleBindings, each by
	// namespace and name. The caller must not change them.
	Bindings []*Binding

	bySubject map[Subject][]*Binding
}

// index needs Namespaces for [Complete].
var index = kube.Derive(newIndex).From(Resources()...)

// Resources returns the resources on which the answers of an [Index] depend.
func Resources() []kube.Resource {
	return []kube.Resource{kube.Roles, kube.RoleBindings, kube.ClusterRoles, kube.ClusterRoleBindings, kube.Namespaces}
}

// Of returns the index of a view. It is made once for each view.
func Of(c *kube.Cluster) *Index { return index.Of(c) }

func newIndex(c *kube.Cluster) *Index {
	x := &Index{bySubject: map[Subject][]*Binding{}}
	for o := range c.ClusterRoleBindings.All() {
		x.add(bind(c, kube.ClusterRoleBindings, o, o.RoleRef, o.Subjects))
	}
	for o := range c.RoleBindings.All() {
		x.add(bind(c, kube.RoleBindings, o, o.RoleRef, o.Subjects))
	}
	return x
}

func (x *Index) add(b *Binding) {
	x.Bindings = append(x.Bindings, b)
	for _, s := range b.Subjects {
		of := x.bySubject[s.Subject]
		if len(of) > 0 && of[len(of)-1] == b {
			continue // listed twice
		}
		x.bySubject[s.Subject] = append(of, b)
	}
}

// GrantsOf yields each binding that reaches an identity, by its name or by a
// group, with the subject by which it does; a binding may come more than once.
func (x *Index) GrantsOf(id Identity) iter.Seq2[Subject, *Binding] {
	return func(yield func(Subject, *Binding) bool) {
		for s := range id.subjects {
			for _, b := range x.bySubject[s] {
				if !yield(s, b) {
					return
				}
			}
		}
	}
}

// Grant is why a request is allowed: a binding, the subject by which it reaches
// the requester, and the index of the rule of its role.
type Grant struct {
	Binding *Binding
	Subject Subject
	Rule    int
}

// Can returns a grant by which an identity may do a request, false if no
// binding of the view has one.
func (x *Index) Can(id Identity, r Request) (Grant, bool) {
	for s, b := range x.GrantsOf(id) {
		if rule, ok := b.Allows(r); ok {
			return Grant{b, s, rule}, true
		}
	}
	return Grant{}, false
}

// WhoCan yields a grant for each subject of each binding that allows a request.
func (x *Index) WhoCan(r Request) iter.Seq[Grant] {
	return func(yield func(Grant) bool) {
		for _, b := range x.Bindings {
			rule, ok := b.Allows(r)
			if !ok {
				continue
			}
			for _, s := range b.Subjects {
				if !yield(Grant{b, s.Subject, rule}) {
					return
				}
			}
		}
	}
}
