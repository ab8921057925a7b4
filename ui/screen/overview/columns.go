package overview

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// columns are the columns of the table: what has room is decided by priority. The
// wide table has every category, and gives them the room of the counts if need be.
func columns(a *score.Assessment) []widget.Column {
	list := []widget.Column{
		{ID: "score", Title: "SCORE", Min: 6, Ideal: 6, Max: 6, Priority: 10, Align: style.Right},
		{ID: "grade", Title: "", Min: 4, Ideal: 4, Max: 4, Priority: 9},
		{ID: "name", Title: "NAMESPACE", Min: 16, Ideal: 24, Max: 48, Priority: 10},
	}
	for _, c := range a.Result.Categories {
		width := max(5, len(c.Label))
		list = append(list, widget.Column{
			ID: c.ID, Title: strings.ToUpper(c.Label), Min: width, Ideal: width, Max: width + 1,
			Priority: 5, WidePriority: 8, Wide: !c.Heart, Align: style.Right,
		})
	}
	for i, severity := range audit.Severities()[:4] {
		list = append(list, widget.Column{
			ID: severity.String(), Title: strings.ToUpper(severity.String()[:1]),
			Min: 3, Ideal: 3, Max: 5, Priority: 8 - i, WidePriority: 4 - i, Align: style.Right, Falling: true,
		})
	}
	return append(list,
		widget.Column{ID: "subjects", Title: "SUBJECTS", Min: 8, Ideal: 8, Max: 9, Priority: 3, Align: style.Right, Falling: true},
		widget.Column{ID: "coverage", Title: "SEEN", Min: 6, Ideal: 6, Max: 6, Priority: 2, Wide: true, Align: style.Right},
	)
}

// rows are the namespaces in the order to show.
type rows struct {
	styles     *style.Styles
	namespaces []*score.Namespace
}

// Len returns the number of namespaces.
func (r rows) Len() int { return len(r.namespaces) }

// Key returns the namespace's name.
func (r rows) Key(i int) string { return r.namespaces[i].Name }

// Cells appends the cells of a namespace.
func (r rows) Cells(i int, dst []widget.Cell) []widget.Cell {
	n, s := r.namespaces[i], r.styles
	muted := func(text string) widget.Cell { return widget.Cell{Text: text, Style: s.Muted} }
	if n.Scored {
		dst = append(dst, widget.Cell{Text: fmt.Sprintf("%.1f", n.Score), Style: s.Score(n.Score)},
			widget.Cell{Text: n.Grade + " " + s.GradeMark(n.Grade), Style: s.Score(n.Score)})
	} else {
		dst = append(dst, muted("n/a"), muted(""))
	}
	dst = append(dst, widget.Cell{Text: n.Name, Style: s.Text})
	for _, c := range n.Categories {
		if c.Scored {
			dst = append(dst, widget.Cell{Text: fmt.Sprintf("%.0f", c.Score), Style: s.Score(c.Score)})
		} else {
			dst = append(dst, muted("-"))
		}
	}
	for _, severity := range audit.Severities()[:4] {
		if count := n.Counts[severity]; count > 0 {
			dst = append(dst, widget.Cell{Text: fmt.Sprint(count), Style: s.Severity(screen.Severity(severity))})
		} else {
			dst = append(dst, muted("."))
		}
	}
	return append(dst, muted(fmt.Sprint(n.Subjects)), muted(fmt.Sprintf("%.0f%%", n.Coverage)))
}

// arrange returns the namespaces that the filter lets through, sorted. Those
// that have no value in the column stand last in any order.
func (s *Screen) arrange() {
	var kept []*score.Namespace
	for _, n := range s.shown.Namespaces {
		if s.filter.Match(filterRow{n, s.shown.Cluster}) {
			kept = append(kept, n)
		}
	}
	id, descending := s.table.SortedBy()
	slices.SortStableFunc(kept, func(a, b *score.Namespace) int {
		if known := compareKnown(a, b, id); known != 0 {
			return known
		}
		order := compare(a, b, id)
		if descending {
			order = -order
		}
		return cmp.Or(order, strings.Compare(a.Name, b.Name))
	})
	s.matching = len(kept)
	s.table.Empty = "no namespace matches the filter"
	if len(s.shown.Namespaces) == 0 {
		s.table.Empty = "there is no namespace, or none can be seen"
	}
	s.rows = rows{s.frame.Styles, kept}
	s.table.SetRows(s.rows)
}

// compareKnown puts what has no value in a column after what has one.
func compareKnown(a, b *score.Namespace, column string) int {
	hasA, hasB := a.Scored, b.Scored
	if hasA && hasB {
		if c := category(a, column); c.ID != "" {
			hasA, hasB = c.Scored, category(b, column).Scored
		}
	}
	switch {
	case hasA == hasB:
		return 0
	case hasA:
		return -1
	}
	return 1
}

// compare orders two namespaces by a column, the smaller value first.
func compare(a, b *score.Namespace, column string) int {
	switch column {
	case "score", "grade":
		return cmp.Compare(a.Score, b.Score)
	case "name":
		return strings.Compare(a.Name, b.Name)
	case "subjects":
		return cmp.Compare(a.Subjects, b.Subjects)
	case "coverage":
		return cmp.Compare(a.Coverage, b.Coverage)
	}
	if severity, err := audit.ParseSeverity(column); err == nil {
		return cmp.Compare(a.Counts[severity], b.Counts[severity])
	}
	return cmp.Compare(category(a, column).Score, category(b, column).Score)
}

func category(n *score.Namespace, id string) score.CategoryScore {
	for _, c := range n.Categories {
		if c.ID == id {
			return c
		}
	}
	return score.CategoryScore{}
}

// fields are what a filter can ask for, in the order of [filterRow].
func fields(a *score.Assessment) []widget.Field {
	list := []widget.Field{{Name: "ns"}, {Name: "grade"}, {Name: "group"}, {Name: "score", Number: true}, {Name: "coverage", Number: true}, {Name: "subjects", Number: true}}
	for _, severity := range audit.Severities() {
		list = append(list, widget.Field{Name: severity.String(), Number: true})
	}
	for _, c := range a.Result.Categories {
		list = append(list, widget.Field{Name: c.ID, Number: true})
	}
	return append(list, widget.Field{Name: "labels", Labels: true})
}

// named is how many fields stand before the severities.
const named = 6

// filterRow is a namespace as a filter sees it.
type filterRow struct {
	n       *score.Namespace
	cluster *kube.Cluster
}

// Labels are those of the Namespace, nil where it is not seen.
func (r filterRow) Labels() map[string]string {
	return screen.LabelsOf(r.cluster, kube.Namespaces.Ref("", r.n.Name))
}

// Text returns what a field shows.
func (r filterRow) Text(field int) string {
	switch field {
	case 0:
		return r.n.Name
	case 1:
		return r.n.Grade
	case 2:
		return string(r.n.Group)
	}
	return ""
}

// Value returns the number of a field.
func (r filterRow) Value(field int) float64 {
	severities := audit.Severities()
	switch {
	case field == 3 && r.n.Scored:
		return r.n.Score
	case field == 4:
		return r.n.Coverage
	case field == 5:
		return float64(r.n.Subjects)
	case field >= named && field < named+len(severities):
		return float64(r.n.Counts[severities[field-named]])
	case field >= named+len(severities):
		if at := field - named - len(severities); at < len(r.n.Categories) && r.n.Categories[at].Scored {
			return r.n.Categories[at].Score
		}
	}
	return math.NaN()
}
