package answer_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/audit/access/answer"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// view holds an aggregated ClusterRole that everybody in ops has, and a binding to a
// role that nobody has made.
func view(t *testing.T, info kube.Info, states ...kube.State) *kube.Cluster {
	t.Helper()
	b := kube.NewBuilder(info)
	set := func(r kube.Resource, o kube.Object) {
		t.Helper()
		if err := b.Set(r, o); err != nil {
			t.Fatal(err)
		}
	}
	rules := []rbacv1.PolicyRule{{Verbs: []string{"get", "list"}, APIGroups: []string{"apps"}, Resources: []string{"deployments", "statefulsets"}}}
	set(kube.ClusterRoles, &rbacv1.ClusterRole{ObjectMeta: metav1.ObjectMeta{Name: "part", Labels: map[string]string{"into": "whole"}}, Rules: rules})
	set(kube.ClusterRoles, &rbacv1.ClusterRole{
		ObjectMeta: metav1.ObjectMeta{Name: "whole"}, Rules: rules,
		AggregationRule: &rbacv1.AggregationRule{ClusterRoleSelectors: []metav1.LabelSelector{{MatchLabels: map[string]string{"into": "whole"}}}},
	})
	subjects := []rbacv1.Subject{{Kind: "Group", Name: "ops"}, {Kind: "Group", Name: "system:serviceaccounts:ci"}}
	set(kube.ClusterRoleBindings, &rbacv1.ClusterRoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: "ops"}, RoleRef: rbacv1.RoleRef{Kind: "ClusterRole", Name: "whole"}, Subjects: subjects,
	})
	set(kube.RoleBindings, &rbacv1.RoleBinding{
		ObjectMeta: metav1.ObjectMeta{Namespace: "ci", Name: "lost"}, RoleRef: rbacv1.RoleRef{Kind: "Role", Name: "gone"}, Subjects: subjects[:1],
	})
	set(kube.ServiceAccounts, &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: "ci", Name: "runner"}})
	for _, state := range states {
		b.SetState(state)
	}
	return b.Build(time.Unix(0, 0))
}

func ask(t *testing.T, c *kube.Cluster, text string) (access.Question, []access.Holding) {
	t.Helper()
	asking, err := answer.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	q, _, err := asking.Question(c)
	if err != nil {
		t.Fatal(err)
	}
	return q, access.Of(c).Who(q)
}

func TestRule(t *testing.T) {
	t.Parallel()
	c := view(t, kube.Info{Name: "test"})
	q, holdings := ask(t, c, "get deployments")
	rules := answer.NewRules(c)
	var got []string
	for _, h := range holdings {
		got = append(got, answer.Subject(h.Subject)+" "+answer.Where(h.Namespace, h.Names)+" "+answer.Ref(h.Binding.Ref)+" "+rules.Describe(h.Grant, answer.Asked(q)))
	}
	want := []string{
		"group:ops everywhere ops 1: get,list deployments.apps and 1 more (from part)",
		"group:system:serviceaccounts:ci everywhere ops 1: get,list deployments.apps and 1 more (from part)",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("who can get deployments (-want +got):\n%s", diff)
	}
	groups := answer.Groups(c, []access.Subject{holdings[0].Subject, holdings[1].Subject, holdings[1].Subject})
	if diff := cmp.Diff([]string{"group:system:serviceaccounts:ci is 1 ServiceAccounts: ci/runner."}, groups); diff != "" {
		t.Errorf("who is in the groups (-want +got):\n%s", diff)
	}
}

func TestRights(t *testing.T) {
	t.Parallel()
	c := view(t, kube.Info{Name: "test"})
	id := access.IdentityOf(access.Subject{Kind: "Group", Name: "ops"})
	rights := answer.Together(access.Rights(c, id))
	if len(rights) != 1 || !cmp.Equal(rights[0].What, []string{"deployments.apps", "statefulsets.apps"}) || !rights[0].Own(id) {
		t.Errorf("the rights are %+v, want those to two resources, together", rights)
	}
	if lines := answer.Dangles(answer.Dangling(c, id)); len(lines) != 1 || !strings.HasPrefix(lines[0], "RoleBinding ci/lost gives Role ci/gone, which does not exist") {
		t.Errorf("what dangles is told as %q", lines)
	}
	nobody := access.IdentityOf(access.Subject{Kind: "ServiceAccount", Namespace: "ci", Name: "nobody"})
	lines := answer.Identity(c, nobody, nil, answer.LimitsOf(c, answer.Reaching(c, nobody)))
	want := []string{
		"ServiceAccount ci/nobody, in system:serviceaccounts, system:serviceaccounts:ci, system:authenticated.",
		"There is no such ServiceAccount: whoever creates it has what follows.", "No binding of the cluster grants it anything.",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("nobody (-want +got):\n%s", diff)
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	everything := func(*access.Binding) bool { return true }
	forbidden := func(r kube.Resource) kube.State {
		return kube.State{Resource: r, Phase: kube.Forbidden, Verb: "list", Reason: "needs list on " + r.String()}
	}
	whole := answer.LimitsOf(view(t, kube.Info{Name: "test"}), everything)
	if !whole.Complete || len(whole.Lines()) != 1 || !strings.HasPrefix(whole.Lines()[0], "Beside RBAC: members of the group system:masters") {
		t.Errorf("of a view of everything it says %q", whole.Lines())
	}
	blind := view(t, kube.Info{Name: "test", Offline: true}, forbidden(kube.ClusterRoleBindings), forbidden(kube.ServiceAccounts))
	l := answer.LimitsOf(blind, everything).AlsoOf(blind, []kube.Resource{kube.ServiceAccounts})
	text := strings.Join(l.Lines(), "\n")
	for _, want := range []string{"Not seen: clusterrolebindings.rbac.authorization.k8s.io (needs list on", "Not seen: serviceaccounts (needs list", "beside these files", "Beside RBAC"} {
		if l.Complete || !strings.Contains(text, want) {
			t.Errorf("complete %v, no %q in:\n%s", l.Complete, want, text)
		}
	}
	if text := answer.Unreadable(blind); text != "" {
		t.Errorf("where RoleBindings are read it says %q", text)
	}
	b := kube.NewBuilder(kube.Info{Name: "test"})
	b.SetState(forbidden(kube.ClusterRoleBindings))
	b.SetState(forbidden(kube.RoleBindings))
	if text := answer.Unreadable(b.Build(time.Unix(0, 0))); !strings.Contains(text, "needs list on clusterrolebindings") {
		t.Errorf("where no binding is read it says %q", text)
	}
	if slices.Contains(whole.Outside, "") {
		t.Errorf("outside there is %q", whole.Outside)
	}
}
