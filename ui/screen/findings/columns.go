package findings

import (
	"math"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// columns are the columns of the table; the namespace only where there are
// several.
func columns(several bool) []widget.Column {
	list := []widget.Column{
		{ID: "sev", Title: "SEV", Min: 4, Ideal: 4, Max: 4, Priority: 10, Falling: true},
		{ID: "points", Title: "POINTS", Min: 7, Ideal: 7, Max: 7, Priority: 9, Align: style.Right, Falling: true},
	}
	if several {
		list = append(list, widget.Column{ID: "ns", Title: "NAMESPACE", Min: 10, Ideal: 14, Max: 24, Priority: 7})
	}
	return append(list,
		widget.Column{ID: "object", Title: "OBJECT", Min: 14, Ideal: 28, Max: 40, Priority: 8},
		widget.Column{ID: "message", Title: "WHAT IS WRONG", Min: 24, Ideal: 36, Max: widget.Unlimited, Priority: 6},
		widget.Column{ID: "rule", Title: "RULE", Min: 24, Ideal: 26, Max: 36, Priority: 5},
	)
}

// Cells appends the cells of a finding.
func (r rows) Cells(row int, dst []widget.Cell) []widget.Cell {
	s := r.styles
	_, f := r.place(row)
	if f == nil {
		return dst
	}
	severity, cost, text := screen.FindingCells(s, f)
	dst = append(dst, severity, cost)
	if r.several {
		dst = append(dst, widget.Cell{Text: home(f), Style: text})
	}
	return append(dst, widget.Cell{Text: screen.Place(f), Style: text},
		widget.Cell{Text: screen.Wrong(f), Style: text}, widget.Cell{Text: f.Rule.ID, Style: s.Muted})
}

// home names the row of the overview that a finding belongs to.
func home(f *score.Finding) string {
	if f.Namespace == "" {
		return score.ClusterWide
	}
	return f.Namespace
}

// fields are what a filter can ask for, in the order of [filterRow].
func fields() []widget.Field {
	return []widget.Field{
		{Name: "sev", Scale: []string{"info", "low", "medium", "high", "critical"}},
		{Name: "points", Number: true},
		{Name: "ns"},
		{Name: "rule"},
		{Name: "category"},
		{Name: "kind"},
		{Name: "object"},
		{Name: "container"},
		{Name: "message"},
		{Name: "control"},
		{Name: "fix"},
		{Name: "accepted"},
		{Name: "labels", Labels: true},
	}
}

// filterRow is a finding as a filter sees it.
type filterRow struct {
	f       *score.Finding
	cluster *kube.Cluster
}

// Labels are those of the subject.
func (r *filterRow) Labels() map[string]string { return screen.LabelsOf(r.cluster, r.f.Subject) }

// Text returns what a field shows.
func (r *filterRow) Text(field int) string {
	f := r.f
	switch field {
	case 0:
		return f.Severity.String()
	case 2:
		return home(f)
	case 3:
		return f.Rule.ID
	case 4:
		return f.Category
	case 5:
		return f.Subject.Kind
	case 6:
		return f.Subject.Short()
	case 7:
		return f.Container
	case 8:
		return f.Message
	case 9:
		return strings.Join(f.Rule.Controls, " ")
	case 10:
		if f.Fixable {
			return "yes"
		}
		return "no"
	case 11:
		if f.Accepted != nil {
			return "yes"
		}
	}
	return ""
}

// Value returns the number or rank of a field.
func (r *filterRow) Value(field int) float64 {
	switch field {
	case 0:
		return float64(r.f.Severity - audit.Info)
	case 1:
		return r.f.Points
	}
	return math.NaN()
}
