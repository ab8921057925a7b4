package fixplan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fix/plan"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// row is a line of the plan: an object that is changed, a step, or what is left.
type row struct {
	key       string
	what      string
	gain      string
	points    float64 // what gain says, of an object
	after     string  // the score after a step
	pods      string
	namespace string
	name      string // of the object
	text      string
	kind      kind
	object    *plan.Object   // that is changed, nil for what is left
	finding   *score.Finding // that is left, or that a step is about first
	why       string         // it is left
	fix       *audit.Fix     // that is left, nil for none
}

// kind says how a row is drawn.
type kind int

const (
	change kind = iota
	trouble
	left
)

// columns are the columns of a plan, with what the server says if it was asked.
func columns(m *made, asked bool) []widget.Column {
	list := []widget.Column{{ID: "what", Unsorted: true, Title: "WHAT", Min: 8, Ideal: 8, Max: 8, Priority: 10}}
	if m.way != nil {
		list = []widget.Column{{ID: "step", Unsorted: true, Title: "STEP", Min: 4, Ideal: 4, Max: 4, Priority: 10, Align: style.Right}}
	}
	list = append(list, widget.Column{ID: "gain", Unsorted: true, Title: "GAIN", Min: 6, Ideal: 6, Max: 7, Priority: 9, Align: style.Right})
	if m.way != nil {
		list = append(list, widget.Column{ID: "score", Unsorted: true, Title: "SCORE", Min: 6, Ideal: 6, Max: 6, Priority: 7, Align: style.Right})
	}
	list = append(list, widget.Column{ID: "pods", Unsorted: true, Title: "PODS", Min: 5, Ideal: 5, Max: 6, Priority: 8, Align: style.Right})
	if asked {
		list = append(list, widget.Column{ID: "server", Unsorted: true, Passing: true, Title: "SERVER", Min: 10, Ideal: 13, Max: 15, Priority: 8})
	}
	if m.several() {
		list = append(list, widget.Column{ID: "ns", Unsorted: true, Passing: true, Title: "NAMESPACE", Min: 10, Ideal: 12, Max: 20, Priority: 5})
	}
	return append(list,
		widget.Column{ID: "object", Unsorted: true, Title: "OBJECT", Min: 14, Ideal: 24, Max: 40, Priority: 9},
		widget.Column{ID: "fix", Unsorted: true, Title: "FIX", Min: 16, Ideal: 30, Max: widget.Unlimited, Priority: 6},
	)
}

// told is how many of the findings without a fix are told of.
const told = 200

// fill makes the rows.
func (m *made) fill() {
	if m.plan == nil {
		return
	}
	objects := map[kube.Ref]*plan.Object{}
	for i := range m.plan.Objects {
		o := &m.plan.Objects[i]
		objects[o.Ref] = o
		if m.way == nil {
			m.rows = append(m.rows, m.objectRow(o))
		}
	}
	if m.way != nil {
		for i, step := range m.way.Steps {
			m.rows = append(m.rows, m.stepRow(i, step, objects))
		}
	}
	slices.SortStableFunc(m.rows, func(a, b row) int { return cmp.Compare(b.points, a.points) }) // steps have none
	add := func(f *score.Finding, what string, k kind, proposed *audit.Fix, why string) {
		m.rows = append(m.rows, row{
			key: what + " " + f.Statement(), what: what, kind: k, namespace: f.Namespace, name: screen.Place(f),
			text: f.Rule.ID + ": " + why, finding: f, fix: proposed, why: why,
		})
	}
	for _, f := range m.plan.Raised {
		add(f, "new", trouble, nil, screen.Wrong(f))
	}
	for _, c := range m.plan.Conflicts {
		add(c.Finding, "conflict", trouble, &c.Fix, "its fix would bring back "+c.With.Rule.ID)
	}
	for _, l := range m.plan.Skipped {
		add(l.Finding, "skipped", left, &l.Fix, l.Why)
	}
	for _, l := range m.plan.Held {
		add(l.Finding, "held", left, &l.Fix, l.Why)
	}
	for _, f := range m.plan.Undecided[:min(len(m.plan.Undecided), told)] {
		add(f, "decide", left, nil, screen.Wrong(f))
	}
}

// objectRow tells of an object that is changed.
func (m *made) objectRow(o *plan.Object) row {
	r := row{
		key: "object " + o.Ref.Group + " " + o.Ref.String(), what: o.Action.String(), namespace: o.Ref.Namespace,
		name: o.Ref.Short(), object: o,
	}
	var titles []string
	var findings []*score.Finding
	for _, a := range o.Fixes {
		if len(titles) == 0 || titles[len(titles)-1] != a.Fix.Title {
			titles = append(titles, a.Fix.Title)
		}
		if m.isOf(a.Finding) {
			findings = append(findings, a.Finding)
		}
	}
	r.text = strings.Join(titles, "; ")
	if !o.Owner.IsZero() {
		r.text = "! " + o.Owner.Tool + "; " + r.text
		r.kind = trouble
	}
	if gain, known := gainOf(findings); known {
		r.gain, r.points = fmt.Sprintf("%+.1f", gain), gain
	}
	r.pods = podsOf(o.Restarts)
	return r
}

// isOf reports whether a finding is of the assessment that was planned for, and not of
// one that a fix led to.
func (m *made) isOf(f *score.Finding) bool {
	return m.of.Namespace(f.Home().Name) == f.Home()
}

// gainOf is what a namespace gains without findings of it, by scoring again; false if
// they are of several, or cost none anything.
func gainOf(findings []*score.Finding) (float64, bool) {
	if len(findings) == 0 {
		return 0, false
	}
	home := findings[0].Home()
	trial := home.Trial()
	bySubject := map[kube.Ref][]*score.Finding{}
	for _, f := range findings {
		if f.Home() != home || !home.Scored {
			return 0, false
		}
		bySubject[f.Subject] = append(bySubject[f.Subject], f)
	}
	for _, together := range bySubject {
		trial.Remove(together)
	}
	return score.Round(trial.Standing().Score) - home.Score, true
}

// stepRow tells of a step.
func (m *made) stepRow(i int, step plan.Step, objects map[kube.Ref]*plan.Object) row {
	f := step.Findings[0]
	r := row{
		key: "step " + f.Statement(), what: fmt.Sprint(i + 1), gain: fmt.Sprintf("%+.2f", step.Gain),
		after: fmt.Sprintf("%.1f", step.Score), pods: podsOf(step.Restarts), namespace: f.Namespace, name: screen.Place(f),
		text: step.Title, finding: f, object: objects[f.Subject],
	}
	if r.object == nil || !fixes(r.object, f) {
		for _, o := range m.plan.Objects {
			if fixes(&o, f) {
				r.object = objects[o.Ref]
			}
		}
	}
	if r.object != nil && !r.object.Owner.IsZero() {
		r.text, r.kind = "! "+r.object.Owner.Tool+"; "+r.text, trouble
	}
	return r
}

// fixes reports whether an object is changed for a finding.
func fixes(o *plan.Object, f *score.Finding) bool {
	for _, a := range o.Fixes {
		if a.Finding.Statement() == f.Statement() {
			return true
		}
	}
	return false
}

func podsOf(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

// rows are the rows of a plan.
type rows struct {
	all     []row
	styles  *style.Styles
	several bool
	way     bool
	server  func(*plan.Object) (kube.Verdict, bool) // nil where nobody asked it
}

// Len returns the number of rows.
func (r rows) Len() int { return len(r.all) }

// Key names a row.
func (r rows) Key(i int) string { return r.all[i].key }

// Cells appends the cells of a row.
func (r rows) Cells(i int, dst []widget.Cell) []widget.Cell {
	of, s := r.all[i], r.styles
	look := [...]style.Style{change: s.Text, trouble: s.Warn, left: s.Muted}[of.kind]
	text := func(t string) widget.Cell { return widget.Cell{Text: t, Style: look} }
	dst = append(dst, text(of.what), widget.Cell{Text: of.gain, Style: s.OK})
	if r.way {
		dst = append(dst, text(of.after))
	}
	dst = append(dst, text(of.pods))
	if r.server != nil {
		dst = append(dst, r.verdictCell(of))
	}
	if r.several {
		dst = append(dst, text(of.namespace))
	}
	return append(dst, text(of.name), text(of.text))
}

// counts are how many objects a plan changes, creates and deletes.
func counts(p *plan.Plan) (n [plan.Delete + 1]int) {
	for _, o := range p.Objects {
		n[o.Action]++
	}
	return n
}

// fixOf is what a plan does to an object, as a fix of its own.
func fixOf(o *plan.Object) audit.Fix {
	switch o.Action {
	case plan.Create:
		return audit.Fix{New: []audit.Object{o.New}}
	case plan.Delete:
		return audit.Fix{Delete: []kube.Ref{o.Ref}}
	case plan.Change:
	}
	return audit.Fix{Edits: o.Edits}
}
