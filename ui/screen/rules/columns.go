package rules

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/explain"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// row is a rule and what it did, nil if nothing is known of that.
type row struct {
	*explain.Rule
	*counted
}

// done is what the rule did, zeros if nothing is known.
func (r row) done() counted {
	if r.counted == nil {
		return counted{}
	}
	return *r.counted
}

func columns() []widget.Column {
	return []widget.Column{
		{ID: "rule", Title: "RULE", Min: 24, Ideal: 34, Max: 50, Priority: 10},
		{ID: "sev", Title: "SEV", Min: 4, Ideal: 4, Max: 4, Priority: 9, Falling: true},
		{ID: "open", Title: "OPEN", Min: 6, Ideal: 6, Max: 7, Priority: 9, Align: style.Right, Falling: true},
		{ID: "accepted", Title: "ACC.", Min: 5, Ideal: 5, Max: 7, Priority: 6, Align: style.Right, Falling: true},
		{ID: "judged", Title: "JUDGED", Min: 7, Ideal: 7, Max: 8, Priority: 7, Align: style.Right, Falling: true},
		{ID: "unknown", Title: "UNKNOWN", Min: 8, Ideal: 8, Max: 8, Priority: 8, Align: style.Right, Falling: true},
		{ID: "took", Title: "TOOK", Min: 8, Ideal: 8, Max: 8, Priority: 5, Align: style.Right, Falling: true},
		{ID: "category", Title: "CATEGORY", Min: 12, Ideal: 16, Max: 18, Priority: 4},
		{ID: "title", Title: "WHAT IS WRONG", Min: 30, Ideal: 40, Max: widget.Unlimited, Priority: 3},
	}
}

// order sorts rules by a column; those that are equal worst first.
func order(list []row, column string, descending bool) {
	number := func(value func(counted) int) func(a, b row) int {
		return func(a, b row) int { return cmp.Compare(value(a.done()), value(b.done())) }
	}
	by := map[string]func(a, b row) int{
		"rule":     func(a, b row) int { return strings.Compare(a.ID, b.ID) },
		"title":    func(a, b row) int { return strings.Compare(a.Title, b.Title) },
		"sev":      func(a, b row) int { return cmp.Compare(a.rank(), b.rank()) },
		"category": func(a, b row) int { return strings.Compare(a.Category.ID, b.Category.ID) },
		"open":     number(func(c counted) int { return c.open }),
		"accepted": number(func(c counted) int { return c.accepted }),
		"judged":   number(func(c counted) int { return c.judged }),
		"unknown":  number(func(c counted) int { return c.unknown }),
		"took":     func(a, b row) int { return cmp.Compare(a.done().took, b.done().took) },
	}[column]
	slices.SortFunc(list, func(a, b row) int {
		first := 0
		if by != nil {
			first = by(a, b)
		}
		if descending {
			first = -first
		}
		return cmp.Or(first, cmp.Compare(b.rank(), a.rank()), strings.Compare(a.ID, b.ID))
	})
}

// rank is the severity of a rule; one that is off is below all.
func (r row) rank() audit.Severity {
	if !r.Enabled {
		return 0
	}
	return r.Severity
}

// rows are rules as a table shows them.
type rows struct {
	list   []row
	styles *style.Styles
}

// Len returns the number of rules.
func (r rows) Len() int { return len(r.list) }

// Key returns the ID of a rule.
func (r rows) Key(i int) string { return r.list[i].ID }

// Cells appends the cells of a rule.
func (r rows) Cells(i int, dst []widget.Cell) []widget.Cell {
	rule, s := r.list[i], r.styles
	did := rule.done()
	severity := screen.Severity(rule.Severity)
	name, mark := widget.Cell{Text: rule.ID, Style: s.Text}, widget.Cell{Text: s.SeverityMark(severity), Style: s.Severity(severity)}
	if !rule.Enabled {
		name.Style, mark = s.Muted, widget.Cell{Text: "off", Style: s.Muted}
	}
	number := func(n int, look style.Style) widget.Cell {
		if n == 0 {
			return widget.Cell{Text: "-", Style: s.Muted}
		}
		return widget.Cell{Text: fmt.Sprint(n), Style: look}
	}
	took := widget.Cell{Text: "-", Style: s.Muted}
	if did.took >= 100*time.Microsecond {
		took.Text = screen.Lasting(did.took)
	}
	return append(dst, name, mark, number(did.open, s.Error), number(did.accepted, s.Muted), number(did.judged, s.Text),
		number(did.unknown, s.Warn), took, widget.Cell{Text: rule.Category.ID, Style: s.Muted}, widget.Cell{Text: rule.Title, Style: s.Muted})
}

// fields are what a filter can ask for, in the order of [row.Text].
func fields() []widget.Field {
	return []widget.Field{
		{Name: "rule"},
		{Name: "sev", Scale: []string{"info", "low", "medium", "high", "critical"}},
		{Name: "category"},
		{Name: "title"},
		{Name: "control"},
		{Name: "state"},
		{Name: "open", Number: true},
		{Name: "accepted", Number: true},
		{Name: "judged", Number: true},
		{Name: "unknown", Number: true},
	}
}

// Text returns what a field shows.
func (r row) Text(field int) string {
	switch field {
	case 0:
		return r.ID
	case 1:
		return r.Severity.String()
	case 2:
		return r.Category.ID
	case 3:
		return r.Title
	case 4:
		return strings.Join(r.Controls, " ")
	case 5:
		switch {
		case !r.Enabled:
			return "off"
		case r.Severity != r.Own:
			return "on changed"
		}
		return "on"
	}
	return ""
}

// Value returns the number or rank of a field.
func (r row) Value(field int) float64 {
	did := r.done()
	switch field {
	case 1:
		return float64(r.Severity - audit.Info)
	case 6:
		return float64(did.open)
	case 7:
		return float64(did.accepted)
	case 8:
		return float64(did.judged)
	case 9:
		return float64(did.unknown)
	}
	return math.NaN()
}
