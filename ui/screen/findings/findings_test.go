package findings_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/screen/findings"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/uitest"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

func open(t *testing.T, address string, width, height int) (*uitest.Robot, *findings.Screen, *screentest.Host) {
	t.Helper()
	a, err := nav.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	s := findings.New(a, screen.NewMarks())
	robot, host := screentest.Show(t, s, screentest.Assess(screentest.Cluster(t)), width, height, style.Options{})
	return robot, s, host
}

func TestFilterByEachColumn(t *testing.T) {
	t.Parallel()
	for filter, want := range map[string]int{
		"": 40, "sev=critical": 2, "sev>=high": 4, "sev<medium": 11, "points>5": 6, "ns=payments": 26, `ns:"(cluster)"`: 1,
		"rule:probe": 8, "category=rbac": 8, "kind=StatefulSet": 11, "object:gateway": 14, "container=proxy": 3,
		"message:privileged": 2, "control:CIS-5.2.2": 2, "fix=yes": 15, "!fix=yes": 25, "payments privileged": 1, "jane": 1,
		"-l app=gateway": 14, "-l app=gateway sev>=high": 1, `-l "app in (cart, index)"`: 2, "!-l app": 2, "~prvlgd": 2,
	} {
		robot, s, _ := open(t, "findings", 140, 40)
		if err := s.Filter(filter); err != nil {
			t.Errorf("the filter %q is refused: %v", filter, err)
			continue
		}
		robot.Resize(140, 60)
		if title := titled(robot, "Findings ("); !strings.HasPrefix(title, fmt.Sprintf("%d of 40)", want)) && !strings.HasPrefix(title, fmt.Sprintf("%d)", want)) {
			t.Errorf("the filter %q lets %q through, want %d", filter, title, want)
		}
	}
	_, s, _ := open(t, "findings", 140, 40)
	for _, filter := range []string{"colour=red", "sev>=worst", "points>much", `"open`, "sev="} {
		if err := s.Filter(filter); err == nil {
			t.Errorf("the filter %q is taken", filter)
		}
		if s.FilterText() != "" {
			t.Errorf("after the wrong filter %q there is the filter %q", filter, s.FilterText())
		}
	}
}

// titled returns what stands behind a text in a title.
func titled(robot *uitest.Robot, text string) string {
	for _, line := range robot.Lines() {
		if _, rest, found := strings.Cut(line, text); found {
			return rest
		}
	}
	return ""
}

// TestSortByEachColumn sorts by each column either way. The cursor was not moved,
// so it stays on the first row.
func TestSortByEachColumn(t *testing.T) {
	t.Parallel()
	robot, _, _ := open(t, "findings", 240, 60)
	robot.Expect("SEV↓").ExpectSelected("C ✖").Press("S").Expect("SEV↑").ExpectSelected("implied").Press("S")
	for _, want := range []struct{ title, first, reversed string }{
		{"POINTS↓", "-39.30", "0 checkout"},
		{"NAMESPACE↑", "(cluster)", "payments"},
		{"OBJECT↑", "clusterrolebinding/jane-adm", "sts/ledger"},
		{"WHAT IS WRONG↑", "ServiceAccount payments/ledger", "the token of ServiceAccount ledger"},
		{"RULE↑", "allow-privilege-escalation", "service-account-token-mount"},
	} {
		robot.Press("s").Expect(want.title).ExpectSelected(want.first)
		robot.Press("S").ExpectNot(want.title).ExpectSelected(want.reversed)
	}
	robot.Press("s").Expect("SEV↓")
}

func TestOpen(t *testing.T) {
	t.Parallel()
	robot, s, host := open(t, "ns/payments", 100, 30)
	robot.Press("j", "enter")
	if len(host.Asked) != 1 || !strings.HasPrefix(host.Asked[0].(nav.OpenMsg).Address, "finding/host-path-sensitive/payments/StatefulSet/ledger/") {
		t.Errorf("the screen asked for %v", host.Asked)
	}
	if got := s.Title(); got != "payments" {
		t.Errorf("the title is %q", got)
	}
	robot, _, host = open(t, "ns/nowhere", 100, 30)
	robot.Press("enter", "j", "G", "s")
	if len(host.Asked) != 0 {
		t.Errorf("without a row the screen asked for %v", host.Asked)
	}
}

func TestAddress(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"findings", "ns/payments", "findings?filter=sev%3E%3Dhigh", "ns/payments?filter=fix%3Dyes"} {
		_, s, _ := open(t, text, 100, 30)
		if got := s.Address().String(); got != text {
			t.Errorf("the screen at %q is at %q", text, got)
		}
	}
	robot, s, _ := open(t, "findings?colour=red", 140, 30)
	robot.Expect("Findings (40)", `not filtered: unknown column "colour"`)
	if got := s.Address().String(); got != "findings" {
		t.Errorf("with a filter that does not fit the address is %q", got)
	}
	robot.Send(screentest.Assess(screentest.Cluster(t))).Expect("not filtered")
	if err := s.Filter("sev=high"); err != nil {
		t.Fatal(err)
	}
	robot.Resize(140, 31).ExpectNot("not filtered")
}

func TestWhatIsInANamespace(t *testing.T) {
	t.Parallel()
	robot, _, _ := open(t, "ns/payments", 140, 40)
	robot.Expect("payments  49.3 F", "Security context", "Preview", "costs 14.74 points; +11.2 if it alone is gone", "fix: run unprivileged")
	robot.Press("G").Expect("follows from").ExpectNot("if it alone is gone")
	robot.Send(screentest.Assess(screentest.Cluster(t))).ExpectSelected("implied")
	robot, _, _ = open(t, "ns/vacant", 80, 24)
	robot.Expect("vacant  nothing to score", "Findings (0)", "nothing was found here")
}
