package overview_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/screen/overview"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/trend"
	"github.com/seaworthy-dev/seaworthy/ui/uitest"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

func open(t *testing.T, address string, a *score.Assessment, width, height int) (*uitest.Robot, *overview.Screen, *screentest.Host) {
	t.Helper()
	parsed, err := nav.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	s := overview.New(parsed, screen.NewMarks(), &trend.Log{})
	robot, host := screentest.Show(t, s, a, width, height, style.Options{})
	return robot, s, host
}

func TestFilterByEachColumn(t *testing.T) {
	t.Parallel()
	a := screentest.Assess(screentest.Cluster(t))
	for filter, want := range map[string]int{
		"ns:pay": 1, "grade=F": 1, "grade=A": 2, "group=platform": 1, "group=cluster": 1, "group=application": 4,
		"score<60": 2, "score>=100": 1, "coverage=100": 6, "subjects=0": 1, "critical>0": 2, "high=1": 2, "medium>14": 1, "low<1": 4, "info>0": 3,
		"probes<100": 2, "security-context<50": 2, "rbac=100": 2, "autoscaling>0": 0, "search": 1, "a|e": 6, "!score<60": 4,
	} {
		robot, s, _ := open(t, "overview", a, 100, 30)
		if err := s.Filter(filter); err != nil {
			t.Errorf("the filter %q is refused: %v", filter, err)
			continue
		}
		robot.Expect() // the frame is drawn by the next message
		robot.Resize(101, 30)
		if title := fmt.Sprintf("Namespaces (%d of 6) filtered by %s", want, filter); !strings.Contains(robot.Screen(), title) {
			t.Errorf("the filter %q does not let %d through:\n%s", filter, want, robot.Screen())
		}
	}
}

func TestSortByEachColumn(t *testing.T) {
	t.Parallel()
	robot, _, _ := open(t, "overview", screentest.Assess(screentest.Cluster(t)), 100, 30)
	for _, want := range []struct{ title, first, reversed string }{
		{"↑", "payments", "search"}, // the grade, whose column is too narrow for a title
		{"NAMESPACE↑", "(cluster)", "search"},
		{"RBAC↑", "(cluster)", "checkout"},
		{"SECURIT↑", "payments", "checkout"},
		{"PDB↑", "checkout", "search"},
		{"LIMIT↑", "kube-system", "checkout"},
		{"PROBE↑", "kube-system", "checkout"},
		{"HPA↑", "(cluster)", "(cluster)"},
		{" C↓", "kube-system", "(cluster)"},
		{" H↓", "(cluster)", "checkout"},
		{" M↓", "payments", "(cluster)"},
		{" L↓", "payments", "(cluster)"},
		{"SUBJECT↓", "payments", "(cluster)"},
		{"SCORE↑", "payments", "search"},
	} {
		robot.Press("s", "g").Expect(want.title).ExpectSelected(want.first)
		robot.Press("S", "g").ExpectNot(want.title).ExpectSelected(want.reversed)
		if want.title != "↑" {
			robot.Press("S").Expect(want.title)
		}
	}
}

func TestWide(t *testing.T) {
	t.Parallel()
	a := screentest.Assess(screentest.Cluster(t))
	for width, want := range map[int][2]string{80: {"NAMESPACE", "HPA"}, 120: {"SUBJECTS", "SEEN"}, 200: {"SUBJECTS", "SEEN"}} {
		robot, _, _ := open(t, "overview", a, width, 24)
		robot.Expect(want[0]).ExpectNot(want[1]).Press("w").Expect("NAMESPACE", want[1]).ExpectSelected("payments")
		robot.Press("w").Expect(want[0]).ExpectNot(want[1])
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	robot, _, host := open(t, "overview", screentest.Assess(screentest.Cluster(t)), 80, 24)
	robot.Press("j", "j", "enter")
	if len(host.Asked) != 1 || host.Asked[0] != (nav.OpenMsg{Address: "ns/%28cluster%29"}) && host.Asked[0] != (nav.OpenMsg{Address: "ns/(cluster)"}) {
		t.Errorf("the screen asked for %v", host.Asked)
	}
}

func TestAddress(t *testing.T) {
	t.Parallel()
	a := screentest.Assess(screentest.Cluster(t))
	for _, text := range []string{"overview", "overview?filter=score%3C60"} {
		if _, s, _ := open(t, text, a, 80, 24); s.Address().String() != text {
			t.Errorf("the screen at %q is at %q", text, s.Address())
		}
	}
	robot, s, _ := open(t, "overview?colour=red", a, 140, 24)
	robot.Expect("not filtered: unknown column")
	if s.Address().String() != "overview" {
		t.Errorf("with a filter that does not fit the address is %q", s.Address())
	}
}

func TestWhatGainsMost(t *testing.T) {
	t.Parallel()
	a := screentest.Assess(screentest.Cluster(t))
	robot, _, _ := open(t, "overview", a, 200, 50)
	robot.ExpectLine("+39.3", "cluster-admin-bound", "(cluster)").ExpectLine("+11.2", "privileged-container", "payments")
	robot.ExpectLine("payments  49.3 F").ExpectLine("deploy/gateway proxy", "may gain privileges")
	robot.Press("G").ExpectLine("─ vacant ─").Press("k").ExpectLine("search  100.0 A").Expect("nothing was found here")
	robot.Resize(129, 50).ExpectNot("What gains most", "search  100.0 A")
	robot.Resize(130, 30).Expect("What gains most").ExpectNot("search  100.0 A")
	// What is promised is what another evaluation gives, not a part of the points.
	for _, n := range a.Namespaces {
		if n.Name != "payments" {
			continue
		}
		for _, f := range n.Findings {
			if f.Rule.ID == "privileged-container" && fmt.Sprintf("%.1f", n.GainOfRule(f.Rule)) != "11.2" {
				t.Errorf("the gain is %v", n.GainOfRule(f.Rule))
			}
		}
	}
}

// TestOtherCategories stand beside the others on a wide screen, and in the wide
// table.
func TestOtherCategories(t *testing.T) {
	t.Parallel()
	categories := append(screentest.Categories(), audit.Category{ID: "tidiness", Title: "Tidiness", Label: "tidy", Weight: 1, Rules: []*audit.Rule{{
		ID: "untidy", Severity: audit.Low, Subjects: []kube.Resource{kube.Deployments},
		Check: audit.EachWorkload(func(p *audit.Pass, _ *kube.Workload) { p.Report(audit.Finding{Message: "untidy"}) }),
	}}})
	a := score.Assess(screentest.Cluster(t).Build(screentest.Noon), categories)
	robot, s, _ := open(t, "overview", a, 140, 30)
	robot.ExpectNot("Tidiness", "TIDY").Press("w").Expect("TIDY").ExpectNot("Tidiness")
	robot.Resize(200, 50).ExpectLine("Tidiness", "95.1", "L5")
	if err := s.Filter("tidiness<100"); err != nil {
		t.Error(err)
	}
}
