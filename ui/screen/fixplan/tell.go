package fixplan

import (
	"fmt"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/fix"
	"github.com/seaworthy-dev/seaworthy/audit/fix/plan"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// heading names what is planned.
func (s *Screen) heading() string {
	of := "of the cluster"
	switch {
	case s.wish.marked:
		of = fmt.Sprintf("of what is marked (%d)", s.marks.Len())
	case s.wish.namespace != "":
		of = "of " + s.wish.namespace
	}
	title := "Fix plan " + of
	if s.wish.target > 0 {
		order := "most points a step"
		if s.wish.sparing {
			order = "most points a pod made again"
		}
		title = fmt.Sprintf("Fastest way to %s %s, %s", s.Question(), of, order)
	}
	if s.wish.held {
		title += ", with what is held back"
	}
	switch {
	case s.current() && s.made.of != s.shown:
		title += "  as of " + s.made.of.Cluster.Time.Format("15:04:05")
	case s.planning.Late() && !s.current():
		title += "  planning" + s.frame.Styles.Glyphs.Ellipsis
	}
	return title
}

// summary are the lines that say what the plan leads to.
func (s *Screen) summary(st *style.Styles, width int) []string {
	var lines []string
	say := func(look style.Style, text string) {
		lines = append(lines, look.Wrap(text, width)...)
	}
	m := s.made
	switch {
	case s.refused != nil:
		say(st.Error, s.refused.Error())
	case m == nil:
		say(st.Muted, "planning: the outcome of all fixes is judged again")
	case m.err != nil:
		say(st.Error, m.err.Error())
	case m.plan == nil || m.plan.Empty() && len(m.rows) == 0:
		say(st.Text, s.nothing())
	default:
		if s.server.text != "" { // first, for it was asked for last
			say(s.server.look(st), s.server.text)
		}
		for _, text := range m.results {
			say(st.Title, text)
		}
		for _, text := range m.changes {
			say(st.Text, text)
		}
	}
	if m != nil && m.err == nil {
		for _, text := range m.warnings {
			say(st.Warn, text)
		}
	}
	return lines
}

// describe says once what the plan leads to: it may have looked at all namespaces.
func (m *made) describe(arrow string) {
	if m.way != nil {
		m.results = append(m.results, wayLine(m.way))
	}
	if m.plan != nil {
		m.results = append(m.results, scoreLine(m.plan, arrow))
		m.changes = append(m.changes, changeLine(m.plan))
		if text := leftLine(m); text != "" {
			m.changes = append(m.changes, text)
		}
		if text := ownerLine(m.plan); text != "" {
			m.warnings = append(m.warnings, text)
		}
	}
	if m.chosen < m.fixable {
		m.warnings = append(m.warnings, fmt.Sprintf("only the worst %d of %d findings that have a fix: mark others, or take a namespace", m.chosen, m.fixable))
	}
	if m.gone > 0 {
		m.warnings = append(m.warnings, fmt.Sprintf("%d of what is marked cannot be found any more, or is accepted", m.gone))
	}
}

// nothing says why there is nothing to plan.
func (s *Screen) nothing() string {
	m := s.made
	switch {
	case s.wish.marked && s.marks.Len() == 0:
		return "Nothing is marked: space marks findings where they are listed."
	case m.way != nil && m.way.Reached:
		return fmt.Sprintf("The score is %.1f already: > asks for more.", m.way.Start)
	case !s.wish.marked && s.wish.namespace != "" && m.of.Namespace(s.wish.namespace) == nil:
		return fmt.Sprintf("There is no namespace %s, or it cannot be seen.", s.wish.namespace)
	case m.fixable+m.manual == 0:
		return "Nothing is found here that a fix could clear."
	}
	return fmt.Sprintf("No finding here has a mechanical fix; %s.", many(m.manual, "is for a person to decide", "are for a person to decide"))
}

// wayLine says how far a way leads.
func wayLine(w *plan.Way) string {
	steps := many(len(w.Steps), "step", "steps")
	switch {
	case w.Reached:
		return fmt.Sprintf("From %.1f to %.1f in %s.", w.Start, w.End, steps)
	case w.Bounded:
		return fmt.Sprintf("The first %s lead from %.1f to %.1f: more are needed for %g.", steps, w.Start, w.End, w.Goal.Score)
	}
	text := fmt.Sprintf("These fixes do not reach %g: from %.1f to %.1f in %s is as far as one gets.", w.Goal.Score, w.Start, w.End, steps)
	if w.Capped != 0 {
		text += fmt.Sprintf(" An open %s holds the score down, and no fix of these clears it.", w.Capped)
	}
	return text
}

// scoreLine says what becomes of the scores.
func scoreLine(p *plan.Plan, arrow string) string {
	var parts []string
	if p.Before.Scored && p.After.Scored {
		parts = append(parts, fmt.Sprintf("cluster %.1f %s %s %.1f %s", p.Before.Score, p.Before.Grade, arrow, p.After.Score, p.After.Grade))
	}
	const named = 3
	changed := 0
	after := map[string]*score.Namespace{}
	for _, n := range p.After.Namespaces {
		after[n.Name] = n
	}
	for _, n := range p.Before.Namespaces {
		is := after[n.Name]
		if is == nil || !n.Scored || !is.Scored || n.Score == is.Score {
			continue
		}
		if changed++; changed <= named {
			parts = append(parts, fmt.Sprintf("%s %.1f %s %s %.1f %s", n.Name, n.Score, n.Grade, arrow, is.Score, is.Grade))
		}
	}
	if changed > named {
		parts = append(parts, fmt.Sprintf("and %d more namespaces", changed-named))
	}
	if changed == 0 && !p.Empty() {
		parts = append(parts, "no namespace's score changes")
	}
	return strings.Join(parts, "   ")
}

// changeLine says what is changed and found then.
func changeLine(p *plan.Plan) string {
	if p.Empty() {
		return "nothing is changed"
	}
	n := counts(p)
	text := many(len(p.Applied), "fix", "fixes") + " in " + many(len(p.Objects), "object", "objects")
	if n[plan.Create] > 0 {
		text += fmt.Sprintf(", %d new", n[plan.Create])
	}
	if n[plan.Delete] > 0 {
		text += fmt.Sprintf(", %d deleted", n[plan.Delete])
	}
	text += "; " + many(p.Restarts, "pod is made again", "pods are made again") + "; " + many(len(p.Cleared), "finding cleared", "findings cleared")
	if len(p.Raised) > 0 {
		text += fmt.Sprintf(", %d new", len(p.Raised))
	}
	if p.Before.Cluster.Info.Offline {
		files := map[string]bool{}
		for _, o := range p.Objects {
			if origin, ok := p.Before.Cluster.Origin(o.Ref); ok {
				files[origin.File] = true
			}
		}
		text += "; " + many(len(files), "file", "files")
	}
	return text
}

// leftLine says what is not fixed, "" for nothing.
func leftLine(m *made) string {
	p := m.plan
	undecided := max(m.manual, len(p.Undecided))
	if m.way != nil {
		undecided = 0 // what is no step may be fixed as well
	}
	var parts []string
	for _, part := range []struct {
		n    int
		text string
	}{
		{len(p.Held), "held back, which i takes in"},
		{len(p.Conflicts), "in conflict"},
		{len(p.Skipped), "skipped"},
		{undecided, "for a person to decide"},
	} {
		if part.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", part.n, part.text))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "left: " + strings.Join(parts, ", ")
}

// ownerLine warns of what would undo a patch, "" if nothing would.
func ownerLine(p *plan.Plan) string {
	tools, seen, n := []string{}, map[string]bool{}, 0
	for _, o := range p.Objects {
		if o.Owner.IsZero() {
			continue
		}
		n++
		if !seen[o.Owner.Tool] {
			seen[o.Owner.Tool] = true
			tools = append(tools, o.Owner.Tool)
		}
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("! %s to %s: there a patch would be undone", many(n, "object belongs", "objects belong"), strings.Join(tools, ", "))
}

func many(n int, one, several string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, several)
}

// selected returns the row under the cursor.
func (s *Screen) selected() (row, bool) {
	_, i, ok := s.table.Selected()
	if !ok || i >= len(s.kept) {
		return row{}, false
	}
	return s.kept[i], true
}

// Object returns what the row under the cursor changes, or is about.
func (s *Screen) Object() (kube.Ref, bool) {
	switch r, ok := s.selected(); {
	case ok && r.finding != nil:
		return r.finding.Subject, true
	case ok && r.object != nil:
		return r.object.Ref, true
	}
	return kube.Ref{}, false
}

// look shows the change of the row under the cursor.
func (s *Screen) look() {
	r, ok := s.selected()
	is := drawn{s.made, r.key}
	if is == s.drawn {
		return
	}
	s.drawn, s.patch = is, ""
	s.about.SetContent(func(st *style.Styles, width int) []string { return s.tell(st, r, width) })
	if !ok {
		s.change.SetText("")
		return
	}
	var patch string
	var err error
	switch {
	case r.object != nil:
		patch, err = fix.Preview(s.made.of.Cluster, r.object.Ref, fixOf(r.object))
		s.patch = patch
	case r.fix != nil: // of what the plan leads to
		patch, err = fix.Preview(s.made.plan.After.Cluster, r.finding.Subject, *r.fix)
	default:
		s.change.SetText(instead(r))
		return
	}
	if err != nil {
		s.change.SetText(fmt.Sprintf("The change cannot be shown: %v", err))
		return
	}
	s.change.SetDiff(screen.WithoutFileNames(patch))
}

// instead is what is said of what has no fix in the plan.
func instead(r row) string {
	text := r.finding.Rule.ID + " of " + r.finding.Subject.String() + ": " + r.why + "."
	if r.what == "new" {
		return text + " It is not found now: it comes with the fixes of this plan."
	}
	return text + " " + r.finding.Rule.Remediation
}

// tell are the lines above a change: whom the object belongs to, and each fix with what
// it may break.
func (s *Screen) tell(st *style.Styles, r row, width int) []string {
	var lines []string
	say := func(look style.Style, text string) {
		lines = append(lines, look.Wrap(text, width)...)
	}
	if r.fix != nil {
		say(st.Warn, "not in the plan: "+r.why)
		say(st.Text, r.finding.Rule.ID+": "+r.fix.Title)
		if r.fix.Risk != "" {
			say(st.Muted, "risk: "+r.fix.Risk)
		}
	}
	if r.object == nil {
		return lines
	}
	if v, ok := s.server.Of(r.object); ok {
		look := st.Text
		if v.Outcome != kube.Accepted || len(v.Warnings) > 0 {
			look = st.Warn
		}
		say(look, "server: "+strings.Join(v.Sentences(), "; "))
	}
	if owner := r.object.Owner; !owner.IsZero() {
		say(st.Warn, "! "+owner.String())
	}
	if origin, ok := s.made.of.Cluster.Origin(r.object.Ref); ok {
		say(st.Muted, fmt.Sprintf("%s:%d", origin.File, origin.Line))
	}
	risks := map[string]bool{}
	for _, a := range r.object.Fixes {
		say(st.Text, a.Finding.Rule.ID+": "+a.Fix.Title)
		if a.Fix.Risk != "" && !risks[a.Fix.Risk] {
			risks[a.Fix.Risk] = true
			say(st.Muted, "risk: "+a.Fix.Risk)
		}
	}
	return lines
}

// sideBySide is the width from which the change stands beside the rows.
const sideBySide = 180

// View draws the screen.
func (s *Screen) View() []string {
	f := s.frame
	if s.zoomed {
		return s.draw("change", widget.Rect{W: f.Width, H: f.Height})
	}
	height := min(len(s.summary(f.Styles, f.Width-4))+2, max(4, f.Height/2-2))
	list := widget.Pane{Name: "rows", Min: 5, Priority: 2}
	detail := widget.Pane{Name: "change", Min: 5, Priority: 1}
	lower := widget.Pane{Direction: widget.Stack, Panes: []widget.Pane{list, detail}}
	if f.Width >= sideBySide {
		lower.Direction = widget.Columns
	}
	tree := widget.Pane{Direction: widget.Stack, Panes: []widget.Pane{{Name: "summary", Fixed: height, Priority: 3}, lower}}
	return tree.Draw(f.Styles, widget.Rect{W: f.Width, H: f.Height}, s.draw)
}

func (s *Screen) roomForChange() bool { return len(s.kept) > 0 }

func (s *Screen) draw(name string, r widget.Rect) widget.Block {
	st := s.frame.Styles
	box := widget.Box{Padding: 1}
	w, h := box.Inner(r.W, r.H)
	switch name {
	case "summary":
		box.Title = s.heading()
		return box.Render(st, r.W, r.H, widget.NewBlock(st, s.summary(st, w), w, h))
	case "rows":
		box.Padding, box.Focus = 0, !s.onChange
		w, h = box.Inner(r.W, r.H)
		s.table.Empty = s.empty()
		body := s.table.In(r).Render(st, w, h)
		box.Title, box.Footer = s.rowsTitle(), s.table.Footer()
		return box.Render(st, r.W, r.H, body)
	}
	box.Focus = s.onChange || s.zoomed
	s.change.In(r)
	above := min(s.about.Height(st, w), max(0, h/3))
	about := s.about.Render(st, w, above)
	s.width = w
	body := s.change.Render(st, w, h-above)
	box.Title, box.Footer = s.changeTitle(), s.change.Footer()
	return box.Render(st, r.W, r.H, append(about, body...))
}

func (s *Screen) rowsTitle() string {
	title := "Changes, and what is left"
	if s.made != nil && s.made.way != nil {
		title = "Steps"
	}
	switch text := s.FilterText(); {
	case s.unfiltered != nil:
		title += fmt.Sprintf(" not filtered: %v", s.unfiltered)
	case text != "" && s.made != nil:
		title += fmt.Sprintf(" (%d of %d) filtered by %s", len(s.kept), len(s.made.rows), text)
	}
	return title
}

// changeTitle names the row under the cursor.
func (s *Screen) changeTitle() string {
	r, ok := s.selected()
	if !ok {
		return ""
	}
	title := r.what + " " + r.name
	if r.object != nil {
		title = r.object.Action.String() + " " + r.object.Ref.String()
	}
	return title
}

// CursorLine returns the line of the cursor.
func (s *Screen) CursorLine() int {
	if s.zoomed {
		return 1
	}
	f := s.frame
	return s.table.CursorBelow(min(len(s.summary(f.Styles, f.Width-4))+2, max(4, f.Height/2-2)))
}

// Click turns to the rows or to the change.
func (s *Screen) Click(x, y int) *widget.Table {
	if s.zoomed {
		return nil
	}
	s.onChange = s.change.Place().Contains(x, y) || s.onChange && !s.table.Place().Contains(x, y)
	return s.table
}

// Wheel scrolls the change, if it lies under a cell.
func (s *Screen) Wheel(x, y, lines int) bool { return s.change.Wheel(x, y, lines) }
