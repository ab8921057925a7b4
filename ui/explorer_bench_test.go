package ui_test

import (
	"fmt"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
	pods "github.com/seaworthy-dev/seaworthy/kube/kubetest/fleet"
)

// crowd is a fleet of 150,000 pods with 20,000 RoleBindings more, each of a role and
// to a ServiceAccount of its own. One in a hundred is to be cluster-admin in a few
// steps.
func crowd(b *testing.B, count, bindings int) *kube.Builder {
	b.Helper()
	f := pods.Of(count)
	builder, err := f.Builder()
	if err != nil {
		b.Fatal(err)
	}
	set := func(r kube.Resource, o kube.Object) {
		if err := builder.Set(r, o); err != nil {
			b.Fatal(err)
		}
	}
	rules := [][]rbacv1.PolicyRule{
		{{APIGroups: []string{""}, Resources: []string{"secrets", "configmaps"}, Verbs: []string{"get", "list"}}},
		{{APIGroups: []string{"apps"}, Resources: []string{"deployments"}, Verbs: []string{"get", "patch"}}},
		{{APIGroups: []string{""}, Resources: []string{"serviceaccounts/token"}, Verbs: []string{"create"}}},
	}
	set(kube.ClusterRoles, &rbacv1.ClusterRole{
		ObjectMeta: metav1.ObjectMeta{Name: "cluster-admin"}, Rules: []rbacv1.PolicyRule{{APIGroups: []string{"*"}, Resources: []string{"*"}, Verbs: []string{"*"}}},
	})
	for i := range bindings {
		namespace, name := fmt.Sprintf("team-%04d", i%f.Namespaces()), fmt.Sprintf("robot-%05d", i)
		meta := metav1.ObjectMeta{Namespace: namespace, Name: name}
		set(kube.ServiceAccounts, &corev1.ServiceAccount{ObjectMeta: meta})
		set(kube.Roles, &rbacv1.Role{ObjectMeta: meta, Rules: rules[i%len(rules)]})
		subjects := []rbacv1.Subject{{Kind: "ServiceAccount", Namespace: namespace, Name: name}, {Kind: "Group", Name: fmt.Sprintf("group-%d", i%500)}}
		set(kube.RoleBindings, &rbacv1.RoleBinding{ObjectMeta: meta, RoleRef: rbacv1.RoleRef{Kind: "Role", Name: name}, Subjects: subjects})
		if i%100 == 0 {
			set(kube.ClusterRoleBindings, &rbacv1.ClusterRoleBinding{
				ObjectMeta: metav1.ObjectMeta{Name: name}, RoleRef: rbacv1.RoleRef{Kind: "ClusterRole", Name: "cluster-admin"}, Subjects: subjects[:1],
			})
		}
	}
	return builder
}

// BenchmarkExplorer measures how long a key takes to its frame on the screens about
// access, with 150,000 pods and 20,000 bindings. No key waits for the cluster: what
// looks at all of it is done beside, and how long that takes is till-done.
func BenchmarkExplorer(b *testing.B) {
	builder := crowd(b, 150_000, 20_000)
	for _, bench := range []struct{ at, text string }{
		{"rbac/who-can?ask=get+secrets", "cost "},
		{"rbac/subject", "cost "},
		{"rbac/escalation", "Reach cluster-admin ("},
		{"rbac/subject/group:group-1", "Grants ("},
		{"paths/group:group-1", "What this does not know"},
		{"paths", "starts reach"},
	} {
		h := opened(b, builder, bench.at, bench.text)
		for _, kind := range kindsOf(bench.at) {
			b.Run(bench.at+"/"+kind[0], func(b *testing.B) {
				h.measure(b, func() { h.press(kind[1:]...) })
			})
		}
		b.Run(bench.at+"/frame", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				h.model.View()
			}
		})
		b.Run(bench.at+"/news", func(b *testing.B) {
			h.measure(b, func() {
				builder.Delete(kube.Pods, "nowhere", "nothing")
				h.publish(builder)
			})
		})
	}
}

// kindsOf are kinds of keys that a screen knows: what they are called, then the keys.
func kindsOf(at string) [][]string {
	kinds := [][]string{{"row", "j", "j", "k"}, {"page", "pgdown", "pgdown", "pgup"}, {"ends", "G", "g"}}
	if strings.HasPrefix(at, "rbac/") {
		kinds = append(kinds, []string{"sort", "s"}, []string{"reverse", "S"})
	}
	if strings.HasPrefix(at, "rbac/who-can") {
		ask := []string{"ask", "a", "ctrl+u"}
		for letter := range strings.SplitSeq("list secrets", "") {
			ask = append(ask, strings.ReplaceAll(letter, " ", "space"))
		}
		kinds = append(kinds, append(ask, "enter"), []string{"expand", "x"}, []string{"open", "enter", "esc"}, []string{"view", "tab", "shift+tab"})
	}
	return kinds
}
