package screentest

import (
	"context"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/fix/plan"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/audit/triage/briefing"
	"github.com/seaworthy-dev/seaworthy/themes"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/uitest"
)

// Host stands in for the root: it gives a screen size, assessments and keys,
// and writes down what the screen asks for. The whole terminal is the screen's.
type Host struct {
	screen screen.Screen
	styles *style.Styles
	keys   *keymap.Map
	shown  *score.Assessment
	report *briefing.Report
	size   tea.WindowSizeMsg
	// Asked is every message of the screen, in order.
	Asked []tea.Msg
	// Server is asked about changes; nil where there is none.
	Server plan.Server
	crew   *screen.Crew
	end    context.CancelFunc
}

// Show opens a screen on an assessment, in a terminal of that size, with a
// robot before it. Options without a theme mean the default one.
func Show(t testing.TB, s screen.Screen, a *score.Assessment, width, height int, o style.Options) (*uitest.Robot, *Host) {
	t.Helper()
	theme, err := (*themes.Library)(nil).Load(themes.Default)
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(t.Context())
	h := &Host{screen: s, styles: style.New(theme, o), keys: keymap.Default(), shown: a, crew: screen.NewCrew(ctx), end: end}
	robot := uitest.New(t, h, width, height)
	robot.Patience = 10 * time.Second // every command of a screen answers, on a busy machine later
	return robot, h
}

// Close ends what the screen has under way: in a bubble of time, before the test
// ends.
func (h *Host) Close() {
	h.end()
	h.crew.Close()
}

// Init does nothing.
func (h *Host) Init() tea.Cmd { return nil }

// Update passes on what the root would pass on. An assessment is the newest, and so is
// a report of what is broken.
func (h *Host) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	cmd := h.update(msg)
	return h, tea.Batch(cmd, h.crew.Begin(h.screen))
}

func (h *Host) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		h.size = msg
	case *score.Assessment:
		h.shown = msg
	case *briefing.Report:
		h.report = msg
	case tea.KeyPressMsg:
		return h.screen.Act(h.keys.Lookup(msg.String(), append(h.screen.Keys(), keymap.Global)...))
	case screen.Answer:
		msg.Deliver()
		return nil
	case screen.DryRunMsg:
		if h.Server == nil {
			h.Asked = append(h.Asked, msg)
			return nil
		}
		msg.Begin(h.Server)
		return nil
	case nav.OpenMsg, nav.FailMsg, nav.NoticeMsg, nav.CopyMsg, screen.ExportMsg, screen.SaveMsg, screen.ReportMsg, screen.LookMsg, screen.AcknowledgeMsg:
		h.Asked = append(h.Asked, msg)
		return nil
	}
	h.screen.Resize(screen.Frame{Styles: h.styles, Width: h.size.Width, Height: h.size.Height})
	if responding, ok := h.screen.(screen.Responding); ok {
		responding.Respond(h.report)
	}
	if reader, ok := h.screen.(screen.Reader); ok {
		reader.Read(h.shown.Cluster)
	}
	h.screen.Show(h.shown)
	return nil
}

// View draws the screen, with the cursor where the screen says it is.
func (h *Host) View() tea.View {
	view := tea.NewView(strings.Join(h.screen.View(), "\n"))
	if line := h.screen.CursorLine(); line >= 0 {
		view.Cursor = tea.NewCursor(0, line)
	}
	return view
}
