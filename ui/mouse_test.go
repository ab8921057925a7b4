package ui_test

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/ui"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// find returns the cell at which a text begins on the screen.
func (u *user) find(text string) (x, y int) {
	u.t.Helper()
	for y, line := range u.Lines() {
		if before, _, found := strings.Cut(line, text); found {
			return len([]rune(before)), y
		}
	}
	u.t.Fatalf("the screen does not show %q:\n%s", text, u.Screen())
	return 0, 0
}

// click clicks on a text at so much time after noon.
func (u *user) click(text string, after time.Duration) *user {
	u.t.Helper()
	x, y := u.find(text)
	return u.clickAt(x, y, after)
}

func (u *user) clickAt(x, y int, after time.Duration) *user {
	u.t.Helper()
	u.Send(ui.Pointed(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft}, screentest.Noon.Add(after)))
	return u
}

// turn turns the wheel over a text.
func (u *user) turn(text string, button tea.MouseButton) *user {
	u.t.Helper()
	x, y := u.find(text)
	u.Send(ui.Pointed(tea.MouseWheelMsg{X: x, Y: y, Button: button}, screentest.Noon))
	return u
}

func TestTheMouseIsTheTerminalsAtFirst(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{}, 100, 30, func(u *user) {
		mode := func(want tea.MouseMode) {
			u.t.Helper()
			if got := u.View().MouseMode; got != want {
				u.t.Errorf("the mouse is asked for as %v, want %v", got, want)
			}
		}
		u.publish()
		mode(tea.MouseModeNone)
		u.click("search", 0).ExpectSelected("payments")
		u.Press("M").Expect("shift-drag selects text")
		mode(tea.MouseModeCellMotion)
		u.Press("M").Expect("the terminal's again")
		mode(tea.MouseModeNone)
	})
	run(t, ui.Options{Mouse: true}, 100, 30, func(u *user) {
		if u.publish(); u.View().MouseMode != tea.MouseModeCellMotion {
			u.t.Error("the mouse was asked for and is not taken")
		}
	})
}

func TestClicks(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{Mouse: true}, 100, 30, func(u *user) {
		u.publish()
		u.click("search", 0).ExpectSelected("search")
		u.click("payments", time.Second).ExpectSelected("payments")
		u.click("payments", 2*time.Second).ExpectSelected("payments").Expect("Namespaces (")
		u.click("payments", 2300*time.Millisecond).Expect("Findings (") // the second of two
		u.click("Overview", 3*time.Second).Expect("Namespaces (")
		u.click("SCORE", 4*time.Second)
		first := strings.Join(u.Lines(), "\n")
		u.click("SCORE", 5*time.Second)
		if strings.Join(u.Lines(), "\n") == first {
			u.t.Error("a second click on a title does not reverse the order")
		}
		u.click("help", 6*time.Second).Expect("up one row")
		u.click("Overview", 7*time.Second).Expect("Namespaces (")
	})
}

func TestTheWheel(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{Mouse: true, At: "findings"}, 160, 30, func(u *user) {
		u.publish()
		table := u.Model().(*ui.Model).ShownTable()
		u.turn("SEV", tea.MouseWheelDown)
		if _, row, _ := table.Selected(); row != 3 {
			u.t.Errorf("the wheel went to row %d, want 3", row)
		}
		u.turn("SEV", tea.MouseWheelUp)
		u.turn("Preview", tea.MouseWheelDown)
		if _, row, _ := table.Selected(); row != 0 {
			u.t.Errorf("the wheel over another pane went to row %d, want 0", row)
		}
	})
	run(t, ui.Options{Mouse: true, At: "help"}, 80, 24, func(u *user) {
		u.publish().Expect("up one row")
		u.turn("up one row", tea.MouseWheelDown).ExpectNot("up one row")
	})
}

func TestClicksInWhatLiesOver(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{Mouse: true}, 100, 30, func(u *user) {
		u.publish().Press("ctrl+p").Type("@payments").Expect("Find")
		x, y := u.find("> namespace")
		u.clickAt(x, y, 0).Expect("Findings (").ExpectNot("Find ─")
		u.Press("ctrl+p").Expect("any words, or")
		u.clickAt(0, 0, time.Second).ExpectNot("any words, or")
		u.Press("esc", "C").Expect("[x] grade")
		u.click("[x] grade", 2*time.Second).Expect("[ ] grade")
		u.clickAt(0, 5, 3*time.Second).ExpectNot("[ ] grade")
		u.Press("/").Type("pay").Expect("/pay")
		u.click("payments", 4*time.Second).ExpectNot("/pay").Expect("filtered by pay")
	})
}
