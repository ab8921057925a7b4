package ui_test

import (
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui"
)

// TestARuleIsRead opens a rule, reads it, and goes to its findings.
func TestARuleIsRead(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{}, 100, 30, func(u *user) {
		u.publish().Press(":").Type("rules").Press("enter").Expect("Overview › Rules", "Rules (18, 0 off)").ExpectSelected("readiness-probe-missing")
		u.Press("/").Type("control:CIS sev>=critical rule:privileged").Press("enter").Expect("Rules (1 of 18").ExpectSelected("privileged-container")
		u.Press("enter").Expect("› privileged-container", "Why it matters", "2 open findings; 5 subjects judged, 2 fail", "Elsewhere: ")
		u.Press("tab").Expect("This fails, and its fix").ExpectLine("-", "privileged: true", "# fails:").Press("tab").Expect("This passes", "kind: ").Press("shift+tab", "shift+tab")
		u.Press("enter").Expect("Findings (2 of 40) filtered by rule=privileged-container", "deploy/gateway")
		u.Press("esc", "esc").Expect("Why it matters").Press("f").Expect("filtered by rule=privileged-container").Press("esc", "esc", "esc").ExpectSelected("privileged-container")
		u.Press("esc").Press(":").Type("rule/of-nobody").Press("enter").Expect("There is no rule of-nobody").Press("enter", "tab", "j", "d")
	})
}

// TestARuleThatCannotJudge names what it lacks.
func TestARuleThatCannotJudge(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{At: "rules?filter=unknown>0"}, 140, 40, func(u *user) {
		u.publish().Expect("no rule matches the filter")
		u.cluster.SetState(kube.State{Resource: kube.PodDisruptionBudgets, Phase: kube.Forbidden, Verb: "list", Reason: "jane may not list poddisruptionbudgets\x1b[2J"})
		u.publish().WaitFor("Rules (2 of 18", 5*time.Second)
		u.ExpectSelected("pdb-missing").Expect("jane may not list", "unknown in").ExpectNot("\x1b[2J")
	})
}
