package rbac

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

func TestPowersAreWhatTheirRulesSay(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, w := range powers() {
		i := slices.IndexFunc(rules, func(r *audit.Rule) bool { return r.ID == w.rule })
		if i < 0 {
			t.Errorf("no rule warns of power %q", w.rule)
			continue
		}
		if seen[w.rule] {
			t.Errorf("%s: there are two powers of it", w.rule)
		}
		seen[w.rule] = true
		if rules[i].Severity != w.severity {
			t.Errorf("%s: the rule is %s, its power %s", w.rule, rules[i].Severity, w.severity)
		}
		if namespaced := slices.Contains(rules[i].Subjects, kube.RoleBindings); namespaced != (w.reach != clusterOnly) {
			t.Errorf("%s: its subjects are %v, its reach is %d", w.rule, rules[i].Subjects, w.reach)
		}
	}
}

// Whatever a role allows, a consequence costs nothing only where its cause
// costs at least as much: following the causes of an implied finding ends at a
// finding of its own, on the same binding, that is no less severe.
func TestEveryConsequenceHasACause(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	implied := 0
	for range 1000 {
		text, findings := judgeRandomRole(t, random)
		for _, f := range findings {
			if f.Implied == "" {
				continue
			}
			implied++
			cause, steps := f, 0
			for cause.Implied != "" {
				i := slices.IndexFunc(findings, func(g *audit.Placed) bool {
					return g.Rule.ID == cause.Implied && g.Subject == f.Subject && g.Namespace == f.Namespace
				})
				if i < 0 || steps > len(findings) {
					t.Fatalf("%s is implied by %s, which ends nowhere\n%s", f.Rule.ID, cause.Implied, text)
				}
				cause, steps = findings[i], steps+1
			}
			if cause.Severity < f.Severity {
				t.Fatalf("%s (%s) is implied by %s (%s)\n%s", f.Rule.ID, f.Severity, cause.Rule.ID, cause.Severity, text)
			}
		}
	}
	if implied < 300 {
		t.Errorf("%d implied findings: the sample proves little", implied)
	}
}

// Adding a rule to a role never makes what is charged less severe.
func TestMoreIsNeverBetter(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(5, 6))
	for range 1000 {
		few := randomRules(random)
		more := append(slices.Clone(few), randomRules(random)...)
		namespace := []string{"", "ci", "kube-system"}[random.IntN(3)]
		if before, after := worst(judgeRole(t, namespace, few)), worst(judgeRole(t, namespace, more)); after < before {
			t.Fatalf("%s with %v, but %s with %v", before, few, after, more)
		}
	}
}

func worst(findings []*audit.Placed) audit.Severity {
	worst := audit.Severity(0)
	for _, f := range findings {
		if f.Implied == "" {
			worst = max(worst, f.Severity)
		}
	}
	return worst
}

func judgeRandomRole(t *testing.T, random *rand.Rand) (string, []*audit.Placed) {
	t.Helper()
	rules := randomRules(random)
	namespace := []string{"", "ci", "kube-system"}[random.IntN(3)]
	return fmt.Sprintf("in %q: %v", namespace, rules), judgeRole(t, namespace, rules)
}

func randomRules(random *rand.Rand) []rbacv1.PolicyRule {
	some := func(from ...string) []string {
		var chosen []string
		for range 1 + random.IntN(2) {
			chosen = append(chosen, from[random.IntN(len(from))])
		}
		return chosen
	}
	var rules []rbacv1.PolicyRule
	for range 1 + random.IntN(3) {
		r := rbacv1.PolicyRule{
			Verbs:     some("get", "list", "create", "patch", "delete", "bind", "escalate", "impersonate", "approve", "*"),
			APIGroups: some("", "", "apps", "rbac.authorization.k8s.io", "certificates.k8s.io", "*"),
			Resources: some("pods", "pods/exec", "pods/attach", "pods/status", "secrets", "configmaps", "services",
				"serviceaccounts", "users", "groups", "nodes", "nodes/proxy", "nodes/status", "roles", "clusterroles",
				"rolebindings", "clusterrolebindings", "deployments", "certificatesigningrequests",
				"certificatesigningrequests/approval", "signers", "*", "*", "*"),
		}
		if random.IntN(5) == 0 {
			r.ResourceNames = some("x", "cluster-admin")
		}
		rules = append(rules, r)
	}
	return rules
}

// judgeRole binds everybody to a role and judges the category.
func judgeRole(t *testing.T, namespace string, rules []rbacv1.PolicyRule) []*audit.Placed {
	t.Helper()
	b := kube.NewBuilder(kube.Info{Version: "v1.37.1"})
	set := func(r kube.Resource, o kube.Object) {
		if err := b.Set(r, o); err != nil {
			t.Fatal(err)
		}
	}
	to := rbacv1.RoleRef{Kind: "ClusterRole", Name: "power"}
	who := []rbacv1.Subject{{Kind: "Group", Name: "system:authenticated"}}
	set(kube.ClusterRoles, &rbacv1.ClusterRole{ObjectMeta: metav1.ObjectMeta{Name: "power"}, Rules: rules})
	named := metav1.ObjectMeta{Name: "binding", Namespace: namespace}
	if namespace == "" {
		set(kube.ClusterRoleBindings, &rbacv1.ClusterRoleBinding{ObjectMeta: named, RoleRef: to, Subjects: who})
	} else {
		set(kube.RoleBindings, &rbacv1.RoleBinding{ObjectMeta: named, RoleRef: to, Subjects: who})
	}
	category := Category()
	category.Rules = slices.DeleteFunc(slices.Clone(category.Rules), func(r *audit.Rule) bool {
		return !slices.ContainsFunc(powers(), func(w *power) bool { return w.rule == r.ID })
	})
	return audit.Run(b.Build(time.Unix(0, 0)), []audit.Category{category}).Findings()
}

func BenchmarkTwentyThousandBindings(b *testing.B) {
	builder := kube.NewBuilder(kube.Info{Version: "v1.37.1"})
	set := func(r kube.Resource, o kube.Object) {
		if err := builder.Set(r, o); err != nil {
			b.Fatal(err)
		}
	}
	random := rand.New(rand.NewPCG(7, 8))
	for i := range 20_000 {
		namespace := fmt.Sprintf("ns-%d", i%1000)
		named := metav1.ObjectMeta{Name: fmt.Sprintf("b-%d", i), Namespace: namespace}
		set(kube.Roles, &rbacv1.Role{ObjectMeta: named, Rules: randomRules(random)})
		set(kube.ServiceAccounts, newAccount(named))
		set(kube.RoleBindings, &rbacv1.RoleBinding{
			ObjectMeta: named, RoleRef: rbacv1.RoleRef{Kind: "Role", Name: named.Name},
			Subjects: []rbacv1.Subject{{Kind: "ServiceAccount", Namespace: namespace, Name: named.Name}},
		})
	}
	run := func(name string, change func()) {
		b.Run(name, func(b *testing.B) {
			findings := 0
			for b.Loop() {
				change()
				findings = audit.Run(builder.Build(time.Unix(0, 0)), []audit.Category{Category()}).Count()
			}
			if findings == 0 {
				b.Fatal("no findings")
			}
			b.ReportMetric(float64(findings), "findings")
		})
	}
	changing := metav1.ObjectMeta{Name: "changing", Namespace: "ns-0"}
	run("binding-changed", func() { set(kube.RoleBindings, &rbacv1.RoleBinding{ObjectMeta: changing}) })
	run("account-changed", func() { set(kube.ServiceAccounts, newAccount(changing)) })
}

func newAccount(named metav1.ObjectMeta) *corev1.ServiceAccount {
	return &corev1.ServiceAccount{ObjectMeta: named}
}
