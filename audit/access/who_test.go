package access_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

func TestWho(t *testing.T) {
	t.Parallel()
	c := view(t, kube.Info{},
		clusterRole("reader", allow("", list("get", "list", "create"), list("pods")), urls("get", "/metrics")),
		clusterRole("one", allow("", list("get", "deletecollection"), list("pods"), "x"), allow("", list("get"), list("pods"), "y", "z")),
		clusterRole("keeper", allow("", list("*"), list("namespaces", "nodes"))),
		clusterRole("binder", allow(rbacGroup, list("bind", "get"), list("clusterroles"))),
		clusterRoleBinding("wide", "reader", user("wide")),
		roleBinding("a", "narrow", "ClusterRole", "reader", user("narrow")),
		roleBinding("a", "one", "ClusterRole", "one", user("one")),
		roleBinding("b", "keeper", "ClusterRole", "keeper", user("keeper")),
		roleBinding("b", "binder", "ClusterRole", "binder", user("binder")),
	)
	for _, test := range []struct {
		verb, resource, name string
		namespaces           []string
		want                 []string
	}{
		{"get", "pods", "", nil, []string{"wide", "narrow in a", "one in a only [x]", "one in a only [y z]"}},
		{"get", "pods", "y", nil, []string{"wide", "narrow in a", "one in a"}},
		{"get", "pods", "", []string{"b"}, []string{"wide"}},
		{"list", "pods", "", []string{"a", "b"}, []string{"wide", "narrow in a"}},
		{"deletecollection", "pods", "", nil, nil},
		{"get", "nodes", "", nil, nil},
		{"delete", "namespaces", "", nil, []string{"keeper in b only [b]"}},
		{"delete", "namespaces", "b", nil, []string{"keeper in b only [b]"}},
		{"delete", "namespaces", "a", nil, nil},
		{"list", "namespaces", "", nil, nil},
		{"bind", "clusterroles", "", nil, []string{"binder in b"}},
		{"get", "clusterroles", "", nil, nil},
		{"get", "/metrics", "", nil, []string{"wide"}},
	} {
		q := access.Question{Verb: test.verb, Name: test.name, Namespaces: test.namespaces}
		if strings.HasPrefix(test.resource, "/") {
			q.Path = test.resource
		} else {
			q.Resource = kindNamed(t, test.resource)
		}
		var got []string
		for _, h := range access.Of(c).Who(q) {
			text := h.Subject.Name
			if h.Namespace != "" {
				text += " in " + h.Namespace
			}
			if len(h.Names) > 0 {
				text += fmt.Sprint(" only ", h.Names)
			}
			got = append(got, text)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s %s %q in %v (-want +got):\n%s", test.verb, test.resource, test.name, test.namespaces, diff)
		}
	}
}

func TestRights(t *testing.T) {
	t.Parallel()
	c := view(t, kube.Info{},
		clusterRole("reader", allow("", list("list", "get", "get"), list("pods", "pods/*", "nodes", "namespaces")), urls("get", "/metrics")),
		role("a", "same", allow("", list("get", "list"), list("pods")), allow("apps", list("*", "get"), list("deployments"), "y", "x")),
		roleBinding("a", "reader", "ClusterRole", "reader", group("devs")),
		roleBinding("a", "same", "Role", "same", user("jane")),
		clusterRoleBinding("wide", "reader", user("jane"), group("devs")),
	)
	var got []string
	for _, r := range access.Rights(c, access.User("jane", "devs")) {
		text := fmt.Sprintf("%s|%s%s%s|%s|%s|", r.Namespace, r.Group, "/"+r.Resource, r.Path, strings.Join(r.Names, ","), strings.Join(r.Verbs, ","))
		for _, g := range r.Grants {
			text += fmt.Sprintf(" %s:%d", g.Binding.Ref.Name, g.Rule)
		}
		if r.Effect != access.Effective {
			text += fmt.Sprintf(" void %d", r.Effect)
		}
		got = append(got, text)
	}
	want := []string{
		"|/namespaces||get,list| wide:0", "|/nodes||get,list| wide:0", "|/pods||get,list| wide:0", "|/pods/*||get,list| wide:0 void 2",
		"|//metrics||get| wide:1",
		"a|/namespaces||get,list| reader:0", "a|/nodes||get,list| reader:0 void 1", "a|/pods||get,list| reader:0 same:0",
		"a|/pods/*||get,list| reader:0 void 2", "a|apps/deployments|x,y|*| same:1", "a|//metrics||get| reader:1 void 1",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rights (-want +got):\n%s", diff)
	}
	if rights := access.Rights(c, access.User("joe")); rights != nil {
		t.Errorf("joe has %v", rights)
	}
}

// What a right says is what the evaluator allows, and nothing is allowed that no
// right says.
func TestRightsAgreeWithCan(t *testing.T) {
	t.Parallel()
	allowed, asked := 0, 0
	for number := range uint64(400) {
		g := newGenerator(wide(), 7, number)
		w := g.world()
		c := w.view(t)
		for range 10 {
			q := g.plain(w)
			id := access.Identity{Subject: userSubject(q.User), Groups: q.Groups}
			r := access.Request{Verb: q.Verb, Group: q.APIGroup, Resource: q.Resource, Subresource: q.Subresource, Namespace: q.Namespace, Name: q.Name, Path: q.Path}
			_, want := access.Of(c).Can(id, r)
			got := false
			for _, right := range access.Rights(c, id) {
				got = got || says(right, r)
			}
			if got != want {
				t.Fatalf("world %d: %+v of %+v: the rights say %v, want %v", number, r, id, got, want)
			}
			asked++
			if want {
				allowed++
			}
		}
	}
	if allowed < asked/10 {
		t.Errorf("%d of %d are allowed: the sample proves little", allowed, asked)
	}
}

// says reports whether a right is one to do a request.
func says(right access.Right, r access.Request) bool {
	if right.Namespace != "" && (r.Path != "" || right.Namespace != r.Namespace) {
		return false
	}
	rule := rbacv1.PolicyRule{Verbs: right.Verbs, ResourceNames: right.Names}
	if right.Path != "" {
		rule.NonResourceURLs = list(right.Path)
	} else {
		rule.APIGroups, rule.Resources = list(right.Group), list(right.Resource)
	}
	return access.Allows(&rule, r)
}

func labelled(o *rbacv1.ClusterRole, label string) *rbacv1.ClusterRole {
	o.Labels = map[string]string{label: "true"}
	return o
}

func aggregating(o *rbacv1.ClusterRole, labels ...string) *rbacv1.ClusterRole {
	o.AggregationRule = &rbacv1.AggregationRule{}
	for _, label := range labels {
		o.AggregationRule.ClusterRoleSelectors = append(o.AggregationRule.ClusterRoleSelectors,
			metav1.LabelSelector{MatchLabels: map[string]string{label: "true"}})
	}
	return o
}

func TestAggregation(t *testing.T) {
	t.Parallel()
	pods, secrets, nodes := allow("", list("get"), list("pods")), allow("", list("get"), list("secrets")), allow("", list("get"), list("nodes"))
	stored := aggregating(clusterRole("admin", pods, secrets, nodes), "to-admin", "to-more")
	c := view(t, kube.Info{},
		stored,
		labelled(aggregating(clusterRole("edit", pods), "to-edit", "to-admin"), "to-admin"),
		labelled(clusterRole("pods-edit", pods), "to-edit"),
		labelled(clusterRole("secrets-admin", secrets, pods), "to-admin"),
		labelled(clusterRole("more", allow("", list("get"), list("configmaps"))), "to-more"),
	)
	for i, want := range [][]string{{"pods-edit", "secrets-admin"}, {"secrets-admin"}, nil, nil} {
		if diff := cmp.Diff(want, access.Sources(c, "admin", i)); diff != "" {
			t.Errorf("sources of rule %d (-want +got):\n%s", i, diff)
		}
	}
	if got := access.Sources(c, "pods-edit", 0); got != nil {
		t.Errorf("a role that is not aggregated has %v", got)
	}
	want := []rbacv1.PolicyRule{pods, secrets, allow("", list("get"), list("configmaps"))}
	if diff := cmp.Diff(want, access.Gathered(c, stored)); diff != "" {
		t.Errorf("gathered (-want +got):\n%s", diff)
	}
}

func TestMembers(t *testing.T) {
	t.Parallel()
	b := kube.NewBuilder(kube.Info{})
	for _, ref := range []string{"a/x", "a/y", "b/x"} {
		namespace, name, _ := strings.Cut(ref, "/")
		if err := b.Set(kube.ServiceAccounts, &corev1.ServiceAccount{ObjectMeta: meta(namespace, name)}); err != nil {
			t.Fatal(err)
		}
	}
	b.SetState(kube.State{Resource: kube.Roles, Phase: kube.Forbidden, Verb: "list", Reason: "no"})
	b.SetState(kube.State{Resource: kube.RoleBindings, Phase: kube.Skipped})
	c := b.Build(metav1.Unix(0, 0).Time)
	for text, want := range map[string]int{
		"sa:a/x": 1, "system:serviceaccounts:a": 2, "system:serviceaccounts": 3, "system:authenticated": 3,
		"group:devs": 0, "jane": 0, "system:serviceaccounts:none": 0,
	} {
		s, err := access.ParseSubject(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := access.Members(c, s); len(got) != want {
			t.Errorf("%s has the members %v, want %d", text, got, want)
		}
	}
	if got := fmt.Sprint(access.Subjects(c)); got != "[ServiceAccount a/x ServiceAccount a/y ServiceAccount b/x]" {
		t.Errorf("subjects are %s", got)
	}
	unseen := access.UnseenOf(c)
	if unseen.None() || len(unseen.States) != 1 || unseen.States[0].Resource != kube.Roles {
		t.Errorf("unseen is %+v", unseen)
	}
}
