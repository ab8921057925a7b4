package access

import (
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
)

// The names that the API server gives ServiceAccounts and the groups that it
// puts requesters in (k8s.io/apiserver/pkg/authentication/user and
// serviceaccount).
const (
	// GroupMasters is let through before any rule is looked at.
	GroupMasters = "system:masters"
	// GroupAuthenticated has everybody who proved who they are.
	GroupAuthenticated = "system:authenticated"
	// GroupUnauthenticated has everybody else.
	GroupUnauthenticated = "system:unauthenticated"
	// GroupServiceAccounts has every ServiceAccount of the cluster.
	GroupServiceAccounts = "system:serviceaccounts"
	// UserAnonymous is the name of who did not say who they are.
	UserAnonymous = "system:anonymous"

	accountUserPrefix  = "system:serviceaccount:"
	accountGroupPrefix = GroupServiceAccounts + ":"
)

// Subject is who a binding gives its role to, in one form for each: a User that
// names a ServiceAccount is that ServiceAccount.
type Subject struct {
	Kind      string // rbacv1.UserKind, GroupKind or ServiceAccountKind
	Namespace string // of a ServiceAccount, "" otherwise
	Name      string
}

// SubjectOf returns a subject as the authorizer reads it. Namespace is that of
// the binding: a ServiceAccount without one lives there. In a
// ClusterRoleBinding, where it is "", such a subject is nobody; false then, and
// for a kind that RBAC does not know.
func SubjectOf(s rbacv1.Subject, namespace string) (Subject, bool) {
	switch s.Kind {
	case rbacv1.ServiceAccountKind:
		if s.Namespace != "" {
			namespace = s.Namespace
		}
		return Subject{s.Kind, namespace, s.Name}, namespace != ""
	case rbacv1.UserKind:
		if of, name, ok := accountOfUser(s.Name); ok {
			return Subject{rbacv1.ServiceAccountKind, of, name}, true
		}
		return Subject{s.Kind, "", s.Name}, true
	case rbacv1.GroupKind:
		return Subject{s.Kind, "", s.Name}, true
	}
	return Subject{}, false
}

func accountOfUser(user string) (namespace, name string, ok bool) {
	rest, ok := strings.CutPrefix(user, accountUserPrefix)
	if !ok {
		return "", "", false
	}
	namespace, name, ok = strings.Cut(rest, ":")
	return namespace, name, ok && namespace != "" && name != "" && !strings.Contains(name, ":")
}

// String returns "ServiceAccount ci/runner", "Group ops" or "User jane".
func (s Subject) String() string {
	if s.Namespace != "" {
		return s.Kind + " " + s.Namespace + "/" + s.Name
	}
	return s.Kind + " " + s.Name
}

// HomeNamespace returns the namespace whose ServiceAccounts the subject is: one
// of them, or the group of them all. It is "" for everybody else.
func (s Subject) HomeNamespace() string {
	if s.Kind == rbacv1.ServiceAccountKind {
		return s.Namespace
	}
	if s.Kind == rbacv1.GroupKind {
		if of, ok := strings.CutPrefix(s.Name, accountGroupPrefix); ok {
			return of
		}
	}
	return ""
}

// Everybody reports whether the subject is a group, or the anonymous user, that
// people and programs are in without anybody's decision.
func (s Subject) Everybody() bool {
	switch s.Kind {
	case rbacv1.GroupKind:
		return s.Name == GroupAuthenticated || s.Name == GroupUnauthenticated || s.Name == GroupServiceAccounts
	case rbacv1.UserKind:
		return s.Name == UserAnonymous
	}
	return false
}

// Identity is who asks: a subject and the groups it is in.
type Identity struct {
	Subject Subject // a User or a ServiceAccount
	Groups  []string
}

// ServiceAccount returns the identity of a ServiceAccount, in the groups that
// the server puts it in.
func ServiceAccount(namespace, name string) Identity {
	return Identity{
		Subject: Subject{rbacv1.ServiceAccountKind, namespace, name},
		Groups:  []string{GroupServiceAccounts, accountGroupPrefix + namespace, GroupAuthenticated},
	}
}

// User returns the identity of a user in groups, to which the server adds that
// of everybody who is authenticated, or, for the anonymous user, that of
// everybody who is not.
func User(name string, groups ...string) Identity {
	if namespace, account, ok := accountOfUser(name); ok {
		id := ServiceAccount(namespace, account)
		id.Groups = append(id.Groups, groups...)
		return id
	}
	implicit := GroupAuthenticated
	if name == UserAnonymous {
		implicit = GroupUnauthenticated
	}
	return Identity{
		Subject: Subject{rbacv1.UserKind, "", name},
		Groups:  append([]string{implicit}, groups...),
	}
}

// subjects yields the subjects by which a binding reaches the identity.
func (id Identity) subjects(yield func(Subject) bool) {
	if !yield(id.Subject) {
		return
	}
	for i, group := range id.Groups {
		if slices.Contains(id.Groups[:i], group) {
			continue
		}
		if !yield(Subject{rbacv1.GroupKind, "", group}) {
			return
		}
	}
}
