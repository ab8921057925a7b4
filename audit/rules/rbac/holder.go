package rbac

import (
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
)

// holder is who holds a part of a power by a binding, and is asked for the rest.
// Without a subject it is whoever is bound: only the role itself can have it then.
type holder struct {
	binding *access.Binding
	who     access.Subject
	shared  *bindings     // nil without a subject
	index   *access.Index // nil without a subject
}

// completion is what a power took besides the rule of the role.
type completion struct {
	// namespace is where the power comes to bear if that is less than what the
	// binding grants: one namespace instead of the cluster. "" elsewhere.
	namespace string
	// atMost bounds the severity where the holder has less than it could be; 0
	// elsewhere.
	atMost audit.Severity
	// because says by what else the subject holds the power, as a sentence with
	// a space before it; "" if it is in the role itself.
	because string
}

// completed adds to a holding what it took.
func (h holding) completed(done completion) holding {
	h.completion = done
	if done.atMost > 0 {
		h.severity = min(h.severity, done.atMost)
	}
	if done.namespace != "" {
		h.severity = min(h.severity, h.power.severityIn(scopeIn(done.namespace), h.power.severity))
	}
	return h
}

// identity is who a subject is for the authorizer: of a group any member, of
// which no more is known than that.
func identity(s access.Subject) access.Identity {
	switch s.Kind {
	case rbacv1.ServiceAccountKind:
		return access.ServiceAccount(s.Namespace, s.Name)
	case rbacv1.UserKind:
		return access.User(s.Name)
	}
	id := access.Identity{Subject: s}
	switch {
	case s.Name == access.GroupUnauthenticated:
		return id
	case s.HomeNamespace() != "":
		id.Groups = append(id.Groups, access.GroupServiceAccounts)
	}
	id.Groups = append(id.Groups, access.GroupAuthenticated)
	return id
}

// others are the further bindings that reach the holder.
func (h holder) others(yield func(*access.Binding) bool) {
	if h.index == nil {
		return
	}
	for _, b := range h.index.GrantsOf(identity(h.who)) {
		if b != h.binding && !yield(b) {
			return
		}
	}
}

// may reports whether the holder may do one of some requests where the binding
// grants: in its namespace, or for a ClusterRoleBinding in all. Where only one
// namespace can be had, the completion names it. The requests are about what is
// in namespaces, and leave the namespace to the holder.
func (h holder) may(requests ...access.Request) (completion, bool) {
	return h.mayWhere(func(string) bool { return true }, requests...)
}

// mayWhere is may where a single namespace has to be one of some.
func (h holder) mayWhere(counts func(namespace string) bool, requests ...access.Request) (completion, bool) {
	if _, ok := allowed(h.binding, h.binding.Ref.Namespace, requests); ok {
		return completion{}, true
	}
	partly, found := completion{}, false
	for b := range h.others {
		namespace := h.binding.Ref.Namespace
		if namespace == "" {
			namespace = b.Ref.Namespace
		}
		r, ok := allowed(b, namespace, requests)
		if !ok {
			continue
		}
		done := completion{because: because(b, r)}
		if b.Wide() || !h.binding.Wide() {
			return done, true
		}
		done.namespace = namespace
		if counts(namespace) && (!found || partly.namespace != controlPlane && namespace == controlPlane) {
			partly, found = done, true
		}
	}
	return partly, found
}

// mayInCluster is may for what is in no namespace.
func (h holder) mayInCluster(requests ...access.Request) (completion, bool) {
	if h.binding.Wide() {
		if _, ok := allowed(h.binding, "", requests); ok {
			return completion{}, true
		}
	}
	for b := range h.others {
		if !b.Wide() {
			continue
		}
		if r, ok := allowed(b, "", requests); ok {
			return completion{because: because(b, r)}, true
		}
	}
	return completion{}, false
}

// allowed returns the first of some requests that a binding grants in a namespace.
func allowed(b *access.Binding, namespace string, requests []access.Request) (access.Request, bool) {
	i := slices.IndexFunc(requests, func(r access.Request) bool {
		r.Namespace = namespace
		_, ok := b.Allows(r)
		return ok
	})
	if i < 0 {
		return access.Request{}, false
	}
	return requests[i], true
}

// because says which other binding allows a request.
func because(b *access.Binding, r access.Request) string {
	resource := r.Resource
	if r.Subresource != "" {
		resource += "/" + r.Subresource
	}
	return " The right to " + r.Verb + " " + resource + " comes from " + b.Ref.String() + "."
}

// and joins what two parts of a power took; false if they are had in different
// namespaces.
func (c completion) and(other completion) (completion, bool) {
	if c.namespace != "" && other.namespace != "" && c.namespace != other.namespace {
		return completion{}, false
	}
	if c.namespace == "" {
		c.namespace = other.namespace
	}
	if c.atMost == 0 || other.atMost > 0 && other.atMost < c.atMost {
		c.atMost = other.atMost
	}
	if c.because != other.because {
		c.because += other.because
	}
	return c, true
}

// unread returns a binding of the holder of whose role nothing is known, so that
// it may have what is missing; nil if there is none.
func (h holder) unread() *access.Binding {
	for b := range h.others {
		if b.Resolution == access.Unread {
			return b
		}
	}
	return nil
}

// requests returns one for each of some verbs on a resource of any name.
func requests(group, resource, subresource string, verbs ...string) []access.Request {
	all := make([]access.Request, len(verbs))
	for i, verb := range verbs {
		all[i] = access.Request{Verb: verb, Group: group, Resource: resource, Subresource: subresource}
	}
	return all
}
