package fixplan_test

import (
	"strings"
	"testing"

	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/screen/fixplan"
	"github.com/seaworthy-dev/seaworthy/ui/uitest"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// TestRowsAreFiltered hides rows by each field, of a plan and of a way; the plan that is
// written is whole.
func TestRowsAreFiltered(t *testing.T) {
	t.Parallel()
	visit(t, "plan?filter=what%3Dchange", judge, screentest.Cluster(t), nil, func(robot *uitest.Robot, s *fixplan.Screen, host *screentest.Host) {
		robot.Expect("filtered by what=change").ExpectNot("host-path-sensitive")
		if got := s.Address().String(); got != "plan?filter=what%3Dchange" {
			t.Errorf("the address is %s", got)
		}
		for text, want := range map[string]string{
			"object:ledger what=change": "sts/ledger", "gain>=5": "deploy/gateway", "rule:privileged sev=critical": "deploy/gateway", "pods>=2 ns=payments !ledger": "deploy/gateway",
			"what=decide sev>=high ns:pay": "sts/ledger", "-l app=gateway what=change": "deploy/gateway", "what=decide -l app=ledger sev>=high": "sts/ledger",
		} {
			if err := s.Filter(text); err != nil {
				t.Fatal(err)
			}
			robot.Send(screentest.Nothing{}).Press("g").ExpectSelected(want).Expect(" filtered by " + text)
		}
		for text, wrong := range map[string]string{"colour:red": "unknown column", "gain>=much": "much"} {
			if err := s.Filter(text); err == nil || !strings.Contains(err.Error(), wrong) {
				t.Errorf("%q gives the error %v", text, err)
			}
		}
		if err := s.Filter("server:accepted"); err != nil {
			t.Fatal(err)
		}
		robot.Send(screentest.Nothing{}).Expect("nothing matches the filter", "(0 of ").Press("j", "enter", "tab", "y", "G", "e")
		export, ok := host.Asked[len(host.Asked)-1].(screen.ExportMsg)
		if !ok || len(export.Plan.Objects) < 3 {
			t.Errorf("asked for %v, want the whole plan to be written", host.Asked)
		}
	})
	visit(t, "plan?target=90&filter=score%3E75", judge, screentest.Cluster(t), nil, func(robot *uitest.Robot, s *fixplan.Screen, _ *screentest.Host) {
		robot.Expect("Steps (", " filtered by score>75").ExpectNot("a person")
		if got := s.Address().String(); got != "plan?filter=score%3E75&target=90" {
			t.Errorf("the address is %s", got)
		}
		if err := s.Filter("step<=2"); err != nil {
			t.Fatal(err)
		}
		robot.Send(screentest.Nothing{}).Expect("Steps (2 of ").Press("g").ExpectSelected("1 ").Press("j").ExpectSelected("2 ")
	})
	visit(t, "plan?filter=colour%3Ared", judge, screentest.Cluster(t), nil, func(robot *uitest.Robot, s *fixplan.Screen, _ *screentest.Host) {
		robot.Expect(`not filtered: unknown column "colour"`)
		if err := s.Filter(""); err != nil {
			t.Fatal(err)
		}
		robot.Send(screentest.Nothing{}).ExpectNot("not filtered")
	})
}
