package triage

import (
	"fmt"
	"strings"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/briefing"
	"github.com/seaworthy-dev/seaworthy/audit/triage/incident"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// View draws the tabs, and the one that is shown.
func (s *Screen) View() []string {
	f := s.frame
	s.tabs = screen.TabLine{}
	if s.of == nil {
		return s.nothing()
	}
	panes := []widget.Pane{{Name: "tabs", Fixed: 1, Priority: 9}}
	switch s.at {
	case summaryTab:
		text := s.texts[summaryTab].Height(f.Styles, max(1, f.Width-4)) + 2
		const frame = 3 // of the table: its box and the titles
		most := max(5, (f.Height-1)*3/5, f.Height-1-frame-s.stepCount())
		panes = append(panes, widget.Pane{Name: "text", Fixed: min(text, most), Priority: 7}, widget.Pane{Name: "steps", Min: 4, Priority: 8})
	case signalsTab, blastTab:
		panes = append(panes, widget.Pane{Name: "table", Min: 5, Weight: 3, Priority: 8}, widget.Pane{Name: "about", Min: 6, Weight: 2, Priority: 7})
	default:
		panes = append(panes, widget.Pane{Name: "text", Min: 4, Priority: 8})
	}
	tree := widget.Pane{Direction: widget.Stack, Panes: panes}
	return tree.Draw(f.Styles, widget.Rect{W: f.Width, H: f.Height}, s.draw)
}

// stepCount is how many steps there are.
func (s *Screen) stepCount() int { return len(stepsOf(s.of, s.asking.answer, s.assessed)) }

func (s *Screen) draw(name string, r widget.Rect) widget.Block {
	st, b := s.frame.Styles, s.of
	box := widget.Box{Padding: 1}
	switch name {
	case "tabs":
		var names []string
		for _, t := range tabs() {
			names = append(names, t.name)
		}
		return s.tabs.Render(st, names, s.at, r)
	case "steps":
		s.steps.Empty = "the next commands are looked for"
		return s.steps.In(r).RenderBox(st, "Next: y copies a command, enter opens the rest", r.W, r.H)
	case "table":
		if s.at == signalsTab {
			return s.signals.In(r).RenderBox(st, fmt.Sprintf("Signals (%d), the root first", len(b.Signals)), r.W, r.H)
		}
		s.blast.Empty = "nothing is known to depend on it"
		return s.blast.In(r).RenderBox(st, s.blastTitle(), r.W, r.H)
	case "about":
		box.Title = "About it"
		return box.RenderLines(st, r.W, r.H, s.about)
	}
	box.Focus = s.at != summaryTab
	switch s.at {
	case summaryTab:
		box.Title = strings.TrimSpace(mark(st, b.Severity) + " " + said(st, b.Title))
	case timelineTab:
		box.Title = "Timeline (UTC): " + said(st, b.Title)
	default:
		box.Title = "As it is copied for others"
	}
	return box.RenderText(st, r, s.texts[s.at])
}

// blastTitle says how much is hit.
func (s *Screen) blastTitle() string {
	if s.asking.answer == nil {
		return "Blast radius: looked for"
	}
	return "Blast radius: " + s.asking.answer.radius.String()
}

// about tells of what is under the cursor.
func (s *Screen) about(width, _ int) []string {
	st := s.frame.Styles
	if s.at == signalsTab {
		if _, i, ok := s.signals.Selected(); ok && i < len(s.of.Signals) {
			return signalLines(st, &s.of.Signals[i], s.report.Time, width)
		}
		return nil
	}
	p := paragraphs{width: width}
	a := s.asking.answer
	if _, i, ok := s.blast.Selected(); ok && a != nil && i < len(a.radius.Dependents) {
		d := a.radius.Dependents[i]
		p.add(st.Title, d.Object.String())
		p.add(st.Text, strings.TrimSpace(dependency(st, d)))
		if d.Detail != "" {
			p.tell(st.Muted, "by", st.Text, said(st, d.Detail))
		}
	}
	if a == nil {
		return p.lines
	}
	if len(a.radius.HostNames) > 0 {
		p.tell(st.Muted, "hosts", st.Text, strings.Join(a.radius.HostNames, ", "))
	}
	for _, h := range a.radius.Hubs {
		p.tell(st.Muted, "hub", st.Muted, fmt.Sprintf("%s: %d that it %s are not followed", place(h.Object), h.Count, h.Relation))
	}
	if a.radius.More > 0 {
		p.add(st.Muted, fmt.Sprintf("and %d more that are not listed", a.radius.More))
	}
	p.add(st.Muted, "potential: no traffic is measured; a hint is what only a text names, or a policy allows")
	return p.lines
}

// summaryLines tell of an incident: who is hit, since when, why, and what to do.
func summaryLines(st *style.Styles, b *briefing.Briefing, a *answer, now time.Time, seen bool, width, evidence int) []string {
	p := paragraphs{width: width}
	state := stateOf(b.Incident, seen)
	if b.State != incident.Open && !b.Ended.IsZero() {
		state += " since " + clock(b.Ended, now)
	}
	since := clock(b.Since, now) + " UTC"
	if b.Estimated {
		since = "about " + since
	}
	p.tell(st.Muted, "since", st.Text, since+", "+lasting(now.Sub(b.Since))+"; "+state)
	where := b.Where + ", " + screen.Plural(b.Pods, "pod")
	if b.Shared != "" {
		where += "; " + b.Shared
	}
	p.tell(st.Muted, "where", st.Text, where)
	if a == nil {
		p.tell(st.Muted, "why", st.Muted, "weighing what changed and what is wrong")
		return p.lines
	}
	p.tell(st.Muted, "impact", st.Text, strings.TrimPrefix(a.radius.String(), "potential impact: ")+" (potential: no traffic is measured)")
	for k := range a.diagnosis.Changes {
		c := a.diagnosis.Changes[k].Change
		label := "changed"
		if k > 0 {
			label = ""
		}
		p.tell(st.Muted, label, st.Warn, clock(c.Time, now)+" "+changed(st, c)+" ("+known(st, c)+")")
	}
	p.unchanged(st, a.diagnosis)
	for k := range a.diagnosis.Causes {
		c := &a.diagnosis.Causes[k]
		label := "why"
		if k > 0 {
			label = "or"
		}
		p.tell(st.Muted, label, st.Title, named(st, c))
		p.evidence(st, c, evidence)
		if c.Fix != "" {
			p.tell(st.Muted, "fix", st.Accent, said(st, c.Fix))
		}
	}
	if left := a.leftOut(); left != "" {
		p.tell(st.Muted, "next", st.Muted, said(st, left))
	}
	for _, id := range b.Possible {
		p.tell(st.Muted, "maybe", st.Muted, "it may be a symptom of incident "+id)
	}
	return p.lines
}

// textLines are the block of text that is copied for others.
func textLines(st *style.Styles, b *briefing.Briefing, a *answer, now time.Time, width int) []string {
	if a == nil {
		return st.Muted.Wrap("the cause is still looked for", width)
	}
	var text strings.Builder
	if err := briefing.WriteBriefing(&text, b, now, a.known); err != nil {
		return st.Error.Wrap(err.Error(), width)
	}
	return st.Text.Wrap(signs(st, text.String()), width)
}

// nothing is drawn where no such incident is known.
func (s *Screen) nothing() []string {
	st, f := s.frame.Styles, s.frame
	box := widget.Box{Title: "Incident", Padding: 1, Focus: true}
	return box.RenderLines(st, f.Width, f.Height, func(width, _ int) []string {
		if s.report == nil {
			return st.Warn.Wrap("nothing can be told yet: pods, nodes and workloads are still being read", width)
		}
		p := paragraphs{width: width}
		p.add(st.Text, "no incident "+s.id+" is known")
		p.add(st.Muted, fmt.Sprintf("it is over since more than %s, or it never was here", lasting(triage.Remembered)))
		return p.lines
	})
}

// CursorLine returns the line of the cursor, or the first of a text.
func (s *Screen) CursorLine() int {
	if s.of == nil {
		return 1
	}
	switch s.at {
	case summaryTab:
		return s.steps.CursorBelow(s.steps.Place().Y)
	case signalsTab:
		return s.signals.CursorBelow(1)
	case blastTab:
		return s.blast.CursorBelow(1)
	}
	return 2
}

// Touch turns to the tab whose name lies at a cell.
func (s *Screen) Touch(x, y int) (keymap.ID, bool) {
	to, there := s.tabs.At(x, y)
	if there {
		s.at = to
	}
	return "", there
}

// Click returns the table at a cell.
func (s *Screen) Click(x, y int) *widget.Table {
	at := map[int]*widget.Table{summaryTab: s.steps, signalsTab: s.signals, blastTab: s.blast}[s.at]
	if at != nil && s.of != nil && at.Place().Contains(x, y) {
		return at
	}
	return nil
}

// Wheel scrolls the text at a cell.
func (s *Screen) Wheel(x, y, lines int) bool {
	text := s.texts[s.at]
	return text != nil && s.of != nil && text.Wheel(x, y, lines)
}
