package fixplan

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/fix/plan"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// mostTried is how many changes a server is asked about at the most, in the order of the
// rows: its webhooks have other things to do.
const mostTried = 500

// verdicts is what the server says of a plan.
type verdicts struct {
	*screen.DryRun
	text    string // of the shown plan, in one sentence; "" where nobody asked
	trouble bool   // something is not accepted, or warned of
}

// dryRun asks the server about the plan, or ends that.
func (s *Screen) dryRun() tea.Cmd {
	switch {
	case s.server.Pending():
		s.server.Stop()
		s.answered()
		return nav.Notice("the server is not asked any more")
	case !s.current():
		return nav.Notice("the plan is still being made")
	case s.made.plan == nil || s.made.plan.Empty():
		return nav.Notice("the plan changes nothing: there is nothing to ask the server about")
	}
	p, objects := s.made.plan, s.made.objects()
	objects = objects[:min(len(objects), mostTried)]
	ask := s.server.Ask(func() (*plan.DryRun, error) { return p.DryRun(objects), nil })
	s.answered()
	return ask
}

// objects are what a plan changes, in the order of the rows.
func (m *made) objects() []*plan.Object {
	var all []*plan.Object
	seen := map[*plan.Object]bool{nil: true}
	add := func(o *plan.Object) {
		if !seen[o] {
			seen[o] = true
			all = append(all, o)
		}
	}
	for _, r := range m.rows {
		add(r.object)
	}
	for i := range m.plan.Objects {
		add(&m.plan.Objects[i])
	}
	return all
}

// answered shows what the server has said until now.
func (s *Screen) answered() {
	s.server.count(s.made)
	s.list()
	if r, ok := s.selected(); ok {
		s.about.Update(func(st *style.Styles, width int) []string { return s.tell(st, r, width) })
	}
}

// list shows the rows, with a column for the server where it was asked.
func (s *Screen) list() {
	if s.made == nil {
		return
	}
	s.keep()
	shown := rows{all: s.kept, styles: s.frame.Styles, several: s.made.several(), way: s.made.way != nil}
	if s.server.Shown() {
		shown.server = s.server.Of
	}
	s.table.SetColumns(columns(s.made, shown.server != nil))
	s.table.SetRows(shown)
}

// count says in a sentence what the server has said of a plan: of the changes that were
// asked about those that the plan still has.
func (v *verdicts) count(m *made) {
	v.text, v.trouble = "", false
	if m == nil || m.plan == nil || !v.Shown() {
		return
	}
	counts, warned, known := map[kube.Outcome]int{}, 0, 0
	for i := range m.plan.Objects {
		verdict, ok := v.Of(&m.plan.Objects[i])
		if !ok {
			continue
		}
		known++
		counts[verdict.Outcome]++
		if len(verdict.Warnings) > 0 {
			warned++
		}
	}
	var parts []string
	for _, o := range []kube.Outcome{kube.Accepted, kube.Refused, kube.NotPermitted, kube.Untried} {
		if counts[o] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[o], o))
		}
	}
	if rest := len(m.plan.Objects) - known; rest > 0 && !v.Pending() {
		parts = append(parts, fmt.Sprintf("%d not asked about", rest))
	}
	v.trouble = v.Err() != nil || warned > 0 || counts[kube.Accepted] < known
	v.text = "server: " + v.progress() + strings.Join(parts, ", ")
	if warned > 0 {
		v.text += fmt.Sprintf("; %d with warnings", warned)
	}
	if v.Err() != nil {
		v.text += "; no further verdict: " + v.Err().Error()
	}
}

// look is how the sentence is drawn.
func (v *verdicts) look(st *style.Styles) style.Style {
	if v.trouble {
		return st.Warn
	}
	return st.Text
}

// progress says how far the server was asked, "" if it has answered all.
func (v *verdicts) progress() string {
	asked, of := len(v.Verdicts()), len(v.Objects())
	switch {
	case of == 0 && v.Pending():
		return "asking for dry runs"
	case v.Pending():
		return fmt.Sprintf("asked %d of %d: ", asked, of)
	case asked < of:
		return fmt.Sprintf("asked %d of %d, then stopped: ", asked, of)
	}
	return ""
}

// verdictCell is what a row says of the verdict: a word, and a sign where there are
// warnings.
func (r rows) verdictCell(of row) widget.Cell {
	if of.object == nil {
		return widget.Cell{}
	}
	v, ok := r.server(of.object)
	if !ok {
		return widget.Cell{}
	}
	cell := widget.Cell{Text: v.Outcome.String(), Style: r.styles.Error}
	switch {
	case len(v.Warnings) > 0:
		cell.Text = "! " + cell.Text
		if v.Outcome == kube.Accepted {
			cell.Style = r.styles.Warn
		}
	case v.Outcome == kube.Accepted:
		cell.Style = r.styles.OK
	case v.Outcome == kube.Untried:
		cell.Style = r.styles.Muted
	}
	return cell
}
