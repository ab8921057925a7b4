package access_test

import (
	"bytes"
	"context"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/component-helpers/auth/rbac/validation"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

func meta(namespace, name string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Namespace: namespace, Name: name}
}

func account(namespace, name string) rbacv1.Subject {
	return rbacv1.Subject{Kind: "ServiceAccount", Namespace: namespace, Name: name}
}

func group(name string) rbacv1.Subject { return rbacv1.Subject{Kind: "Group", Name: name} }

func user(name string) rbacv1.Subject { return rbacv1.Subject{Kind: "User", Name: name} }

func clusterRole(name string, rules ...rbacv1.PolicyRule) *rbacv1.ClusterRole {
	return &rbacv1.ClusterRole{ObjectMeta: meta("", name), Rules: rules}
}

func role(namespace, name string, rules ...rbacv1.PolicyRule) *rbacv1.Role {
	return &rbacv1.Role{ObjectMeta: meta(namespace, name), Rules: rules}
}

func clusterRoleBinding(name, role string, subjects ...rbacv1.Subject) *rbacv1.ClusterRoleBinding {
	return &rbacv1.ClusterRoleBinding{
		ObjectMeta: meta("", name), RoleRef: rbacv1.RoleRef{Kind: "ClusterRole", Name: role}, Subjects: subjects,
	}
}

func roleBinding(namespace, name, kind, role string, subjects ...rbacv1.Subject) *rbacv1.RoleBinding {
	return &rbacv1.RoleBinding{
		ObjectMeta: meta(namespace, name), RoleRef: rbacv1.RoleRef{Kind: kind, Name: role}, Subjects: subjects,
	}
}

// view returns a view of objects.
func view(t *testing.T, info kube.Info, objects ...kube.Object) *kube.Cluster {
	t.Helper()
	b := kube.NewBuilder(info)
	for _, o := range objects {
		var r kube.Resource
		switch o.(type) {
		case *corev1.Namespace:
			r = kube.Namespaces
		case *rbacv1.Role:
			r = kube.Roles
		case *rbacv1.ClusterRole:
			r = kube.ClusterRoles
		case *rbacv1.RoleBinding:
			r = kube.RoleBindings
		case *rbacv1.ClusterRoleBinding:
			r = kube.ClusterRoleBindings
		default:
			t.Fatalf("%T is not known here", o)
		}
		if err := b.Set(r, o); err != nil {
			t.Fatal(err)
		}
	}
	return b.Build(time.Unix(0, 0))
}

func get(resource, namespace string) access.Request {
	return access.Request{Verb: "get", Resource: resource, Namespace: namespace, Name: "x"}
}

func TestCan(t *testing.T) {
	t.Parallel()
	read := func(resource string) rbacv1.PolicyRule {
		return rule([]string{"get"}, []string{""}, []string{resource}, nil)
	}
	c := view(t, kube.Info{},
		clusterRole("reader", read("pods"), read("nodes"), urls("get", "/metrics")),
		role("a", "secret-reader", read("secrets")),
		role("b", "secret-reader", read("configmaps")),
		clusterRoleBinding("wide", "reader", account("a", "wide"), user("system:serviceaccount:a:named"), account("", "nobody")),
		clusterRoleBinding("masters", "gone", user("jane")),
		roleBinding("a", "narrow", "ClusterRole", "reader", account("b", "guest"), account("", "local"), user("*")),
		roleBinding("b", "secrets", "Role", "secret-reader", group("system:serviceaccounts:a"), user("system:anonymous")),
		roleBinding("c", "all", "ClusterRole", "reader", group("system:authenticated")),
		roleBinding("d", "not-here", "Role", "secret-reader", user("jane")),
	)
	sa := access.ServiceAccount
	for _, test := range []struct {
		name    string
		who     access.Identity
		request access.Request
		want    string // the binding, "" for none
	}{
		{"a cluster grant holds in a namespace", sa("a", "wide"), get("pods", "b"), "wide"},
		{"and of cluster-scoped objects", sa("a", "wide"), get("nodes", ""), "wide"},
		{"and of paths", sa("a", "wide"), access.Request{Verb: "get", Path: "/metrics"}, "wide"},
		{"a user may name a ServiceAccount", sa("a", "named"), get("nodes", ""), "wide"},
		{"a ServiceAccount is also a user", access.User("system:serviceaccount:a:wide"), get("nodes", ""), "wide"},
		{"a cluster grant to a ServiceAccount of no namespace", sa("", "nobody"), get("nodes", ""), ""},
		{"a namespaced grant holds there", sa("b", "guest"), get("pods", "a"), "narrow"},
		{"and nowhere else", sa("b", "guest"), get("pods", "b"), ""},
		{"nor in all namespaces", sa("b", "guest"), access.Request{Verb: "get", Resource: "pods"}, ""},
		{"nor of cluster-scoped objects", sa("b", "guest"), get("nodes", ""), ""},
		{"nor of paths", sa("b", "guest"), access.Request{Verb: "get", Path: "/metrics"}, ""},
		{"a ServiceAccount lives where the binding is", sa("a", "local"), get("pods", "a"), "narrow"},
		{"a star is no user", access.User("jane"), get("pods", "a"), ""},
		{"a Role is that of its namespace", sa("a", "any"), get("configmaps", "b"), "secrets"},
		{"not that of another", sa("a", "any"), get("secrets", "b"), ""},
		{"the group of another namespace", sa("b", "any"), get("configmaps", "b"), ""},
		{"the anonymous user", access.User("system:anonymous"), get("configmaps", "b"), "secrets"},
		{"who is not authenticated", access.User("system:anonymous"), get("pods", "c"), ""},
		{"everybody else is", access.User("jane"), get("pods", "c"), "all"},
		{"a ServiceAccount too", sa("z", "any"), get("pods", "c"), "all"},
		{"a role that does not exist", access.User("jane"), get("secrets", "d"), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			grant, ok := access.Of(c).Can(test.who, test.request)
			got := ""
			if ok {
				got = grant.Binding.Ref.Name
			}
			if got != test.want {
				t.Errorf("Can(%v, %+v) is granted by %q, want %q", test.who, test.request, got, test.want)
			}
		})
	}
}

// WhoCan and Can must tell the same story: whoever is named can, and whoever
// can is named, or in a group that is.
func TestWhoCanAgreesWithCan(t *testing.T) {
	t.Parallel()
	read := rule([]string{"get"}, []string{""}, []string{"pods"}, nil)
	c := view(t, kube.Info{},
		clusterRole("reader", read), role("a", "reader", read), role("b", "reader"),
		clusterRoleBinding("wide", "reader", account("a", "x")),
		roleBinding("a", "local", "Role", "reader", account("a", "y"), group("system:serviceaccounts:b")),
		roleBinding("b", "nothing", "Role", "reader", account("b", "z")),
	)
	x := access.Of(c)
	for _, namespace := range []string{"a", "b", ""} {
		request := get("pods", namespace)
		named := map[access.Subject]bool{}
		for grant := range x.WhoCan(request) {
			named[grant.Subject] = true
		}
		for _, in := range []string{"a", "b"} {
			for _, name := range []string{"x", "y", "z"} {
				id := access.ServiceAccount(in, name)
				want := named[id.Subject] || slices.ContainsFunc(id.Groups, func(g string) bool {
					return named[access.Subject{Kind: "Group", Name: g}]
				})
				if _, got := x.Can(id, request); got != want {
					t.Errorf("%s can get pods in %q: %v, but WhoCan says %v", id.Subject, namespace, got, want)
				}
			}
		}
	}
}

func TestResolution(t *testing.T) {
	t.Parallel()
	blind := func(t *testing.T, role string) *kube.Cluster {
		t.Helper()
		b := kube.NewBuilder(kube.Info{})
		if err := b.Set(kube.RoleBindings, roleBinding("a", "b", "ClusterRole", role, user("jane"))); err != nil {
			t.Fatal(err)
		}
		b.SetState(kube.State{Resource: kube.ClusterRoles, Phase: kube.Forbidden})
		return b.Build(time.Unix(0, 0))
	}
	offline := kube.Info{Offline: true}
	one := func(kind, role string) kube.Object { return roleBinding("a", "b", kind, role, user("jane")) }
	for _, test := range []struct {
		name string
		view *kube.Cluster
		want access.Resolution
	}{
		{"a live Role", view(t, kube.Info{}, one("Role", "r"), role("a", "r")), access.Resolved},
		{"a live Role of another namespace", view(t, kube.Info{}, one("Role", "r"), role("b", "r")), access.Missing},
		{"a live ClusterRole that is not there", view(t, kube.Info{}, one("ClusterRole", "edit")), access.Missing},
		{"ClusterRoles that may not be read", blind(t, "mine"), access.Unread},
		{"what every server has and may not be read", blind(t, "edit"), access.Resolved},
		{"a namespace that is not looked at", view(t, kube.Info{Scope: []string{"b"}}, one("Role", "r")), access.Unread},
		{"what every server has", view(t, offline, one("ClusterRole", "edit")), access.Resolved},
		{
			"a Role that every server has",
			view(t, offline, roleBinding("kube-system", "b", "Role", "extension-apiserver-authentication-reader", user("jane"))),
			access.Resolved,
		},
		{"one of its name elsewhere", view(t, offline, one("Role", "extension-apiserver-authentication-reader")), access.Unread},
		{"manifests without the ClusterRole", view(t, offline, one("ClusterRole", "mine")), access.Unread},
		{"manifests without the Role", view(t, offline, one("Role", "r")), access.Unread},
		{
			"manifests of a whole namespace without the Role",
			view(t, offline, one("Role", "r"), &corev1.Namespace{ObjectMeta: meta("", "a")}), access.Missing,
		},
		{
			"a ClusterRoleBinding cannot bind a Role",
			view(t, kube.Info{}, role("", "r"), &rbacv1.ClusterRoleBinding{
				ObjectMeta: meta("", "b"), RoleRef: rbacv1.RoleRef{Kind: "Role", Name: "r"},
			}), access.Missing,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := access.Of(test.view).Bindings[0].Resolution; got != test.want {
				t.Errorf("resolution = %d, want %d", got, test.want)
			}
		})
	}
}

func TestSubjectHomeNamespace(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		subject rbacv1.Subject
		want    string
		text    string
	}{
		{account("ci", "runner"), "ci", "ServiceAccount ci/runner"},
		{account("", "runner"), "here", "ServiceAccount here/runner"},
		{user("system:serviceaccount:ci:runner"), "ci", "ServiceAccount ci/runner"},
		{user("system:serviceaccount:ci"), "", "User system:serviceaccount:ci"},
		{user("system:serviceaccount:ci:a:b"), "", "User system:serviceaccount:ci:a:b"},
		{group("system:serviceaccounts:ci"), "ci", "Group system:serviceaccounts:ci"},
		{group("system:serviceaccounts"), "", "Group system:serviceaccounts"},
		{user("jane"), "", "User jane"},
	} {
		s, ok := access.SubjectOf(test.subject, "here")
		if !ok {
			t.Errorf("%v is nobody", test.subject)
		}
		if diff := cmp.Diff([]string{test.want, test.text}, []string{s.HomeNamespace(), s.String()}); diff != "" {
			t.Errorf("%v (-want +got):\n%s", test.subject, diff)
		}
	}
	if _, ok := access.SubjectOf(rbacv1.Subject{Kind: "Robot", Name: "r"}, "here"); ok {
		t.Error("a subject of an unknown kind is somebody")
	}
}

// What is said of the roles that every server has is no more than they grant,
// and on what decides about them it is all.
func TestBuiltInRolesAreThoseOfTheServer(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/defaults.yaml")
	if err != nil {
		t.Fatal(err)
	}
	source := manifest.New([]string{manifest.Stdin}, manifest.Options{Stdin: bytes.NewReader(text)})
	server, err := kube.Load(context.Background(), source, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"cluster-admin", "admin", "edit", "view", "system:auth-delegator"} {
		own := view(t, kube.Info{Offline: true}, clusterRoleBinding("b", name, user("jane")))
		rules := access.Of(own).Bindings[0].Rules
		stored, ok := server.ClusterRoles.Get("", name)
		if !ok {
			t.Fatalf("the defaults have no ClusterRole %s", name)
		}
		if _, more := validation.Covers(stored.Rules, rules); len(more) > 0 {
			t.Errorf("%s does not grant %v", name, more)
		}
		const rbac = "rbac.authorization.k8s.io"
		for _, r := range []access.Request{
			{Verb: "get", Resource: "secrets"},
			{Verb: "patch", Resource: "secrets"},
			{Verb: "create", Resource: "pods"},
			{Verb: "create", Resource: "pods", Subresource: "exec"},
			{Verb: "get", Resource: "pods", Subresource: "exec"},
			{Verb: "patch", Resource: "pods", Subresource: "ephemeralcontainers"},
			{Verb: "impersonate", Resource: "serviceaccounts"},
			{Verb: "create", Resource: "serviceaccounts", Subresource: "token"},
			{Verb: "patch", Group: rbac, Resource: "rolebindings"},
			{Verb: "bind", Group: rbac, Resource: "clusterroles"},
			{Verb: "create", Group: "apps", Resource: "deployments"},
			{Verb: "get", Resource: "nodes", Subresource: "proxy"},
			{Verb: "get", Path: "/metrics"},
		} {
			allows := func(rules []rbacv1.PolicyRule) bool {
				return slices.ContainsFunc(rules, func(rule rbacv1.PolicyRule) bool { return access.Allows(&rule, r) })
			}
			if got, want := allows(rules), allows(stored.Rules); got != want {
				t.Errorf("%s allows %+v: %v, want %v", name, r, got, want)
			}
		}
	}
}
