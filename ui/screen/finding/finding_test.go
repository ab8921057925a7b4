package finding_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/screen/finding"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// choices is a rule that knows several fixes, some of which cannot be shown.
func choices(fixes ...audit.Fix) []audit.Category {
	return []audit.Category{{ID: "probes", Title: "Probes", Heart: true, Weight: 1, Rules: []*audit.Rule{{
		ID: "choice", Severity: audit.Medium, Subjects: []kube.Resource{kube.Deployments}, Remediation: "Decide.",
		Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
			p.Report(audit.Finding{Path: "spec.paused", Message: "not decided", Fixes: fixes})
			p.Report(audit.Finding{Path: "spec.paused", Message: "not decided either"})
		}),
	}}}}
}

const cart = "choice/checkout/Deployment/cart//spec.paused"

func open(key string) *finding.Screen {
	return finding.New(nav.Address{Screen: "finding", Target: key}, screen.NewMarks())
}

func assess(t *testing.T, categories []audit.Category) *score.Assessment {
	t.Helper()
	return score.Assess(screentest.Cluster(t).Build(screentest.Noon), categories)
}

func TestSeveralFixes(t *testing.T) {
	t.Parallel()
	replicas := audit.SetField("have five", "spec.replicas", int64(5))
	replicas.Risk = "It costs more."
	policy := audit.Fix{Title: "forbid all traffic", New: []audit.Object{{
		"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
		"metadata": map[string]any{"name": "deny", "namespace": "checkout"}, "spec": map[string]any{"podSelector": map[string]any{}},
	}}}
	elsewhere := audit.Fix{Title: "change what is not there", Edits: []audit.Edit{{Object: kube.Deployments.Ref("checkout", "gone"), Path: "spec.replicas", Value: int64(1)}}}
	robot, host := screentest.Show(t, open(cart), assess(t, choices(replicas, policy, elsewhere)), 100, 40, style.Options{})
	robot.Expect("Fix 1 of 3: have five", "It costs more.", "+   replicas: 5", "-   replicas: 3")
	robot.Press("f").Expect("Fix 2 of 3: forbid all traffic", "+ kind: NetworkPolicy").ExpectNot("It costs more.")
	robot.Press("y")
	if len(host.Asked) != 1 || host.Asked[0].(nav.CopyMsg).What != "the patch" {
		t.Errorf("the screen asked for %v, want one copy", host.Asked)
	}
	robot.Press("f").Expect("Fix 3 of 3", "The change cannot be shown", "is not in view", "Decide.")
	robot.Press("f").Expect("Fix 1 of 3")
	robot.Press("n").Expect("No mechanical fix", "A person must decide here. Decide.", "not decided either").ExpectNot("DO  ")
	robot.Press("f", "y")
	if notice, ok := host.Asked[1].(nav.NoticeMsg); !ok || notice.Text != "there is no patch to copy" {
		t.Errorf("the screen asked for %v, want a notice", host.Asked[1:])
	}
}

// TestAFixThatTakesLong: a rule that is judged as a whole is asked in the background,
// and until it has answered the screen claims neither a fix nor that there is none.
func TestAFixThatTakesLong(t *testing.T) {
	t.Parallel()
	categories := choices(audit.SetField("have five", "spec.replicas", int64(5)))
	rule := categories[0].Rules[0]
	rule.Wide = true
	asked := make(chan struct{})
	assessed := assess(t, categories)
	rule.Check = audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		<-asked
		p.Report(audit.Finding{Path: "spec.paused", Message: "not decided", Fixes: []audit.Fix{audit.SetField("have five", "spec.replicas", int64(5))}})
	})
	robot, _ := screentest.Show(t, open(cart), assessed, 100, 40, style.Options{})
	robot.Expect("asking the rule for it").ExpectNot("No mechanical fix", "A person must decide")
	close(asked)
	robot.WaitFor("Fix: have five", 10*time.Second).Expect("+   replicas: 5")
}

// TestWhatAPersonHasToFillIn: what is to be set is shown, and not called a fix.
func TestWhatAPersonHasToFillIn(t *testing.T) {
	t.Parallel()
	blank := audit.SetField("fill in the replicas: a placeholder", "spec.replicas", "<as many as it takes>")
	blank.Risk = "No server accepts it as it is."
	categories := choices()
	categories[0].Rules[0].Check = audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		p.Report(audit.Finding{Path: "spec.paused", Message: "not decided", Placeholder: &blank})
		p.Report(audit.Finding{Path: "spec.paused", Message: "not decided either"})
	})
	robot, _ := screentest.Show(t, open(cart), assess(t, categories), 100, 40, style.Options{})
	robot.Expect("No fix, but to fill in the replicas: a placeholder", "No server accepts it as it is.", "+   replicas: <as many as it takes>", "DO        Decide.").
		ExpectNot("Fix: ", "A person must decide")
	robot.Press("n").Expect("A person must decide here. Decide.").ExpectNot("placeholder")
}

// TestTwoFindingsAtOnePlace steps through findings with one ID: each has its turn.
func TestTwoFindingsAtOnePlace(t *testing.T) {
	t.Parallel()
	s := open(cart)
	robot, host := screentest.Show(t, s, assess(t, choices()), 80, 24, style.Options{})
	robot.ExpectLine("WRONG", "not decided").ExpectNot("either").Press("n").ExpectLine("WRONG", "not decided either")
	if got := s.Address().Target; got != cart+"#1" {
		t.Errorf("the address leads to %q", got)
	}
	robot.Press("n")
	if len(host.Asked) != 1 {
		t.Errorf("after the last finding the screen asked for %v", host.Asked)
	}
	robot.Send(assess(t, choices())).Expect("not decided either").Press("p").ExpectNot("either")
}

// TestTheReaderStays: a new view of the cluster moves nothing that did not change.
func TestTheReaderStays(t *testing.T) {
	t.Parallel()
	a := assess(t, screentest.Categories())
	const key = "privileged-container/payments/Deployment/gateway/gateway/spec.template.spec.containers[0].securityContext.privileged"
	robot, _ := screentest.Show(t, open(key), a, 80, 16, style.Options{})
	robot.Press("G", "tab", "G")
	before := robot.Screen()
	robot.Send(assess(t, screentest.Categories()))
	if robot.Screen() != before {
		t.Errorf("the screen was\n%s\nand is now\n%s", before, robot.Screen())
	}
}

func TestWhatFollowsFromAnother(t *testing.T) {
	t.Parallel()
	const key = "allow-privilege-escalation/payments/Deployment/gateway/gateway/spec.template.spec.containers[0].securityContext.allowPrivilegeEscalation"
	robot, _ := screentest.Show(t, open(key), assess(t, screentest.Categories()), 100, 30, style.Options{})
	robot.Expect("follows from privileged-container").ExpectNot("costs", "GAIN")
}

func TestWhereItIsWritten(t *testing.T) {
	t.Parallel()
	source := manifest.New([]string{"testdata/pod.yaml"}, manifest.Options{})
	c, err := kube.Load(t.Context(), source, nil)
	if err != nil {
		t.Fatal(err)
	}
	const key = "privileged-container/default/Pod/lone/main/spec.containers[0].securityContext.privileged"
	robot, _ := screentest.Show(t, open(key), score.Assess(c, screentest.Categories()), 100, 30, style.Options{})
	robot.ExpectLine("WRITTEN", "testdata/pod.yaml:10").ExpectNot("RUNS")
}

func TestNoSuchFinding(t *testing.T) {
	t.Parallel()
	s := open("nothing/like/this")
	robot, host := screentest.Show(t, s, assess(t, nil), 80, 24, style.Options{})
	robot.Expect("there is no finding nothing/like/this").Press("n", "p", "f", "tab", "j", "enter")
	if robot.Press("y"); len(host.Asked) != 1 {
		t.Errorf("the screen asked for %v", host.Asked)
	}
	if s.Title() != "finding" {
		t.Errorf("the title is %q", s.Title())
	}
	robot.Send(tea.WindowSizeMsg{Width: 20, Height: 3}).Send(tea.WindowSizeMsg{Width: 1, Height: 1})
}

// TestTheChangeSideBySide turns the change, and says where there is no room.
func TestTheChangeSideBySide(t *testing.T) {
	t.Parallel()
	a := assess(t, choices(audit.SetField("have five", "spec.replicas", int64(5))))
	robot, host := screentest.Show(t, open(cart), a, 120, 40, style.Options{})
	robot.ExpectLine("-   replicas: 3", "+   replicas: 5").Press("d").ExpectLine("-   replicas: 3").ExpectLine("+   replicas: 5")
	for _, line := range robot.Lines() {
		if strings.Contains(line, "replicas: 3") && strings.Contains(line, "replicas: 5") {
			t.Errorf("in one column there is the line %q", line)
		}
	}
	robot.Press("d").ExpectLine("-   replicas: 3", "+   replicas: 5").Resize(80, 24).ExpectLine("-   replicas: 3").Press("d")
	if notice, ok := host.Asked[0].(nav.NoticeMsg); !ok || !strings.HasPrefix(notice.Text, "side by side needs ") {
		t.Errorf("the screen asked for %v, want a notice", host.Asked)
	}
	robot.Resize(120, 40).ExpectLine("-   replicas: 3", "+   replicas: 5")
}

// TestAFindingIsMarked marks the finding that is shown, and only as many as can be.
func TestAFindingIsMarked(t *testing.T) {
	t.Parallel()
	marks := screen.NewMarks()
	s := finding.New(nav.Address{Screen: "finding", Target: cart}, marks)
	robot, host := screentest.Show(t, s, assess(t, choices()), 100, 40, style.Options{})
	robot.Press("space").Expect("* marked").Press("n").ExpectNot("* marked").Press("p").Expect("* marked").Press("space").ExpectNot("* marked")
	for i := range screen.MostMarked {
		marks.Add(fmt.Sprint(i))
	}
	robot.Press("space").ExpectNot("* marked")
	if notice, ok := host.Asked[len(host.Asked)-1].(nav.NoticeMsg); !ok || !strings.Contains(notice.Text, "no more than 5000") {
		t.Errorf("the screen asked for %v, want a notice", host.Asked)
	}
	if s.Scope() != "checkout" {
		t.Errorf("the scope is %q", s.Scope())
	}
}
