package snapshots

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/compare"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// views are the kinds of changes that are shown together, one after the other by a key.
var views = [...]struct {
	name  string
	kinds []compare.Kind // nil for all
}{
	{"all", nil},
	{"worse", []compare.Kind{compare.New, compare.Came, compare.Worse, compare.Reopened, compare.Revealed}},
	{"better", []compare.Kind{compare.Accepted, compare.Better, compare.Gone, compare.Fixed}},
	{"unclear", []compare.Kind{compare.Revealed, compare.Moved, compare.Unknown}},
}

// entry is a change in the list.
type entry struct {
	change *compare.Change
	key    string
}

// list is the changes in the order to show. It never changes.
type list struct {
	of   *compare.Comparison
	text string // of the filter
	kept []entry
}

// chunk is after how many changes it is looked whether the list is still wanted.
const chunk = 8192

// arrange returns the job that filters and sorts the changes.
func (s *Screen) arrange() screen.Job {
	of, filter, text, kinds := s.compared, s.filter.Filter(), s.filter.Text(), views[s.show].kinds
	if of == nil {
		return nil
	}
	column, descending := s.table.SortedBy()
	return func(ctx context.Context) func() {
		made := list{of: of, text: text, kept: []entry{}}
		seen := map[string]int{}
		for i := range of.Changes {
			if i%chunk == 0 && ctx.Err() != nil {
				return nil
			}
			c := &of.Changes[i]
			if kinds != nil && !slices.Contains(kinds, c.Kind) || !filter.Match(filterRow{c}) {
				continue
			}
			key := c.Finding().ID()
			seen[key]++
			if n := seen[key]; n > 1 {
				key = fmt.Sprintf("%s#%d", key, n)
			}
			made.kept = append(made.kept, entry{c, key})
		}
		order(made.kept, column, descending)
		return func() { s.take(made) }
	}
}

// take shows a list.
func (s *Screen) take(made list) {
	s.list = made
	s.table.SetRows(rows{made.kept, s.frame.Styles})
}

// order sorts changes by a column; those that are equal stay in the order of the
// comparison.
func order(entries []entry, column string, descending bool) {
	by := map[string]func(a, b *compare.Change) int{
		"kind":    func(a, b *compare.Change) int { return cmp.Compare(a.Kind, b.Kind) },
		"sev":     func(a, b *compare.Change) int { return cmp.Compare(a.Severity(), b.Severity()) },
		"points":  func(a, b *compare.Change) int { return cmp.Compare(a.Points(), b.Points()) },
		"ns":      func(a, b *compare.Change) int { return strings.Compare(home(a), home(b)) },
		"object":  func(a, b *compare.Change) int { return strings.Compare(object(a), object(b)) },
		"message": func(a, b *compare.Change) int { return strings.Compare(a.Finding().Message, b.Finding().Message) },
		"rule":    func(a, b *compare.Change) int { return strings.Compare(a.Finding().Rule.ID, b.Finding().Rule.ID) },
	}[column]
	if by == nil {
		return
	}
	slices.SortStableFunc(entries, func(a, b entry) int {
		if descending {
			return by(b.change, a.change)
		}
		return by(a.change, b.change)
	})
}

// columns are the columns of the changes.
func columns() []widget.Column {
	return []widget.Column{
		{ID: "kind", Title: "KIND", Min: 10, Ideal: 10, Max: 10, Priority: 10},
		{ID: "sev", Title: "SEV", Min: 4, Ideal: 4, Max: 4, Priority: 9, Falling: true},
		{ID: "points", Title: "POINTS", Min: 7, Ideal: 7, Max: 7, Priority: 7, Align: style.Right},
		{ID: "ns", Title: "NAMESPACE", Min: 10, Ideal: 12, Max: 24, Priority: 5},
		{ID: "object", Title: "OBJECT", Min: 14, Ideal: 18, Max: 44, Priority: 8},
		{ID: "rule", Title: "RULE", Min: 16, Ideal: 32, Max: 48, Priority: 6},
		{ID: "message", Title: "WHAT IS WRONG", Min: 32, Ideal: 32, Max: widget.Unlimited, Priority: 4},
	}
}

// rows are changes as a table shows them.
type rows struct {
	entries []entry
	styles  *style.Styles
}

// Len returns the number of changes.
func (r rows) Len() int { return len(r.entries) }

// Key names a change by its finding.
func (r rows) Key(i int) string { return r.entries[i].key }

// Cells appends the cells of a change.
func (r rows) Cells(i int, dst []widget.Cell) []widget.Cell {
	c, s := r.entries[i].change, r.styles
	f := c.Finding()
	sign, look := sign(s, c.Kind)
	points := c.Points()
	effect := widget.Cell{Text: fmt.Sprintf("%+.2f", points), Style: s.Error}
	switch {
	case c.Kind == compare.Unknown || c.Kind == compare.Revealed: // nobody knows what it cost where it could not be seen
		effect = widget.Cell{Text: "?", Style: s.Muted}
	case points == 0:
		effect = widget.Cell{Text: "0", Style: s.Muted}
	case points > 0:
		effect.Style = s.OK
	}
	return append(dst, widget.Cell{Text: sign + " " + c.Kind.String(), Style: look},
		widget.Cell{Text: severities(s, c), Style: s.Severity(screen.Severity(f.Severity))}, effect,
		widget.Cell{Text: home(c), Style: s.Text}, widget.Cell{Text: object(c), Style: s.Text},
		widget.Cell{Text: f.Rule.ID, Style: s.Muted}, widget.Cell{Text: screen.Wrong(f), Style: s.Muted})
}

// sign returns the sign of a kind and how it looks: what is bad, good, and unclear.
func sign(s *style.Styles, k compare.Kind) (string, style.Style) {
	switch k {
	case compare.New, compare.Came, compare.Reopened:
		return "+", s.Error
	case compare.Worse:
		return s.Glyphs.Ascending, s.Error
	case compare.Better:
		return s.Glyphs.Descending, s.OK
	case compare.Fixed:
		return "-", s.OK
	case compare.Gone, compare.Accepted:
		return "-", s.Muted
	case compare.Moved:
		return "~", s.Accent
	default:
		return "?", s.Warn
	}
}

// severities are the severity of a finding, or what it was and is: "H", "M→C".
func severities(s *style.Styles, c *compare.Change) string {
	letter := func(f *score.Finding) string { return screen.Severity(f.Severity).Letter() }
	if c.Before != nil && c.After != nil && c.Before.Severity != c.After.Severity {
		return letter(c.Before) + s.Glyphs.Arrow + letter(c.After)
	}
	return s.SeverityMark(screen.Severity(c.Finding().Severity))
}

// home names the row of the overview that a change belongs to.
func home(c *compare.Change) string { return c.Finding().Home().Name }

// object names what a finding is about, and what it was about where it moved.
func object(c *compare.Change) string {
	if c.Kind == compare.Moved && c.Before.Subject.Short() != c.After.Subject.Short() {
		return c.Before.Subject.Short() + " > " + c.After.Subject.Short()
	}
	return screen.Place(c.Finding())
}

// fields are what a filter can ask for, in the order of [filterRow].
func fields() []widget.Field {
	return []widget.Field{
		{Name: "kind"},
		{Name: "sev", Scale: []string{"info", "low", "medium", "high", "critical"}},
		{Name: "points", Number: true},
		{Name: "ns"},
		{Name: "rule"},
		{Name: "category"},
		{Name: "object"},
		{Name: "message"},
	}
}

// filterRow is a change as a filter sees it.
type filterRow struct{ c *compare.Change }

// Text returns what a field shows.
func (r filterRow) Text(field int) string {
	f := r.c.Finding()
	switch field {
	case 0:
		return r.c.Kind.String()
	case 1:
		return r.c.Severity().String()
	case 3:
		return home(r.c)
	case 4:
		return f.Rule.ID
	case 5:
		return f.Category
	case 6:
		return object(r.c)
	case 7:
		return f.Message
	}
	return ""
}

// Value returns the number or rank of a field.
func (r filterRow) Value(field int) float64 {
	switch field {
	case 1:
		return float64(r.c.Severity() - audit.Info)
	case 2:
		return r.c.Points()
	}
	return math.NaN()
}
