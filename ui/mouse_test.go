package ui_test

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/google/go-cmp/cmp"

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

// TestClicksOnTheHeatMap selects a cell by a click and opens it by another, however much
// later, and sorts by the titles.
func TestClicksOnTheHeatMap(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{100, 30}, {60, 15}} { // rows with a line between them, and without
		run(t, ui.Options{Mouse: true, At: "heatmap"}, size[0], size[1], func(u *user) {
			at := func(x, y int, after time.Duration) *user { u.t.Helper(); return u.clickAt(x, y, after) }
			u.publish().ExpectSelected("payments")
			x, _ := u.find("SECURITY")
			_, y := u.find("checkout")
			at(x, y, 0).ExpectSelected("checkout").Expect("Heat map (").ExpectLine("checkout", ">")
			at(x, y, 10*time.Second).Expect("Overview › Heat map › checkout", "filtered by category=security-")
			at(x, y, 10100*time.Millisecond).Expect("Overview › Heat map › checkout") // the second of two opens nothing below
			u.Press("-")
			u.click("kube-system", 20*time.Second).ExpectSelected("kube-system")
			u.click("kube-system", 20100*time.Millisecond).Expect("Overview › Heat map › kube-system").ExpectNot("filtered")
			u.Press("-")
			u.click("RBAC", 30*time.Second).Expect("RBAC↑")
			u.click("RBAC", 31*time.Second).Expect("RBAC↓")
			u.click("SCORE", 32*time.Second).Expect("SCORE↑")
			before := u.Screen()
			at(0, 5, 33*time.Second)
			at(5, size[1]-3, 34*time.Second) // the legend
			if diff := cmp.Diff(before, u.Screen()); diff != "" {
				u.t.Errorf("a click beside the cells changes the screen:\n%s", diff)
			}
		})
	}
}

// TestClicksOnTabs turns to the views of the screens that have some.
func TestClicksOnTabs(t *testing.T) {
	t.Parallel()
	for address, views := range map[string][][2]string{
		"rbac":                                 {{"5 stale", "RBAC stale"}, {"2 subject", "RBAC subject"}, {"[2 subject]", "RBAC subject"}, {"1 who-can", "Grants ("}},
		"ns/payments":                          {{"Workloads 2", "Workloads (2)"}, {"[Workloads]", "Workloads (2)"}, {"Findings 26", "Findings (26)"}},
		"object/deploy/payments/gateway":       {{"describe", "[describe]"}, {"events", "[events]"}, {"YAML", "[YAML]"}},
		"workload/Deployment/payments/gateway": {{"Pods ", "[Pods"}, {"Findings", "[Findings"}},
	} {
		run(t, ui.Options{Mouse: true, At: address}, 80, 24, func(u *user) {
			u.publish()
			for i, view := range views {
				u.click(view[0], time.Duration(i)*time.Minute).Expect(view[1])
			}
			_, y := u.find(views[0][0])
			before := u.Screen()
			u.clickAt(79, y, time.Hour)
			if diff := cmp.Diff(before, u.Screen()); diff != "" && !strings.HasPrefix(address, "object") {
				u.t.Errorf("a click beside the tabs of %s changes the screen:\n%s", address, diff)
			}
		})
	}
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
