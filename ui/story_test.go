package ui_test

import (
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// privileged is the address of the finding that the stories lead to.
const privileged = "finding/privileged-container/payments/Deployment/gateway/gateway/spec.template.spec.containers%5B0%5D.securityContext.privileged"

// change replaces a Deployment by what a change makes of it.
func (u *user) change(namespace, name string, change func(*appsv1.Deployment)) *user {
	u.t.Helper()
	object, ok := u.cluster.Build(screentest.Noon).Find(kube.Deployments.Ref(namespace, name))
	if !ok {
		u.t.Fatalf("there is no Deployment %s/%s", namespace, name)
	}
	changed := object.(*appsv1.Deployment).DeepCopy()
	change(changed)
	if err := u.cluster.Set(kube.Deployments, changed); err != nil {
		u.t.Fatal(err)
	}
	return u.publish()
}

func unprivileged(d *appsv1.Deployment) {
	d.Spec.Template.Spec.Containers[0].SecurityContext = nil
}

func TestFromTheClusterToTheField(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{}, 80, 24, func(u *user) {
		u.publish().Expect("prod-eu-1", "v1.37.2", "Namespaces (6)", "grade C").ExpectSelected("payments")
		u.Press("enter").Expect("Overview › payments", "Findings (").ExpectSelected("deploy/gateway")
		u.Press("enter").Expect("Overview › payments › privileged-container deploy/gateway", "EVIDENCE", "WHY")
		u.ExpectLine("-", "privileged: true").ExpectLine("+", "privileged: false")
		u.Press("n").Expect("(2 of 26)", "host-path-sensitive", "sees / of its node").ExpectNot("privileged: true", "y copy")
		u.Press("p").Expect("privileged-container")
		u.Press("y").Expect("copied the patch")
		u.Press("tab", "G").Expect("privileged: false").ExpectNot("copied the patch")
		u.Press("esc").Expect("Findings (").ExpectSelected("deploy/gateway")
		u.Press("h").Expect("Namespaces (6)").ExpectSelected("payments")
		u.Press("esc").Expect("Namespaces (6)")
		u.Press("q").ExpectQuit()
	})
}

func TestTheEndsOfTheFindings(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{At: "ns/checkout"}, 80, 24, func(u *user) {
		u.publish().Press("enter").Expect("pdb-missing")
		u.Press("p").Expect("no other finding").Press("n").Expect("readiness-probe-missing").Press("n").Expect("no other finding")
	})
}

func TestTheCursorStaysWithItsObject(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{}, 100, 30, func(u *user) {
		u.publish().Press("j", "j", "j").ExpectSelected("checkout")
		u.change("payments", "gateway", unprivileged).ExpectSelected("checkout")
		u.cluster.Delete(kube.Namespaces, "", "vacant")
		u.publish().Expect("Namespaces (5)").ExpectSelected("checkout")
		u.Press("s", "s").ExpectSelected("checkout").Press("S").ExpectSelected("checkout")
	})
}

func TestWhatIsFixedWhileItIsOpen(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{At: privileged}, 100, 30, func(u *user) {
		u.publish().Expect("costs", "privileged: false")
		u.change("payments", "gateway", unprivileged)
		u.Expect("privileged-container", "no longer found").ExpectNot("costs", "privileged: false")
		u.ExpectNot("y copy").Press("y").Expect("there is no patch to copy").Press("tab", "j", "f")
		u.change("payments", "gateway", func(d *appsv1.Deployment) {
			yes := true
			d.Spec.Template.Spec.Containers[0].SecurityContext = &corev1.SecurityContext{Privileged: &yes}
		})
		u.Expect("costs", "privileged: false").ExpectNot("no longer found")
	})
}

func TestANamespaceThatGoesWhileItIsOpen(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{At: "ns/checkout"}, 80, 24, func(u *user) {
		u.publish().Expect("no budget protects")
		u.cluster.Delete(kube.Namespaces, "", "checkout")
		u.cluster.Delete(kube.Deployments, "checkout", "cart")
		u.publish().Expect("there is no namespace checkout").ExpectNot("no budget protects")
		u.Press("enter", "j", "s", "/").Type("x").Press("esc", "esc").Expect("Namespaces (5)")
	})
}

func TestABudgetThatComes(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{At: "ns/checkout"}, 80, 24, func(u *user) {
		t := u.t
		u.publish().Expect("Findings (2)")
		most := intstr.FromInt32(1)
		err := u.cluster.Set(kube.PodDisruptionBudgets, &policyv1.PodDisruptionBudget{
			ObjectMeta: metav1.ObjectMeta{Namespace: "checkout", Name: "cart"},
			Spec:       policyv1.PodDisruptionBudgetSpec{MaxUnavailable: &most, Selector: &metav1.LabelSelector{MatchLabels: map[string]string{"app": "cart"}}},
		})
		if err != nil {
			t.Fatal(err)
		}
		u.publish().Expect("Findings (1)", "checkout  100.0 A").ExpectNot("no budget protects")
	})
}

func TestFilter(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{At: "ns/payments"}, 100, 30, func(u *user) {
		u.publish().Press("/").Type("sev>=high").Expect("/sev>=high", "Findings (2 of 26) filtered by sev>=high").ExpectNot("pdb-missing")
		u.Press("esc").Expect("Findings (26)", "pdb-missing")
		u.Press("/").Type("sev>=high").Press("enter").Expect("Findings (2 of 26)").ExpectNot("/sev>=high")
		u.Press("/").Type(" colour:red").Expect(`unknown column "colour"`, "Findings (2 of 26)").ExpectNot("pdb-missing")
		u.Press("enter").Expect(`unknown column "colour"`) // a line with a problem is not taken
		u.Press("esc").Expect("Findings (2 of 26)").ExpectNot("unknown column")
		u.Press("j", "enter", "esc").Expect("Findings (2 of 26)").ExpectSelected("sts/ledger") // it outlives going away
		u.Press("esc").Expect("Findings (26)")
		u.Press("/").Type("rule:nothing-like-this").Expect("Findings (0 of 26)", "matches the filter").Press("enter", "enter", "j")
		u.Press("esc", "esc").Expect("Namespaces (6)")
		u.Press("/").Type("score<60").Expect("Namespaces (2 of 6)").Press("enter", "up", "esc").Expect("Namespaces (6)")
		u.Press("/").Type("group=platform").ExpectSelected("kube-system").Press("ctrl+u").Type("hi").Expect("Namespaces (0 of 6)").Press("esc")
	})
}

func TestCommands(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{}, 100, 30, func(u *user) {
		u.publish().Press(":").Type("ns/sea").Expect(":ns/search").Press("tab").Expect(":ns/search").Press("enter").Expect("Overview › search")
		u.Press(":").Type("check").Press("enter").Expect("Overview › search › checkout")
		u.Press(":").Type("pym").Press("enter").Expect("› payments")
		u.Press(":").Type("findings?sev=critical").Press("enter").Expect("Findings (2 of 40) filtered by sev=critical")
		u.Press(":").Type("nowhere!").Press("enter").Expect("is not the name of a screen").Press("j").ExpectNot("is not the name")
		u.Press(":").Type("zzz").Press("enter").Expect("no such screen", "overview, ns, findings")
		u.Press(":").Type("ns").Press("enter").Expect("ns/payments").ExpectNot("no namespace")
		u.Press(":", "up").Expect(":ns").Press("up").Expect(":zzz").Press("esc").ExpectNot(":zzz")
		u.Press(":").Type("overview").Press("enter").Expect("Namespaces (6)").Press("esc").Expect("Namespaces (6)")
		u.Press(":").Type("cov").Press("tab", "enter").Expect("Overview › Coverage")
		u.Press(":").Type("q").Press("enter").ExpectQuit()
	})
}

func TestBackAndForward(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{}, 100, 30, func(u *user) {
		u.publish().Press("enter", "j", "enter").Expect("host-path-sensitive", "Overview › payments ›")
		u.Press("[").ExpectSelected("sts/ledger").Press("[").Expect("Namespaces (6)").Press("[").Expect("Namespaces (6)")
		u.Press("]").Expect("Overview › payments").Press("]").Expect("Overview › payments › host-path-sensitive").Press("]").Expect("host-path-sensitive")
		u.Press("-").Expect("Findings (26)").Press("-").Expect("Overview › payments › host-path-sensitive")
		u.Press("backspace", "left").Expect("Namespaces (6)")
		u.Press("l").Expect("Overview › payments")
	})
}

func TestSort(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{}, 100, 30, func(u *user) {
		u.publish().Expect("SCORE↑").ExpectSelected("payments")
		u.Press("S").Expect("SCORE↓").ExpectSelected("payments").Press("g").ExpectSelected("search")
		u.Press("s", "s", "g").Expect("NAMESPACE↑").ExpectSelected("(cluster)")
		u.Press("S", "g").Expect("NAMESPACE↓").ExpectSelected("search") // what is not scored stays last
		u.Press("S", "g").ExpectSelected("(cluster)")
		u.Press("enter", "s").Expect("POINTS↓").ExpectSelected("clusterrolebinding/jane-adm")
	})
}

func TestHelp(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{At: "ns/payments"}, 80, 24, func(u *user) {
		u.publish().Press("?").Expect("Overview › payments › Help", "up one row")
		u.Press("pgdown").Expect("type a command").Press("G").Expect("costs nothing").Press("g").Expect("up one row")
		u.Press("?").Expect("Findings (26)")
		u.Press("f1").Expect("Help").Press("esc").Expect("Findings (26)")
	})
}

func TestLeaving(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"q", "ctrl+c"} {
		for _, at := range []string{"overview", "ns/payments", privileged, "rbac", "rbac/subject/user:jane@example.com", "paths", "snapshots", "rules", "rule/privileged-container", "coverage", "diagnostics", "help"} {
			run(t, ui.Options{At: at}, 80, 24, func(u *user) {
				u.Press(key).ExpectQuit() // also before there is anything to see
			})
			run(t, ui.Options{At: at}, 80, 24, func(u *user) {
				u.publish().Press(key).ExpectQuit()
			})
		}
	}
	run(t, ui.Options{}, 80, 24, func(u *user) {
		t := u.t
		u.publish().Press("/").Type("q").Press("ctrl+c")
		if u.Quit() {
			t.Error("the program was left by a letter of a filter")
		}
		u.ExpectNot("/q").Press("ctrl+c").ExpectQuit()
	})
}

// TestAnyKey presses every key that means something, on every screen: none may
// break a frame, and all leave a program that can be left.
func TestAnyKey(t *testing.T) {
	t.Parallel()
	keys := strings.Fields("v b z Z W b enter z v up down pgup pgdown ctrl+u ctrl+d g G s S w tab shift+tab n p y P x 1 2 3 4 5 6 r l enter esc h - [ ] ? esc / x esc : y tab esc space 5 f7 e a B t x")
	for _, at := range []string{"overview", "ns/payments", "ns/payments?show=workloads", "ns/vacant", "findings", "findings?group=object", "workload/Deployment/payments/gateway", "workload/Job/x/y", privileged, "finding/of/nothing", "rbac", "rbac/aggregated/view", "paths/sa:payments/ledger", "snapshots", "snapshots/monday..now", "rules", "rule/of-nobody", "coverage", "diagnostics", "help"} {
		run(t, ui.Options{At: at}, 80, 24, func(u *user) {
			u.Press(keys...)
			u.publish().Press(keys...)
			u.Resize(30, 8).Press(keys...).Resize(200, 50).Press(keys...)
			u.Press("q").ExpectQuit()
		})
	}
}

// TestWhereAnAttackerWouldGo opens the paths from everything that has some, by one
// key, and comes back.
func TestWhereAnAttackerWouldGo(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{}, 100, 30, func(u *user) {
		u.publish().ExpectSelected("payments").Press("P").Expect("Overview › Paths from ns:payments", "starts of Namespace payments")
		u.Press("esc").ExpectSelected("payments").Press("enter", "P").Expect("Paths from deployment:payments/gateway", "Deployment payments/gateway")
		u.Press("esc").ExpectSelected("deploy/gateway").Press("enter").Expect("EVIDENCE").Press("P").Expect("No way was found from Deployment payments/gateway to cluster-admin.", "Root on nodes")
		u.Press("esc").Expect("EVIDENCE").Press("esc", "esc").ExpectSelected("payments")
		u.Press("/").Type("group=cluster").Press("enter", "enter").ExpectSelected("clusterrolebinding/jane-adm").Press("P").Expect("User jane@example.com reaches cluster-admin.")
		u.Press(":").Type("rbac").Press("enter").Expect("RBAC who-can", "get secrets").ExpectSelected("user:jane@example.com")
		u.Press("P").Expect("› Paths from user:", "User jane@example.com reaches cluster-admin.").Press("esc", "enter").Expect("› user:jane", "User jane@example.com, in system:authenticated.")
		u.Press("esc", "2").Expect("RBAC subject").Press("/").Type("ledger").Press("enter").ExpectSelected("sa:payments/ledger").Press("j", "esc").ExpectSelected("sa:payments/ledger")
		u.Press(":").Type("rbac/moon").Press("enter").Expect(`there is no view "moon"`).Press(":").Type("paths/sa:x").Press("enter").Expect("sa:NAMESPACE/NAME is")
	})
}

// TestTheWorkloadOfWhatIsSelected is opened by one key from wherever something of it is
// selected, and by its row among the workloads of its namespace.
func TestTheWorkloadOfWhatIsSelected(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{}, 100, 30, func(u *user) {
		u.publish().Press("W").Expect("belongs to").Press("enter", "W").Expect("payments › deploy/gateway", "1 of 2 on 2 nodes")
		u.Press("space").Expect("* 1 marked").Press("k", "enter").Expect("EVIDENCE", "* marked").Press("W").Expect("deploy/gateway", "[Findings (14)]").Press("u")
		u.Press("tab").Expect("[Pods (2)]").ExpectSelected("gateway-7d9f-b").Press("W").Expect("[Pods (2)]")
		u.Press("shift+tab", "P").Expect("No way was found from Deployment payments/gateway").Press("esc").Expect("[Findings (14)]").Press("F").Expect("Fix plan of payments").Press("esc")
		u.Press(":").Type("ns/payments").Press("enter", "tab").Expect("Workloads (2)").Press("j", "enter").Expect("StatefulSet payments/ledger", "0 of 1")
		u.Press("tab", "tab", "tab", "tab").Expect("ServiceAccount ledger", "reads-secrets").Press("enter").Expect("ServiceAccount payments/ledger, in").Press("esc").Expect("[Identity]")
		u.Press("esc").ExpectSelected("sts/ledger").Press("/").Type("points>20").Press("enter").Expect("Workloads (1 of 2)").ExpectSelected("deploy/gateway").Press("esc").Expect("Workloads (2)")
		u.Press(":").Type("findings?filter=kind%3DClusterRoleBinding").Press("enter", "W").Expect("ClusterRoleBinding jane-admin belongs to no workload")
		u.Press(":").Type("workload/api").Press("enter").Expect("a workload is named as in workload/Deployment/payments/api")
	})
}

// TestFindingsAreGrouped groups the findings of the cluster, opens one out of its group
// and comes back to it.
func TestFindingsAreGrouped(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{At: "findings"}, 100, 30, func(u *user) {
		u.publish().Press("b", "b").Expect("by rule (16)").ExpectSelected("+ C ✖ privileged-container").Press("l").Expect("- C ✖ privileged-container").Press("j", "j").ExpectSelected("deploy/gateway")
		u.Press("enter").Expect("EVIDENCE").Press("esc").Expect("by rule (16)").ExpectSelected("deploy/gateway").Press("/").Type("sev>=high").Press("enter").Expect("Findings (4 of 40)", "by rule (3)")
		u.change("payments", "gateway", unprivileged).ExpectNot("deploy/gateway").Press("esc").Expect("Findings (")
	})
}

// TestAQuestionIsTyped asks who can do what, as it is typed.
func TestAQuestionIsTyped(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{At: "rbac/who-can?ask=list+pods"}, 100, 30, func(u *user) {
		u.publish().Expect("list pods", "Grants (1)")
		u.Press("a").Expect("who can list pods").Press("ctrl+u").Type("get secrets in pay").Expect("get secrets in pay").Press("enter").Expect("get secrets in pay", "Grants (1)")
		u.Press("a").Type("ments").Press("enter").Expect("get secrets in payments", "Grants (2)").ExpectLine("sa:payments/ledger", "payments")
		u.Press("a").Type(" a b").Expect("one word too many", "Grants (2)").Press("esc").Expect("get secrets in payments", "Grants (2)")
		u.Press("/").Type("sa:ledger").Press("enter").Expect("get secrets in payments", "Grants (1 of 2) filtered by sa:ledger").ExpectSelected("sa:payments/ledger")
		u.Press(":").Type("address").Press("enter").Expect("copied rbac/who-can?ask=get+secrets+in+payments&filter=sa%3Aledger")
		u.Press("esc").Expect("Grants (2)").Press("2", "a").Expect("who can get secrets in payments", "RBAC who-can").Press("ctrl+u", "enter").ExpectNot("in payments").Expect("get secrets", "Grants (2)")
		u.Press(":").Type("ask list nodes").Press("enter").Expect("list nodes").Press(":").Type("rbac/who-can?filter=where%3Dpayments").Press("enter").Expect("get secrets", "Grants (1 of 2) filtered by where=payments")
		u.Press("esc", "esc", "esc").Expect("Namespaces (6)").Press("a", ":").Type("ask x").Press("enter").Expect("nothing to ask here")
	})
}

// TestFindingsAreMarkedAndPlanned marks findings on two screens, sees what they bring
// together, and plans their fixes.
func TestFindingsAreMarkedAndPlanned(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{At: "ns/payments"}, 100, 30, func(u *user) {
		u.publish().ExpectNot("marked").Press("space").Expect("* 1 marked", "payments").ExpectLine("* C", "gateway")
		u.Press("space").Expect("* 2 marked").Press("k", "space").Expect("* 1 marked")
		u.Press("g", "enter").Expect("* marked  C").Press("space").ExpectNot("* marked").Press("space", "n", "space").Expect("* 2 marked")
		u.change("checkout", "cart", func(d *appsv1.Deployment) { d.Labels = map[string]string{"a": "b"} }).Expect("* 2 marked")
		u.Press("F").Expect("Fix plan of what is marked (2)", "payments 49.3 F", "1 for a person to decide").ExpectSelected("deploy/gateway")
		u.ExpectLine("-", "privileged: true").Press("y").Expect("copied the patch").Press("e").Expect("seaworthy fix does")
		u.Press("j", "j", "j").ExpectSelected("decide").Press("enter").Expect("EVIDENCE", "host-path-sensitive").Press("esc").ExpectSelected("decide")
		u.Press("g", "enter").ExpectNot("Changes, and what is left").Press("j", "esc").Expect("Changes, and what is left")
		u.Press("u").Expect("Nothing is marked").ExpectNot("2 marked").Press("esc", "esc").ExpectNot("marked")
		u.Press("/").Type("rule:probe").Press("enter", "A").Expect("* 5 marked  +0.2 payments").Press("u", "esc")
	})
}

// TestTheFastestWay asks for scores to reach, by keys and by typing one.
func TestTheFastestWay(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{}, 100, 30, func(u *user) {
		u.publish().Press("F").Expect("Fix plan of the cluster", "cluster 72.9 C").Press("t").Expect("Fastest way to 80 of the cluster").ExpectSelected("1 ")
		u.Press(">").Expect("Fastest way to 85").Press("<", "<").Expect("Fastest way to 75").Press("c").Expect("most points a pod made again")
		u.Press("a").Expect("score to reach 75").Type("x").Expect("no score of 1 to 100").Press("ctrl+u").Type("B").Press("enter").Expect("Fastest way to 80").Press("esc").Expect("Namespaces (6)").Press("F").Expect("Fastest way to 80")
		u.Press("a", "ctrl+u").Type("100").Press("enter").Expect("do not reach 100").Press("t").Expect("Fix plan of the cluster").Press("esc").Expect("Namespaces (6)")
		u.Press(":").Type("plan").Press("enter").Expect("Fix plan of the cluster").Press("esc")
		u.Press("enter", "F").Expect("Fix plan of payments").Press("i").Expect("with what is held back").Press("i").ExpectNot("with what is held")
		u.Press(":").Type("plan/moon").Press("enter").Expect("There is no namespace moon").Press("t").Expect(`the way of "moon"`)
		u.Press(":").Type("plan?target=0").Press("enter").Expect(`"0" is no score`).Press("t").Expect("Fastest way to 80")
	})
}

// TestTheSession watches a cluster that changes: scores have a trend, and what came and
// went is told.
func TestTheSession(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{}, 200, 50, func(u *user) {
		at := screentest.Noon
		publish := func() *user {
			at = at.Add(10 * time.Second)
			u.source.views <- u.cluster.Build(at)
			return u.wait()
		}
		publish().ExpectNot("TREND", "+/-", "findings since").Expect("Came and went", "since 12:00:10  nothing")
		set := func(change func(*appsv1.Deployment)) {
			object, _ := u.cluster.Build(at).Find(kube.Deployments.Ref("payments", "gateway"))
			changed := object.(*appsv1.Deployment).DeepCopy()
			change(changed)
			if err := u.cluster.Set(kube.Deployments, changed); err != nil {
				u.t.Fatal(err)
			}
		}
		set(unprivileged)
		publish().Expect("TREND").ExpectLine("60.5 D", "payments", "+11.2").Expect("+2 came  -1 went").ExpectLine("-", "C ✖", "privileged-container", "deploy/gateway")
		set(func(d *appsv1.Deployment) { d.Spec.Replicas = new(int32(1)) })
		publish().Expect("findings since 12:00:10").Golden("session-200x50")
		u.Resize(80, 24).Golden("session-80x24")
		u.Press("s", "s", "s", "s", "s", "s", "s", "s", "s", "s", "s", "s", "s", "s", "s").Resize(140, 40).Golden("session-140x40")
		u.cluster.Delete(kube.Deployments, "payments", "gateway")
		publish().Expect("Namespaces (6)")
	})
}

// TestColumnsStayWhenATrendComes: those that were chosen before there was a trend are still
// chosen on an overview that has one, there and where it is opened anew.
func TestColumnsStayWhenATrendComes(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{}, 100, 30, func(u *user) {
		u.publish().Press(":").Type("columns name,score").Press("enter").ExpectLine("NAMESPACE", "SCORE↑").ExpectNot("LIMITS", "TREND")
		object, _ := u.cluster.Build(screentest.Noon).Find(kube.Deployments.Ref("payments", "gateway"))
		changed := object.(*appsv1.Deployment).DeepCopy()
		unprivileged(changed)
		if err := u.cluster.Set(kube.Deployments, changed); err != nil {
			u.t.Fatal(err)
		}
		u.source.views <- u.cluster.Build(screentest.Noon.Add(time.Minute))
		u.wait().ExpectLine("NAMESPACE", "SCORE↑", "TREND").ExpectNot("LIMITS")
		u.Press("enter", ":").Type("overview").Press("enter").ExpectLine("NAMESPACE", "SCORE↑", "TREND").ExpectNot("LIMITS")
		u.Press("C").ExpectLine("[ ] rbac").Press("u", "enter").ExpectLine("SCORE↑", "NAMESPACE", "LIMITS", "TREND")
	})
}

func TestTheHeatMap(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{}, 100, 30, func(u *user) {
		u.publish().Press("H").Expect("Overview › Heat map", "Heat map (6)").Press("right", "right", "enter")
		u.Expect("Overview › Heat map › payments", "filtered by category=security-context").ExpectNot("cpu-request-missing")
		u.Press("esc", "esc").Expect("Heat map (6)").Press("left", "h").Expect("Heat map (6)").Press("/").Type("score<60").Press("enter").Expect("Heat map (2 of 6)")
		u.Press("esc", "esc").Expect("Namespaces (6)")
	})
}
