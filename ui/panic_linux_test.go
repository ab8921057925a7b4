package ui_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/themes"
	"github.com/seaworthy-dev/seaworthy/ui"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/pty"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// sinking panics wherever the program asks it for something.
type sinking struct{}

func (sinking) Watch(context.Context, func(*kube.Cluster)) error     { panic("sinking") }
func (sinking) Needed() bool                                         { panic("sinking") }
func (sinking) Login(context.Context) error                          { panic("sinking") }
func (sinking) Copy(context.Context, string) (_ []string, err error) { panic("sinking") }
func sinkingRule(*audit.Pass, *kube.Workload)                        { panic("sinking") }
func sinkingShell() bool                                             { panic("sinking") }

// TestAPanicGivesTheTerminalBack has the program panic in every place that is another's,
// as its own code could.
func TestAPanicGivesTheTerminalBack(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		options ui.Options
		press   string
		where   string
		stack   string // a function on the stack of where it began
	}{
		"drawing":    {ui.Options{Sighting: ui.Sighting{Login: sinking{}}}, "", "drawing a frame", "sinking.Needed"},
		"updating":   {ui.Options{Suspendable: sinkingShell}, "\x1a", "taking a message", "sinkingShell"},
		"a command":  {ui.Options{At: privileged, Clipboard: sinking{}}, "y", "working in the background", "sinking.Copy"},
		"the source": {ui.Options{Sighting: ui.Sighting{Source: sinking{}}}, "", "following the cluster", "sinking.Watch"},
		"a rule":     {ui.Options{Categories: []audit.Category{{ID: "probes", Title: "Probes", Rules: []*audit.Rule{{ID: "sinking", Severity: audit.Low, Subjects: kube.WorkloadResources(), Check: audit.EachWorkload(sinkingRule)}}}}}, "", "following the cluster", "sinkingRule"},
		"client-go": {ui.Options{Panics: func(report func(any)) {
			defer func() { report(recover()) }()
			sinkingShell()
		}}, "", "talking to the cluster", "sinkingShell"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if tt.options.At == "" {
				tt.options.At = "overview"
			}
			terminal := pty.Open(t, 80, 24)
			before := terminal.Settings()
			crash := crashOf(t, terminal, tt.options, tt.press)
			if crash.Where != tt.where || crash.Value != "sinking" || !strings.Contains(crash.Stack, tt.stack) || crash.Address != tt.options.At {
				t.Errorf("the crash is %q at %q: %q, want %q at %q with %s on the stack:\n%s", crash.Where, crash.Address, crash.Value, tt.where, tt.options.At, tt.stack, crash.Stack)
			}
			if want := tt.where + ": panic: sinking"; crash.Error() != want {
				t.Errorf("the error is %q, want %q", crash.Error(), want)
			}
			if after := terminal.Settings(); after != before {
				t.Errorf("the settings of the line were\n%s\nand are\n%s", before, after)
			}
			written := terminal.AwaitThat("end of the other screen, and the cursor", func(written string) bool {
				return strings.Count(written, "\x1b[?1049h") == strings.Count(written, "\x1b[?1049l") &&
					strings.LastIndex(written, "\x1b[?25h") >= strings.LastIndex(written, "\x1b[?25l")
			})
			if strings.Contains(written, "goroutine ") {
				t.Errorf("the terminal was left with a stack on it: %q", written)
			}
		})
	}
}

// crashOf runs the program on a terminal until it has panicked, after a key if there is
// one.
func crashOf(t *testing.T, terminal *pty.Terminal, o ui.Options, press string) *ui.Crash {
	t.Helper()
	source := newSource()
	if o.Source == nil {
		o.Source = source
	}
	if o.Categories == nil {
		o.Categories = screentest.Categories()
	}
	o.Theme, o.In, o.Out = themes.Default, terminal.Line, terminal.Line
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	view := screentest.Cluster(t).Build(screentest.Noon)
	ended := make(chan error, 1)
	go func() { ended <- ui.Run(ctx, o) }()
	go func() {
		select {
		case source.views <- view:
		case <-ctx.Done():
		}
	}()
	if press != "" {
		terminal.Await("● live")
		terminal.Press(press)
	}
	var crash *ui.Crash
	if err := <-ended; !errors.As(err, &crash) {
		t.Fatalf("the program ends with %v, want a crash", err)
	}
	return crash
}
