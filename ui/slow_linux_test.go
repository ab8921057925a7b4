package ui_test

import (
	"context"
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/themes"
	"github.com/seaworthy-dev/seaworthy/ui"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/pty"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// TestASlowTerminalLosesFramesAndNoState has a terminal that takes nothing for a while,
// and never answers a question. The source is not held up; what is drawn once the
// terminal reads again is the newest state, and no queue of frames before it.
func TestASlowTerminalLosesFramesAndNoState(t *testing.T) {
	t.Parallel()
	terminal := pty.OpenUnread(t, 80, 24)
	filled := terminal.Fill()
	if filled == 0 {
		t.Fatal("the terminal takes no byte")
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	source, cluster := newSource(), screentest.Cluster(t)
	ended := make(chan error, 1)
	go func() {
		ended <- ui.Run(ctx, ui.Options{
			Sighting: ui.Sighting{Source: source}, Categories: screentest.Categories(), At: "overview", Theme: themes.Default, In: terminal.Line, Out: terminal.Line,
		})
	}()
	deadline := time.After(patience)
	for i := range 500 {
		if i%2 == 0 {
			cluster.Delete(kube.Deployments, "payments", "gateway")
		} else {
			cluster = screentest.Cluster(t)
		}
		select {
		case source.views <- cluster.Build(screentest.Noon):
		case <-deadline:
			t.Fatalf("after %s the source waits for the terminal at view %d", patience, i)
		}
	}
	cluster.Delete(kube.Namespaces, "", "vacant")
	source.views <- cluster.Build(screentest.Noon)
	terminal.Press(":log\r")
	terminal.Read()
	terminal.Await("Namespaces (", "Log (0)", "nothing was said so far")
	if most, drawn := 200_000, len(terminal.Written())-filled; drawn > most {
		t.Errorf("%d bytes were drawn, want %d at most: frames were queued", drawn, most)
	}
	terminal.Press("q")
	if err := <-ended; err != nil {
		t.Errorf("the program ends with %v", err)
	}
}
