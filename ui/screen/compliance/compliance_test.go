package compliance_test

import (
	"testing"
	"testing/synctest"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/screen/compliance"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// assessed is a cluster under two rules that answer for controls: one fails for
// every workload, the other for none.
func assessed(t *testing.T) *score.Assessment {
	t.Helper()
	rule := func(id string, fails bool, controls ...string) *audit.Rule {
		return &audit.Rule{
			ID: id, Severity: audit.High, Controls: controls, Subjects: kube.WorkloadResources(),
			Check: audit.EachWorkload(func(p *audit.Pass, _ *kube.Workload) {
				if fails {
					p.Report(audit.Finding{Message: "is not as it should be"})
				}
			}),
		}
	}
	return score.Assess(screentest.Cluster(t).Build(screentest.Noon), []audit.Category{{
		ID: "security-context", Title: "Security context", Weight: 20, Heart: true,
		Rules: []*audit.Rule{rule("host-network", true, "CIS-5.2.5"), rule("privileged-container", false, "CIS-5.2.2")},
	}})
}

func TestFramework(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		width, height int
		options       style.Options
	}{
		"80x24":       {80, 24, style.Options{}},
		"140x40":      {140, 40, style.Options{}},
		"ascii-80x24": {80, 24, style.Options{NoColor: true, Tier: style.ASCII}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := compliance.New(nav.Address{Screen: "framework", Target: "cis-5"})
				robot, host := screentest.Show(t, s, assessed(t), tt.width, tt.height, tt.options)
				synctest.Wait()
				robot.ExpectSelected("CIS-5.2.5").ExpectLine("fail", "CIS-5.2.5").Expect("rules: host-network", "is not as it should be")
				robot.GoldenStyled("framework-" + name)
				robot.Press("enter")
				if want := (nav.OpenMsg{Address: "findings?filter=rule%3Dhost-network"}); len(host.Asked) != 1 || host.Asked[0] != want {
					t.Errorf("asked for %v, want %v", host.Asked, want)
				}
				robot.Press("j", "enter").Expect("not evaluated: ")
				if _, notice := host.Asked[len(host.Asked)-1].(nav.NoticeMsg); !notice {
					t.Errorf("asked for %v, want a notice that there is nothing to open", host.Asked)
				}
				robot.Press("G").ExpectSelected("CIS-5.2.2").ExpectLine("pass", "CIS-5.2.2")
				screen.Leave(s)
				host.Close()
			})
		})
	}
}

func TestUnknownFramework(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := compliance.New(nav.Address{Screen: "framework", Target: "cis-9"})
		robot, host := screentest.Show(t, s, assessed(t), 100, 24, style.Options{})
		synctest.Wait()
		robot.Expect(`there is no framework "cis-9"`).Press("j", "enter")
		if len(host.Asked) != 0 {
			t.Errorf("asked for %v", host.Asked)
		}
		screen.Leave(s)
		host.Close()
	})
}

func TestFrameworks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := compliance.NewList(nav.Address{Screen: "frameworks"})
		robot, host := screentest.Show(t, s, assessed(t), 80, 24, style.Options{})
		synctest.Wait()
		robot.ExpectSelected("cis-5").ExpectLine("cis-5", "1", "1").GoldenStyled("frameworks-80x24").Press("enter")
		if want := (nav.OpenMsg{Address: "framework/cis-5"}); len(host.Asked) != 1 || host.Asked[0] != want {
			t.Errorf("asked for %v, want %v", host.Asked, want)
		}
		screen.Leave(s)
		host.Close()
	})
}
