package triage

import (
	"fmt"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/triage/briefing"
	"github.com/seaworthy-dev/seaworthy/audit/triage/incident"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// From which size on what is told of the selected incident has room, stands beside each
// other, and is told in full, in cells and lines.
const (
	detailsFrom = 16
	besideFrom  = 100
	blastFrom   = 32
	causeHeight = 6 // of a box below the timeline
	blastHeight = 6
	tallFrom    = 26 // evidence is told in more than a line
)

// View draws the list, and what is known of the selected incident.
func (s *List) View() []string {
	f := s.frame
	if s.shown == nil || len(s.shown.Incidents) == 0 && s.Len() == 0 {
		return s.nothing()
	}
	tree := widget.Pane{Direction: widget.Stack, Panes: []widget.Pane{{Name: "list", Min: 5, Priority: 9}, {Name: "rest", Fixed: 1, Priority: 8}}}
	if f.Height >= detailsFrom {
		tree.Panes[0] = widget.Pane{Name: "list", Fixed: s.listHeight(), Priority: 9}
		tree.Panes = append(tree.Panes, s.details()...)
	}
	return tree.Draw(f.Styles, widget.Rect{W: f.Width, H: f.Height}, s.draw)
}

// listHeight is the height of the list where boxes stand below it: what its rows need, with
// some room to come, so that the boxes do not move with each.
func (s *List) listHeight() int {
	const frame, spare = 3, 2
	rows := (s.Len() + spare) / spare * spare
	return max(6, min(rows+frame, s.frame.Height*3/7))
}

// details are the boxes about the selected row.
func (s *List) details() []widget.Pane {
	if at, ok := s.Selected(); !ok || at.briefing == nil {
		return []widget.Pane{{Name: "about", Min: 4, Priority: 5}}
	}
	if s.frame.Width < besideFrom {
		return []widget.Pane{{Name: "timeline", Min: 4, Priority: 5}, {Name: "cause", Fixed: causeHeight, Priority: 6}}
	}
	panes := []widget.Pane{{Min: 5, Priority: 6, Direction: widget.Columns, Panes: []widget.Pane{{Name: "timeline", Min: 40}, {Name: "cause", Min: 40}}}}
	if s.frame.Height >= blastFrom {
		panes = append(panes, widget.Pane{Name: "blast", Fixed: blastHeight, Priority: 4})
	}
	return panes
}

func (s *List) draw(name string, r widget.Rect) widget.Block {
	st := s.frame.Styles
	at, _ := s.Selected()
	box := widget.Box{Padding: 1}
	switch name {
	case "list":
		s.Table().Empty = s.Empty("nothing is known to be broken")
		return s.Table().In(r).RenderBox(st, s.title(), r.W, r.H)
	case "rest":
		return widget.NewBlock(st, []string{s.rest(r.W)}, r.W, r.H)
	case "about":
		box.Title = "About it"
		return box.RenderLines(st, r.W, r.H, func(width, _ int) []string { return at.lines(st, width) })
	case "timeline":
		box.Title = "Timeline (UTC)  " + signs(st, at.what())
		return box.RenderLines(st, r.W, r.H, func(width, height int) []string {
			since := at.briefing.Since.Add(-windows()[s.window])
			return timelineLines(st, timeline(st, s.asking.answer, at.briefing, s.shown.Time, since), s.shown.Time, width, height)
		})
	case "cause":
		box.Title = causeTitle(s.asking)
		return box.RenderLines(st, r.W, r.H, func(width, height int) []string { return causeLines(st, s.asking.answer, width, height) })
	}
	box.Title = "Blast radius"
	return box.RenderLines(st, r.W, r.H, func(width, height int) []string { return blastLines(st, s.asking.answer, width, height) })
}

// causeTitle says how sure the likeliest cause is.
func causeTitle(a *asking) string {
	if c := a.cause(); c != nil {
		return "Why: " + verdict(c)
	}
	return "Why"
}

// title says how many incidents there are.
func (s *List) title() string {
	if text := s.Filtered(); text != "" {
		return "Incidents: " + text
	}
	counts := map[incident.State]int{}
	seen := 0
	for _, b := range s.shown.Briefings {
		counts[b.State]++
		if b.State != incident.Resolved && s.seen.Has(b.Incident) {
			seen++
		}
	}
	parts := []string{fmt.Sprintf("%d open", counts[incident.Open])}
	if n := counts[incident.Recovering]; n > 0 {
		parts = append(parts, fmt.Sprintf("%d recovering", n))
	}
	if seen > 0 {
		parts = append(parts, fmt.Sprintf("%d acknowledged", seen))
	}
	return fmt.Sprintf("Incidents (%s), last %s", strings.Join(parts, ", "), span(windows()[s.window]))
}

// rest is the line about what is no incident: how much is explained, what may come, and
// what could not be seen.
func (s *List) rest(width int) string {
	st, r := s.frame.Styles, s.shown
	line := widget.Status{Left: []widget.Part{{Text: blindness(r, s.detectors), Style: st.Muted, Priority: 8}}}
	if len(r.Blind) > 0 {
		line.Left[0].Style = st.Warn
	}
	if !r.Cluster.Settled() {
		line.Left = append([]widget.Part{{Text: "evidence is still being read", Style: st.Warn, Priority: 9}}, line.Left...)
	}
	if r.Signals > 0 {
		line.Left = append(line.Left, widget.Part{Text: fmt.Sprintf("%d of %s explained", r.Explained, screen.Plural(r.Signals, "signal")), Style: st.Muted, Priority: 5})
	}
	if n := len(r.Suspects); n > 0 {
		text := screen.Plural(n, "suspect")
		if n > mostSuspects {
			text += fmt.Sprintf(", %d listed", mostSuspects)
		}
		line.Right = append(line.Right, widget.Part{Text: text, Style: st.Muted, Priority: 6})
	}
	return line.Render(st, width)
}

// blindness says how many detectors look, and how many of them cannot see.
func blindness(r *briefing.Report, detectors int) string {
	blind := map[string]bool{}
	for _, u := range r.Blind {
		blind[u.Detector.ID] = true
	}
	if len(blind) == 0 {
		return fmt.Sprintf("%d detectors looked, none is blind", detectors)
	}
	return fmt.Sprintf("%d detectors, %d blind: what they would find is unknown", detectors, len(blind))
}

// nothing is drawn where there is no row: what was looked at, since when, and what could
// not be read. It never says that all is well.
func (s *List) nothing() []string {
	st, f := s.frame.Styles, s.frame
	box := widget.Box{Title: "Triage", Padding: 1, Focus: true}
	return box.RenderLines(st, f.Width, f.Height, func(width, height int) []string {
		p := paragraphs{width: width}
		s.emptiness(&p)
		return p.lines[:min(len(p.lines), height)]
	})
}

func (s *List) emptiness(p *paragraphs) {
	st, r := s.frame.Styles, s.shown
	if r == nil {
		p.add(st.Warn, "nothing can be told yet")
		p.add(st.Muted, "what is broken is told as soon as pods, nodes and workloads are read")
		return
	}
	c := r.Cluster
	if c.Info.Offline {
		p.add(st.Warn, "there is nothing to look at")
		p.add(st.Muted, "manifests say what is wanted, not what is: what is broken shows in a cluster, or in a recording of one")
		return
	}
	p.add(st.Title, "nothing is known to be broken")
	p.blank()
	p.add(st.Text, fmt.Sprintf("looked at: %s, %s, %s at %s UTC", screen.Plural(c.Pods.Len(), "pod"), screen.Plural(c.Nodes.Len(), "node"),
		screen.Plural(len(c.NamespaceNames()), "namespace"), r.Time.UTC().Format("15:04:05")))
	p.add(st.Text, "changes are seen as they happen since "+r.Live.UTC().Format("15:04:05")+" UTC; before that, what objects and events remember")
	p.blank()
	look := st.Text
	if len(r.Blind) > 0 {
		look = st.Warn
	}
	p.add(look, blindness(r, s.detectors))
	if !c.Settled() {
		p.add(st.Warn, "evidence is still being read")
	}
	p.unread(st, r)
}

// mostUnread is how many detectors are named that cannot see.
const mostUnread = 12

// unread names the detectors that cannot see, and why.
func (p *paragraphs) unread(st *style.Styles, r *briefing.Report) {
	for k, u := range r.Blind {
		if k == mostUnread {
			p.add(st.Muted, fmt.Sprintf("and %d more: :coverage names each right that is missing", len(r.Blind)-k))
			return
		}
		text := u.Detector.ID + ": " + u.State.Resource.String() + " " + u.State.Phase.String()
		if u.State.Reason != "" {
			text += ", " + u.State.Reason
		}
		p.add(st.Muted, text)
	}
}

// CursorLine returns the line of the cursor.
func (s *List) CursorLine() int {
	if s.shown == nil || len(s.shown.Incidents) == 0 && s.Len() == 0 {
		return 1
	}
	return s.Table().CursorBelow(0)
}
