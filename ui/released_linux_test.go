package ui_test

import (
	"context"
	"testing"

	"github.com/seaworthy-dev/seaworthy/themes"
	"github.com/seaworthy-dev/seaworthy/ui"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/pty"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// quickly is logged in to at once: the shortest time that a terminal can be released for.
type quickly struct{ drawing bool }

func (*quickly) Needed() bool                  { return false }
func (q *quickly) Login(context.Context) error { q.drawing = q.drawing || ui.Drawing(); return nil }

// TestTheScreenComesBack releases the terminal again and again for no time, and has the
// screen drawn after each.
func TestTheScreenComesBack(t *testing.T) { //nolint:paralleltest // another program beside it would have a drawer too
	if ui.Drawing() {
		t.Fatal("a drawer runs before any program does")
	}
	terminal, source, login := pty.Open(t, 80, 24), newSource(), &quickly{}
	ended := make(chan error, 1)
	go func() {
		ended <- ui.Run(t.Context(), ui.Options{
			Sighting: ui.Sighting{Source: source, Login: login}, Categories: screentest.Categories(),
			At: "overview", Theme: themes.Default, In: terminal.Line, Out: terminal.Line,
		})
	}()
	source.views <- screentest.Cluster(t).Build(screentest.Noon)
	terminal.Await("Namespaces (6)")
	if !ui.Drawing() {
		t.Error("the drawer of a program that draws is not known by its name")
	}
	for range 20 {
		terminal.Forget()
		terminal.Press("R")
		terminal.Await("Namespaces (6)")
	}
	terminal.Press("q")
	if err := <-ended; err != nil {
		t.Errorf("the program ends with %v", err)
	}
	if login.drawing {
		t.Error("the drawer still ran while the terminal was released")
	}
}
