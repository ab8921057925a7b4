package triage

import (
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/audit/triage/briefing"
	"github.com/seaworthy-dev/seaworthy/audit/triage/cause"
	"github.com/seaworthy-dev/seaworthy/audit/triage/incident"
	"github.com/seaworthy-dev/seaworthy/audit/triage/signals"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// windows are how far back the list looks for what is over, and the timeline for what
// changed before an incident.
func windows() []time.Duration { return []time.Duration{time.Hour, 2 * time.Hour, 15 * time.Minute} }

// List is the incidents.
type List struct {
	*screen.Listing[row]
	frame     screen.Frame
	seen      *screen.Acknowledged
	newest    *briefing.Report // nil before the first
	shown     *briefing.Report // the newest, or the one that was frozen
	frozen    bool
	window    int // of windows
	asking    *asking
	detectors int // how many there are
}

// NewList returns the screen at "triage", where incidents are acknowledged, and who knows
// what who looks may do, nil for nobody. "window" in the query is how far it looks back
// (15m, 1h, 2h); all else is a filter.
func NewList(address nav.Address, seen *screen.Acknowledged, rights cause.Rights) *List {
	s := &List{seen: seen, detectors: len(signals.All())}
	query := map[string]string{}
	for key, value := range address.Query {
		if key != "window" {
			query[key] = value
		}
	}
	s.window = max(0, slices.IndexFunc(windows(), func(d time.Duration) bool { return span(d) == address.Query["window"] }))
	s.Listing = screen.NewListing(columns(), screen.FilterOf(nav.Address{Query: query}), func(kept []row) widget.Rows {
		return listRows{s.frame.Styles, kept}
	})
	s.asking = newAsking(rights, func() {})
	return s
}

// span writes a window: "15m", "1h".
func span(d time.Duration) string {
	if d < time.Hour {
		return fmt.Sprintf("%dm", int(d.Minutes()))
	}
	return fmt.Sprintf("%dh", int(d.Hours()))
}

// Address returns "triage", with the window and the filter if they are not as at first.
func (s *List) Address() nav.Address {
	a := nav.Address{Screen: "triage"}
	if s.window != 0 {
		a.Query = map[string]string{"window": span(windows()[s.window])}
	}
	return screen.WithFilter(a, s.FilterText())
}

// Title returns the screen's part of the path.
func (s *List) Title() string { return "Triage" }

// Keys returns the scopes of the screen.
func (s *List) Keys() []keymap.Scope { return []keymap.Scope{keymap.InTriage, keymap.Table} }

// Hints returns what the footer should say.
func (s *List) Hints() []keymap.ID {
	hints := []keymap.ID{keymap.Back, keymap.Freeze, keymap.Window, keymap.Filter, keymap.Help, keymap.Quit}
	if at, ok := s.Selected(); ok && at.briefing != nil {
		hints = append([]keymap.ID{keymap.Open, keymap.Logs, keymap.Events, keymap.ShowBlast, keymap.Copy, keymap.CopyIncident, keymap.Acknowledge}, hints...)
	}
	return hints
}

// Resize takes the size.
func (s *List) Resize(f screen.Frame) {
	restyled := s.frame.Styles != f.Styles
	if s.frame = f; restyled {
		s.Arrange()
	}
}

// Respond takes the newest report.
func (s *List) Respond(r *briefing.Report) {
	if s.newest = r; r != nil && (!s.frozen || s.shown == nil) {
		s.shown = r
	}
	s.list()
}

// Show takes the newest assessment, of which the list shows nothing.
func (s *List) Show(*score.Assessment) {}

// Work returns the asking about the selected incident.
func (s *List) Work() []*screen.Work { return s.asking.works() }

// list lists what is shown.
func (s *List) list() {
	if s.shown == nil {
		return
	}
	s.List(rowsOf(s.shown, s.seen, s.since()))
	s.look()
}

// since is the moment from which on things are of interest.
func (s *List) since() time.Time { return s.shown.Time.Add(-windows()[s.window]) }

// look asks about what is under the cursor.
func (s *List) look() {
	at, _ := s.Selected()
	s.asking.turn(at.briefing)
}

// Filter shows only the rows that a text lets through.
func (s *List) Filter(text string) error {
	defer s.look()
	return s.Listing.Filter(text)
}

// Arrange sorts the rows anew.
func (s *List) Arrange() {
	s.Listing.Arrange()
	s.look()
}

// Object returns what is selected: of an incident, what shows first what is wrong.
func (s *List) Object() (kube.Ref, bool) {
	at, ok := s.Selected()
	switch {
	case !ok:
	case at.briefing != nil:
		return rootOf(at.briefing)
	case at.suspect != nil:
		return at.suspect.Object, true
	}
	return kube.Ref{}, false
}

// rootOf returns the object that shows first what is wrong.
func rootOf(b *briefing.Briefing) (kube.Ref, bool) {
	switch {
	case len(b.Signals) > 0:
		return b.Signals[0].Object, true
	case len(b.Members) > 0:
		return b.Members[0], true
	}
	return kube.Ref{}, false
}

// Act does what a key means.
func (s *List) Act(id keymap.ID) tea.Cmd {
	switch id {
	case keymap.Freeze:
		return s.freeze()
	case keymap.Window:
		s.window = (s.window + 1) % len(windows())
		if s.list(); s.shown == nil {
			return nil
		}
		return nav.Notice("what is over, and what changed, is told for " + span(windows()[s.window]))
	default:
		return s.act(id)
	}
}

// act does what a key means for the selected row, or for the table.
func (s *List) act(id keymap.ID) tea.Cmd {
	if at, ok := s.Selected(); ok {
		if cmd, known := s.actOn(at, id); known {
			return cmd
		}
	}
	s.Handle(id)
	s.look()
	return nil
}

// freeze holds the rows still, or shows the newest again.
func (s *List) freeze() tea.Cmd {
	if s.newest == nil {
		return nil
	}
	if s.frozen = !s.frozen; s.frozen {
		return nav.Notice("the list is frozen as it is now; the same key shows the newest again")
	}
	s.shown = s.newest
	s.list()
	return nil
}

// actOn does what a key means for a row, false for what it does not know.
func (s *List) actOn(at row, id keymap.ID) (tea.Cmd, bool) {
	if tab := tabOf(id); tab >= 0 && at.briefing != nil {
		s.Table().Move(0) // what was opened is what the user comes back to
		return nav.Open(incidentAddress(at.briefing.ID, tab).String()), true
	}
	switch {
	case id == keymap.Open && at.briefing != nil:
		s.Table().Move(0)
		return nav.Open(screen.IncidentAddress(at.briefing.ID)), true
	case id == keymap.Open && at.suspect != nil:
		return nav.Open(screen.ObjectAddress(at.suspect.Object).String()), true
	case id == keymap.Open:
		return nav.Notice("these signals are of no consequence; they stand below"), true
	case at.briefing == nil:
		return nil, false
	}
	if id == keymap.Acknowledge {
		s.Table().Move(0) // the cursor stays with it
	}
	return actOnIncident(at.briefing, s.shown.Time, s.asking, 0, id)
}

// actOnIncident does what a key means for an incident, of whose commands one is
// selected; false for what it does not know.
func actOnIncident(b *briefing.Briefing, now time.Time, a *asking, command int, id keymap.ID) (tea.Cmd, bool) {
	switch id {
	case keymap.Acknowledge:
		if b.State == incident.Resolved {
			return nav.Notice("it is over: there is nothing to acknowledge"), true
		}
		return func() tea.Msg { return screen.AcknowledgeMsg{Incident: b.Incident, Time: now} }, true
	case keymap.Copy, keymap.CopyCommand:
		commands := a.next().Commands
		if command >= len(commands) {
			return nav.Notice(a.nothing()), true
		}
		what := "the command"
		if commands[command].Writes {
			what = "a command that changes the cluster"
		}
		return nav.Copy(commands[command].Text, what), true
	case keymap.CopyIncident:
		return copyIncident(b, now, a), true
	default:
		return nil, false
	}
}

// copyIncident copies an incident as a block of text. It is written in the background, as
// what it tells may still have to be found out.
func copyIncident(b *briefing.Briefing, now time.Time, a *asking) tea.Cmd {
	if a.answer == nil {
		return nav.Notice("the cause is still looked for: try again in a moment")
	}
	known := a.answer.known
	return func() tea.Msg {
		var text strings.Builder
		if err := briefing.WriteBriefing(&text, b, now, known); err != nil {
			return nav.FailMsg{Err: err}
		}
		return nav.CopyMsg{Text: text.String(), What: "the incident"}
	}
}

// changed counts the incidents that differ between what is shown and the newest.
func (s *List) changed() int {
	if !s.frozen || s.newest == nil || s.shown == nil || s.newest == s.shown {
		return 0
	}
	n := 0
	for _, b := range s.newest.Briefings {
		if before := s.shown.Find(b.ID); before == nil || differs(before.Incident, b.Incident) {
			n++
		}
	}
	for _, b := range s.shown.Briefings {
		if s.newest.Find(b.ID) == nil {
			n++
		}
	}
	return n
}

func differs(a, b *incident.Incident) bool {
	return a.State != b.State || a.Severity != b.Severity || a.Title != b.Title || a.Pods != b.Pods || len(a.Signals) != len(b.Signals)
}

// Note says that the list is frozen, and how much it does not show.
func (s *List) Note() string {
	if !s.frozen || s.shown == nil {
		return ""
	}
	text := "frozen at " + s.shown.Time.UTC().Format("15:04:05")
	if n := s.changed(); n > 0 {
		text += ", " + screen.Plural(n, "change") + " since"
	}
	return text
}
