package ui_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/seaworthy-dev/seaworthy/themes"
	"github.com/seaworthy-dev/seaworthy/ui"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// TestMain fails if any test leaves a goroutine behind, above all those that run
// the program itself.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestRun runs the program as the command does, on a pipe, to either end.
func TestRun(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		views int
		end   func(keys *os.File, stop context.CancelCauseFunc) error
		want  error
	}{
		"a key":                        {2, func(keys *os.File, _ context.CancelCauseFunc) error { _, err := keys.WriteString("q"); return err }, nil},
		"a key before the first view":  {0, func(keys *os.File, _ context.CancelCauseFunc) error { _, err := keys.WriteString("\x03"); return err }, nil},
		"the context":                  {2, func(_ *os.File, stop context.CancelCauseFunc) error { stop(context.DeadlineExceeded); return nil }, context.DeadlineExceeded},
		"the context before the first": {0, func(_ *os.File, stop context.CancelCauseFunc) error { stop(nil); return nil }, context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, stop := context.WithCancelCause(t.Context())
			defer stop(nil)
			in, keys, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _, _ = in.Close(), keys.Close() }()
			source, cluster := newSource(), screentest.Cluster(t)
			var screen bytes.Buffer
			done := make(chan error, 1)
			go func() {
				done <- ui.Run(ctx, ui.Options{
					Sighting: ui.Sighting{Source: source}, Categories: screentest.Categories(), At: "overview", Theme: ui.AutoTheme, In: in, Out: &screen,
				})
			}()
			for range tt.views {
				source.views <- cluster.Build(screentest.Noon)
			}
			if err := tt.end(keys, stop); err != nil {
				t.Fatal(err)
			}
			if err := <-done; !errors.Is(err, tt.want) || tt.want == nil && err != nil {
				t.Errorf("Run returned %v, want %v", err, tt.want)
			}
			enter, leave := strings.Count(screen.String(), "\x1b[?1049h"), strings.Count(screen.String(), "\x1b[?1049l")
			if enter != leave {
				t.Errorf("the terminal was taken over %d times and given back %d times", enter, leave)
			}
		})
	}
}

func TestOptionsAreCheckedFirst(t *testing.T) {
	t.Parallel()
	for want, o := range map[string]ui.Options{
		"no such theme":               {At: "overview", Theme: "sepia"},
		"no such screen":              {At: "nowhere", Theme: themes.Default},
		"it needs a name":             {At: "ns", Theme: themes.Default},
		"with nothing below it":       {At: "overview/payments", Theme: themes.Default},
		"is not the name of a screen": {At: "", Theme: themes.Default},
	} {
		if err := o.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("validating %q with theme %q gives %v, want %q", o.At, o.Theme, err, want)
		}
		o.Source = newSource()
		if err := ui.Run(t.Context(), o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("running %q with theme %q gives %v, want %q", o.At, o.Theme, err, want)
		}
	}
	if err := (ui.Options{At: "findings?sev=critical", Theme: themes.Default}).Validate(); err != nil {
		t.Error(err)
	}
}
