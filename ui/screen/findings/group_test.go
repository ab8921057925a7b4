package findings_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/screen/findings"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/uitest"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

func TestGroupByEachThing(t *testing.T) {
	t.Parallel()
	robot, s, _ := open(t, "findings", 100, 30)
	for _, want := range []struct {
		by     string
		groups int
		first  string
	}{
		{"severity", 6, "+ C ✖ critical"},
		{"rule", 16, "+ C ✖ privileged-container"},
		{"namespace", 4, "+ C ✖ payments"},
		{"category", 5, "+ C ✖ security-context"},
		{"object", 6, "+ C ✖ DaemonSet kube-system/network-agent"},
	} {
		robot.Press("b").Expect(fmt.Sprintf("by %s (%d)", want.by, want.groups)).ExpectSelected(want.first)
		if got := s.Address().String(); got != "findings?group="+want.by {
			t.Errorf("grouped by %s the address is %q", want.by, got)
		}
	}
	robot.Press("b").Expect("Findings (40)").ExpectNot(" by ").ExpectSelected("C ✖")
	again, _, _ := open(t, "ns/payments?group=category&filter=sev>=medium", 100, 30)
	again.Expect("by category", "filtered by sev>=medium").ExpectLine("security-context", "-33.98", "C1 H1 M6")
	again.Press("b").Expect("by object").Press("b").ExpectNot("by namespace")
}

func TestGroupsFold(t *testing.T) {
	t.Parallel()
	robot, _, host := open(t, "findings?group=namespace", 100, 30)
	robot.ExpectLine("+ ", "payments", "26").ExpectNot("implied").Press("enter").ExpectLine("- ", "payments", "26").ExpectLine("C ✖", "-14.74", "deploy/gateway")
	robot.ExpectSelected("payments").Press("j").ExpectSelected("deploy/gateway").Press("j").ExpectSelected("sts/ledger")
	robot.Press("enter")
	if got := host.Asked[0].(nav.OpenMsg).Address; !strings.HasPrefix(got, "finding/host-path-sensitive/payments/") {
		t.Errorf("enter on a finding of a group opens %q", got)
	}
	robot.Press("s").Expect("POINTS↓").ExpectSelected("sts/ledger") // it stays on the finding, in its group
	robot.Press("z").ExpectSelected("payments").ExpectNot("sts/ledger")
	robot.Press("Z").Resize(100, 70).Press("v").Expect("deploy/cart", "cluster-admin-bound").ExpectSelected("payments").Press("j", "j", "Z").ExpectSelected("payments").ExpectNot("deploy/cart")
	robot.Press("b", "b", "b").ExpectNot(" by ").Press("z")
	if notice := host.Asked[1].(nav.NoticeMsg); notice.Text != "nothing is grouped here" {
		t.Errorf("without groups the key says %q", notice.Text)
	}
}

// TestGroupingFollowsTheFinding: the finding under the cursor stays under it, in the one
// group that is not folded.
func TestGroupingFollowsTheFinding(t *testing.T) {
	t.Parallel()
	cluster := screentest.Cluster(t)
	robot, _, _ := open(t, "findings", 100, 30)
	robot.Press("j", "j", "j").ExpectSelected("host-path").Press("b", "b").Expect("by rule").ExpectSelected("sts/ledger").ExpectNot("deploy/gateway")
	cluster.Delete(kube.Deployments, "payments", "gateway")
	robot.Send(screentest.Assess(cluster)).Expect("by rule (").ExpectSelected("sts/ledger")
	cluster.Delete(kube.StatefulSets, "payments", "ledger")
	robot.Send(screentest.Assess(cluster)).Expect("by rule").ExpectNot("sts/ledger")
}

func TestAGroupIsPreviewed(t *testing.T) {
	t.Parallel()
	robot, _, _ := open(t, "findings?group=rule", 140, 40)
	robot.Expect("2 findings, -40.73 points", "holds every capability", "Run the container unprivileged", "CIS-5.2.2").ExpectLine("C ✖ ds/network-agent agent")
	robot.Press("j").Expect("1 finding, -39.30 points", "Whoever holds").Press("enter", "j").Expect("costs 39.30 points").Press("k").Expect("1 finding,")
	robot.Press("b").Expect("by namespace").Press("g").ExpectLine("C ✖ deploy/gateway  runs privileged")
}

func TestAGroupIsMarked(t *testing.T) {
	t.Parallel()
	a, err := nav.Parse("findings?group=namespace")
	if err != nil {
		t.Fatal(err)
	}
	marks := screen.NewMarks()
	robot, _ := screentest.Show(t, findings.New(a, marks), screentest.Assess(screentest.Cluster(t)), 100, 40, style.Options{})
	robot.ExpectSelected("payments").Press("space")
	if marks.Len() != 26 {
		t.Errorf("%d findings are marked with their group, want 26", marks.Len())
	}
	robot.Press("enter", "j").ExpectSelected("* C ✖").Press("space")
	if marks.Len() != 25 {
		t.Errorf("%d findings are marked, want 25", marks.Len())
	}
	robot.Press("g", "space", "space")
	if marks.Len() != 0 {
		t.Errorf("%d findings are marked after their group was unmarked, want none", marks.Len())
	}
	robot.Press("A")
	if marks.Len() != 40 {
		t.Errorf("%d findings are marked, want all 40", marks.Len())
	}
}

func TestThePreviewStandsWhereThereIsRoom(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		width, height int
		there         bool
		then          bool // after the key
	}{{80, 24, false, true}, {100, 30, false, true}, {100, 36, true, false}, {140, 30, true, false}, {300, 80, true, false}, {60, 15, false, true}} {
		robot, _, _ := open(t, "ns/payments", c.width, c.height)
		for i, want := range []bool{c.there, c.then, c.there} {
			if i > 0 {
				robot.Press("v")
			}
			check := robot.ExpectNot
			if want {
				check = robot.Expect
			}
			check("Preview")
			robot.ExpectSelected("deploy/gateway")
		}
	}
}

func TestThePreviewShowsTheChange(t *testing.T) {
	t.Parallel()
	screentest.Visit(t, func() *findings.Screen {
		return findings.New(nav.Address{Screen: "ns", Target: "payments"}, screen.NewMarks())
	}, screentest.Assess(screentest.Cluster(t)), 140, 50, style.Options{}, func(robot *uitest.Robot, _ *findings.Screen, _ *screentest.Host) {
		robot.Expect("Preview", "costs 14.74 points; +11.2 if it alone is gone", "fix: run unprivileged", "PSS-baseline", "holds every capability")
		robot.ExpectLine("-", "privileged: true").ExpectLine("+", "privileged: false")
		robot.Press("j").Expect("no mechanical fix", "host-path-sensitive").ExpectNot("privileged: true")
		robot.Press("k").ExpectLine("+", "privileged: false")
	})
}

func TestWorkloadsOfANamespace(t *testing.T) {
	t.Parallel()
	robot, s, host := open(t, "ns/payments", 100, 30)
	robot.Expect("[Findings] Workloads 2").Press("tab").Expect("Workloads (2)", "Findings 26").ExpectSelected("deploy/gateway")
	robot.ExpectLine("-27.79", "deploy/gateway", "1/2", "registry.example.com/gat").ExpectLine("H ▲", "sts/ledger", "0/1")
	if got := s.Address().String(); got != "ns/payments?show=workloads" {
		t.Errorf("the address is %q", got)
	}
	robot.Press("j", "enter")
	if got := host.Asked[0].(nav.OpenMsg).Address; got != "workload/StatefulSet/payments/ledger" {
		t.Errorf("enter opens %q", got)
	}
	if ref, ok := s.Object(); !ok || ref != kube.StatefulSets.Ref("payments", "ledger") {
		t.Errorf("the object is %v", ref)
	}
	robot.Press("s", "s").Expect("WORKLOAD↑").ExpectSelected("sts/ledger").Press("S").Expect("WORKLOAD↓")
	for filter, want := range map[string]string{"kind=Deployment": "(1 of 2)", "sev>=critical": "(1 of 2)", "sev>=high": "(2 of 2)", "points<20": "(1 of 2)", "image:ledger": "(1 of 2)"} {
		if err := s.Filter(filter); err != nil {
			t.Errorf("the filter %q is refused: %v", filter, err)
		}
		robot.Send(screentest.Nothing{}).Expect("Workloads " + want + " filtered by " + filter)
	}
	if err := s.Filter("rule=x"); err == nil {
		t.Error("workloads are filtered by a rule")
	}
	robot.Press("space", "shift+tab").Expect("Findings (26)")
	robot, s, _ = open(t, "ns/payments?show=workloads&kind=StatefulSet", 80, 24)
	robot.Expect("Workloads (1 of 2) filtered by kind=StatefulSet").ExpectSelected("sts/ledger")
	robot, _, _ = open(t, "ns/vacant?show=workloads", 80, 24)
	robot.Expect("there is no workload here").Press("enter", "j", "P")
	_ = s
}

func TestScopesStandBesideTheFindings(t *testing.T) {
	t.Parallel()
	robot, _, _ := open(t, "findings", 200, 50)
	robot.Expect("Namespaces", "Findings (40)", "Preview").ExpectLine("● kube-system", "55.3", "C ✖").Press("j").ExpectLine("● payments", "49.3")
	robot.Resize(140, 40).ExpectNot("─ Namespaces ─")
}

func TestAWorkloadIsPreviewed(t *testing.T) {
	t.Parallel()
	robot, _, _ := open(t, "ns/payments?show=workloads", 140, 40)
	robot.Expect("Preview", "costs 27.79 points; enter opens it").ExpectLine("C ✖ runs privileged", "-14.74")
	robot.Press("j").Expect("costs 18.70 points").Press("tab").Expect("costs 14.74 points;").Press("tab").Expect("costs 18.70 points").Press("v").ExpectNot("Preview")
	robot.Press("v").Expect("costs 18.70 points")
}
