package access

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
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

// CompareSubjects orders ServiceAccounts by namespace and name, then users, then
// groups.
func CompareSubjects(a, b Subject) int {
	place := func(s Subject) int {
		return slices.Index([]string{rbacv1.ServiceAccountKind, rbacv1.UserKind, rbacv1.GroupKind}, s.Kind)
	}
	return cmp.Or(cmp.Compare(place(a), place(b)), strings.Compare(a.Namespace, b.Namespace), strings.Compare(a.Name, b.Name))
}

// ParseSubject reads a subject as people write it: "jane" and "user:jane" are users,
// "group:devs" is a group, "sa:ci/runner" and "system:serviceaccount:ci:runner" are a
// ServiceAccount. What begins with "system:" and is a group of the server is that
// group, and every other one a user. The error says which form is wrong.
func ParseSubject(text string) (Subject, error) {
	if text == "" {
		return Subject{}, errors.New("nobody is named")
	}
	if strings.HasPrefix(text, accountGroupPrefix) || slices.Contains(serverGroups(), text) {
		return Subject{rbacv1.GroupKind, "", text}, nil
	}
	kind, name, _ := strings.Cut(text, ":")
	switch kind {
	case "group", "user", "sa":
		if name == "" {
			return Subject{}, fmt.Errorf("%s has no name", text)
		}
	}
	switch kind {
	case "group":
		return Subject{rbacv1.GroupKind, "", name}, nil
	case "user":
		return userSubject(name), nil
	case "sa":
		namespace, account, _ := strings.Cut(name, "/")
		if namespace == "" || account == "" || strings.ContainsAny(name, ":") || strings.Contains(account, "/") {
			return Subject{}, fmt.Errorf("%s is no ServiceAccount: sa:NAMESPACE/NAME is", text)
		}
		return Subject{rbacv1.ServiceAccountKind, namespace, account}, nil
	}
	return userSubject(text), nil
}

// serverGroups returns the groups that the server itself, or its way of joining
// nodes, puts requesters in.
func serverGroups() []string {
	return []string{
		GroupMasters, GroupAuthenticated, GroupUnauthenticated, GroupServiceAccounts, groupNodes,
		"system:bootstrappers", "system:monitoring",
	}
}

// IdentityOf returns the identity of a subject, in the groups that the server puts it
// in and in others, which only an identity provider knows of.
func IdentityOf(s Subject, groups ...string) Identity {
	var id Identity
	switch s.Kind {
	case rbacv1.ServiceAccountKind:
		id = ServiceAccount(s.Namespace, s.Name)
	case rbacv1.GroupKind:
		id = Member(s.Name)
	default:
		id = User(s.Name)
		if _, ok := nodeOfUser(s.Name); ok {
			id.Groups = append(id.Groups, groupNodes)
		}
	}
	id.Groups = append(id.Groups, groups...)
	return id
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

// Bootstrap reports whether the subject is one of those to whom the API server makes
// grants of its own (plugin/pkg/auth/authorizer/rbac/bootstrappolicy), everybody aside:
// a ServiceAccount of kube-system, or a user or group whose name begins with "system:"
// and that is no ServiceAccount by another name.
// The label of a binding ([Binding.Bootstrap]) alone does not say that: somebody may
// have been added to it.
func (s Subject) Bootstrap() bool {
	if s.Kind == rbacv1.ServiceAccountKind {
		return s.Namespace == metav1.NamespaceSystem
	}
	return !s.Everybody() && strings.HasPrefix(s.Name, "system:") && !strings.HasPrefix(s.Name, "system:serviceaccount")
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
	Subject Subject // a User or a ServiceAccount; a Group for whom nothing else is known of
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

// Member returns the identity of somebody of whom nothing is known but a group: it
// has what everybody in it has.
func Member(group string) Identity {
	id := Identity{Subject: Subject{rbacv1.GroupKind, "", group}}
	switch {
	case group == GroupAuthenticated || group == GroupUnauthenticated:
	case strings.HasPrefix(group, accountGroupPrefix):
		id.Groups = []string{GroupServiceAccounts, GroupAuthenticated}
	default:
		id.Groups = []string{GroupAuthenticated}
	}
	return id
}

// Masters reports whether the identity is in system:masters, which the server lets
// do everything before it looks at any rule: no answer about rules holds for it.
func (id Identity) Masters() bool {
	return slices.Contains(id.Groups, GroupMasters) || id.Subject == Subject{rbacv1.GroupKind, "", GroupMasters}
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
