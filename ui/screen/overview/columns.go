package overview

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/trend"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// columns are the columns of the table: what has room is decided by priority. The
// wide table has every category, and gives them the room of the counts if need be.
// How scores went has columns once there is something to tell: course is the width of
// a trend, 0 before.
func columns(a *score.Assessment, course int) []widget.Column {
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
	list = append(list,
		widget.Column{ID: "subjects", Title: "SUBJECTS", Min: 8, Ideal: 8, Max: 9, Priority: 3, Align: style.Right, Falling: true},
		widget.Column{ID: "coverage", Title: "SEEN", Min: 6, Ideal: 6, Max: 6, Priority: 2, Wide: true, Align: style.Right},
	)
	if course > 0 {
		list = append(list,
			widget.Column{ID: changed, Title: "+/-", Min: 5, Ideal: 5, Max: 6, Priority: 7, Passing: true, Align: style.Right},
			widget.Column{ID: "trend", Title: "TREND", Min: course, Ideal: course, Max: course, Priority: 6, Passing: true, Unsorted: true})
	}
	return list
}

// changed is the column of how scores changed.
const changed = "change"

// rows are the namespaces in the order to show.
type rows struct {
	styles     *style.Styles
	figures    *screen.Figures
	trends     screen.Trends
	namespaces []*score.Namespace
	course     int       // the width of a trend, 0 while there is none
	values     []float64 // of one trend, for reuse
}

// Len returns the number of namespaces.
func (r *rows) Len() int { return len(r.namespaces) }

// Key returns the namespace's name.
func (r *rows) Key(i int) string { return r.namespaces[i].Name }

// Cells appends the cells of a namespace.
func (r *rows) Cells(i int, dst []widget.Cell) []widget.Cell {
	n, s := r.namespaces[i], r.styles
	muted := func(text string) widget.Cell { return widget.Cell{Text: text, Style: s.Muted} }
	if n.Scored {
		dst = append(dst, widget.Cell{Text: r.figures.Tenth(n.Score), Style: s.Score(n.Score)},
			widget.Cell{Text: r.figures.Grade(n.Grade), Style: s.Score(n.Score)})
	} else {
		dst = append(dst, muted("n/a"), muted(""))
	}
	dst = append(dst, widget.Cell{Text: n.Name, Style: s.Text})
	for _, c := range n.Categories {
		if c.Scored {
			dst = append(dst, widget.Cell{Text: r.figures.Level(c.Score), Style: s.Score(c.Score)})
		} else {
			dst = append(dst, muted("- "))
		}
	}
	for _, severity := range audit.Severities()[:4] {
		if count := n.Counts[severity]; count > 0 {
			dst = append(dst, widget.Cell{Text: strconv.Itoa(count), Style: s.Severity(screen.Severity(severity))})
		} else {
			dst = append(dst, muted("."))
		}
	}
	dst = append(dst, muted(strconv.Itoa(n.Subjects)), muted(strconv.Itoa(int(n.Coverage+0.5))+"%"))
	return r.appendTrend(dst, n)
}

// appendTrend appends how the score of a namespace went.
func (r *rows) appendTrend(dst []widget.Cell, n *score.Namespace) []widget.Cell {
	if r.course == 0 {
		return dst
	}
	of := trend.Key{Namespace: n.Name}
	change := widget.Cell{}
	if points, known := r.trends.Change(of); known {
		change = widget.Cell{Text: screen.Change(points), Style: screen.ChangeStyle(r.styles, points)}
	}
	r.values = r.trends.Course(r.values[:0], of, r.course)
	text, look := widget.ScoreTrend(r.styles, r.values)
	return append(dst, change, widget.Cell{Text: text, Style: look})
}

// arrange returns the namespaces that the filter lets through, sorted. Those
// that have no value in the column stand last in any order.
func (s *Screen) arrange() {
	var kept []*score.Namespace
	for _, n := range s.shown.Namespaces {
		if s.filter.Match(screen.NamespaceRow{Of: n, In: s.shown.Cluster}) {
			kept = append(kept, n)
		}
	}
	id, descending := s.table.SortedBy()
	changes := s.changesBy(id, kept)
	slices.SortStableFunc(kept, func(a, b *score.Namespace) int {
		if known := compareKnown(a, b, id, changes); known != 0 {
			return known
		}
		order := cmp.Or(compare(a, b, id), cmp.Compare(changes[a], changes[b]))
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
	s.figures = s.figures.With(s.frame.Styles)
	s.rows = &rows{styles: s.frame.Styles, figures: s.figures, trends: s.trends, namespaces: kept, course: s.course}
	s.table.SetRows(s.rows)
}

// changesBy returns how the scores of namespaces changed, if it is sorted by that: of
// those of which it is known.
func (s *Screen) changesBy(column string, namespaces []*score.Namespace) map[*score.Namespace]float64 {
	if column != changed {
		return nil
	}
	changes := make(map[*score.Namespace]float64, len(namespaces))
	for _, n := range namespaces {
		if points, known := s.trends.Change(trend.Key{Namespace: n.Name}); known {
			changes[n] = points
		}
	}
	return changes
}

// compareKnown puts what has no value in a column after what has one.
func compareKnown(a, b *score.Namespace, column string, changes map[*score.Namespace]float64) int {
	hasA, hasB := a.Scored, b.Scored
	if column == changed {
		_, hasA = changes[a]
		_, hasB = changes[b]
	} else if hasA && hasB {
		if c := screen.CategoryOf(a, column); c.ID != "" {
			hasA, hasB = c.Scored, screen.CategoryOf(b, column).Scored
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
	case changed:
		return 0 // which is not of the namespace alone
	case "subjects":
		return cmp.Compare(a.Subjects, b.Subjects)
	case "coverage":
		return cmp.Compare(a.Coverage, b.Coverage)
	}
	if severity, err := audit.ParseSeverity(column); err == nil {
		return cmp.Compare(a.Counts[severity], b.Counts[severity])
	}
	return cmp.Compare(screen.CategoryOf(a, column).Score, screen.CategoryOf(b, column).Score)
}
