package ui_test

import (
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
)

func TestPalette(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{}, 80, 24, func(u *user) {
		u.publish().Press("ctrl+k").Expect("Find", "any words", "> commands", "up one row").Type("sortcol").ExpectLine("> command", "sort by the next column", "s")
		u.Press("esc").ExpectNot("any words").ExpectSelected("payments")
		u.Press("ctrl+p").Type("payments").ExpectLine("> namespace", "payments").Press("enter").Expect("Overview › payments", "Findings (26)")
		u.Press("ctrl+p").Type("gateway").ExpectLine("> object", "payments/deploy/gateway", "Deployment").Press("enter")
		u.Expect("payments › deploy/gateway")
		u.Press("ctrl+p").Type("#priv").ExpectLine("> rule", "privileged-container", "critical").Press("enter").Expect("gateway › privileged-container", "Why it matters").Press("enter").Expect("filtered by rule=privileged-container")
		u.Press("ctrl+p").Type("escal").ExpectLine("> screen", "rbac/escalation").Press("enter").Expect("Reach cluster-admin (1)")
		u.Press("ctrl+p").Type("zzzz").Expect("nothing is called so", "0 of").Press("enter").Expect("nothing is called so").Press("esc")
		u.Press("ctrl+p").ExpectLine("> screen", "rbac/escalation").ExpectLine("rule", "privileged-container") // what was chosen stands first
		u.Press("down", "tab").ExpectLine("> object", "payments/deploy/gateway").Press("up", "enter").Expect("› privileged-container", "Why it matters")
		u.Press("ctrl+p").Type(">leave").Press("enter").ExpectQuit()
	})
}

func TestPaletteRunsCommands(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{}, 60, 15, func(u *user) {
		u.publish().Press("ctrl+p").Type(">filter the").Press("enter").Expect("/").Type("check").Press("enter", "ctrl+p").Type("reverse the").ExpectLine("> command", "reverse", "S").Press("enter").ExpectSelected("checkout")
		u.Press("ctrl+p").Type("findings of a rule").ExpectLine(":rule RULE").Press("enter").Expect(":rule ").Type("pdb").Press("tab").Expect(":rule pdb-missing").Press("enter").Expect("rule=pdb-missing")
		u.Press("ctrl+p").Send(paste("leave the pro\x1b[2J")).Press("backspace", "backspace", "backspace").Expect("leave the program").Resize(40, 10).Resize(200, 50).Expect("leave the program").Press("pgdown", "pgup", "enter").ExpectQuit()
	})
}

// TestPaletteOfMany: what is typed before all is gathered is not lost.
func TestPaletteOfMany(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{}, 100, 30, func(u *user) {
		u.grow(screen.Few / 4)
		u.Patience = 0
		u.Press("ctrl+p").Type("member-042").Press("enter")
		u.Patience = time.Second
		u.wait().Expect("Deployment crowd/member-042")
	})
}

func TestCommandLine(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{}, 100, 30, func(u *user) {
		u.publish().Press(":").Type("fil").Expect(":filter").Press("tab").Type(" score<60").Press("enter").Expect("Namespaces (2 of 6)")
		u.Press(":").Type("filter nope:x").Press("enter").Expect(`unknown column "nope"`, "Namespaces (2 of 6)")
		u.Press(":").Type("filter").Press("enter").Expect("Namespaces (6)")
		u.Press(":").Type("unmakr").Press("enter").Expect(`there is no command or screen "unmakr"; did you mean "unmark"?`)
		u.Press(":").Type("address").Press("enter").Expect("copied overview")
		u.Press(":").Type("rule pdb-mising").Press("enter").Expect(`there is no rule "pdb-mising"; did you mean "pdb-missing"?`)
		u.Press(":").Type("rule").Press("enter").Expect("rule needs an argument: rule RULE")
		u.Press(":").Type("unmark all").Press("enter").Expect("unmark takes no argument")
		u.Press(":", "up").Expect(":unmark all").Press("esc")
		u.Press("enter", ":").Type("mark").Press("enter").Expect("26 marked").Press(":").Type("unmark").Press("enter").ExpectNot("26 marked")
		u.Press(":").Type("framework/ci").Press("tab").Expect(":framework/cis").Press("esc", ":").Type("q").Press("enter").ExpectQuit()
	})
}

// TestFilterByLabelsOfWhatIsNotHeld: the group of what has no namespace is no object, and
// has no label.
func TestFilterByLabelsOfWhatIsNotHeld(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{}, 80, 24, func(u *user) {
		u.cluster.Delete(kube.Namespaces, "", "payments")
		u.publish().Press("/").Type("-l app=nothing").Expect("Namespaces (0 of")
	})
}
