package fleet

import (
	"fmt"
	"math"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/fleet"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// has names the clusters of a verdict, with what they found.
func (s *Screen) named(d fleet.Difference, verdicts ...fleet.Verdict) string {
	var names []string
	for i, r := range d.In {
		for _, v := range verdicts {
			if r.Verdict != v {
				continue
			}
			name := s.compared.fleet.Clusters[i].Name()
			switch v {
			case fleet.Failed:
				name += fmt.Sprintf(" %d", r.Open)
			case fleet.Accepted:
				name += " (accepted)"
			case fleet.NotApplicable:
				name += " (n/a)"
			default:
			}
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

func (s *Screen) has(d fleet.Difference) string { return s.named(d, fleet.Failed) }

func (s *Screen) lacks(d fleet.Difference) string {
	return s.named(d, fleet.Passed, fleet.Accepted, fleet.NotApplicable)
}

func (s *Screen) unknown(d fleet.Difference) string { return s.named(d, fleet.Unknown, fleet.Unseen) }

func ruleColumns(s *Screen) []screen.ListingColumn[fleet.Difference] {
	severity := screen.Numbers(widget.Column{ID: "sev", Title: "SEV", Min: 12, Ideal: 12, Max: 12, Priority: 9}, func(d fleet.Difference) float64 { return float64(d.Severity) })
	severity.Align = style.Left
	severity.Text = func(d fleet.Difference) string { return d.Severity.String() }
	return []screen.ListingColumn[fleet.Difference]{
		severity,
		screen.Words(widget.Column{ID: "rule", Title: "RULE", Min: 16, Ideal: 30, Max: 44, Priority: 10}, func(d fleet.Difference) string { return d.ID }),
		screen.Words(widget.Column{ID: "has", Title: "HAS IT", Min: 12, Ideal: 20, Max: widget.Unlimited, Priority: 9}, s.has),
		screen.Words(widget.Column{ID: "lacks", Title: "LACKS IT", Min: 12, Ideal: 20, Max: widget.Unlimited, Priority: 8}, s.lacks),
		screen.Words(widget.Column{ID: "unknown", Title: "NOT KNOWN", Min: 10, Ideal: 12, Max: 40, Priority: 6}, s.unknown),
		screen.Words(widget.Column{ID: "category", Title: "CATEGORY", Min: 10, Ideal: 16, Max: 18, Priority: 4}, func(d fleet.Difference) string { return d.Category }),
	}
}

// ruleRows are the differences in the order to show.
type ruleRows struct {
	*Screen
	kept []fleet.Difference
}

// Len returns the number of rules.
func (r ruleRows) Len() int { return len(r.kept) }

// Key returns the ID of a rule.
func (r ruleRows) Key(i int) string { return r.kept[i].ID }

// Cells appends the cells of a rule.
func (r ruleRows) Cells(i int, dst []widget.Cell) []widget.Cell {
	d, st := r.kept[i], r.frame.Styles
	severity := screen.Severity(d.Severity)
	return append(dst, widget.Cell{Text: st.SeverityMark(severity) + " " + d.Severity.String(), Style: st.Severity(severity)},
		widget.Cell{Text: d.ID, Style: st.Text}, widget.Cell{Text: r.has(d), Style: st.Text},
		widget.Cell{Text: r.lacks(d), Style: st.Muted}, widget.Cell{Text: r.unknown(d), Style: st.Warn}, widget.Cell{Text: d.Category, Style: st.Muted})
}

// aboutRule says what became of a rule in each cluster.
func (s *Screen) aboutRule(d fleet.Difference, width int) []string {
	st := s.frame.Styles
	lines := st.Text.Wrap(d.Title, width)
	for i, r := range d.In {
		text, look := s.compared.fleet.Clusters[i].Name()+": "+r.Verdict.String(), st.Muted
		switch r.Verdict {
		case fleet.Failed:
			text, look = fmt.Sprintf("%s, %d findings", text, r.Open), st.Text
		case fleet.Unknown:
			text, look = text+", "+r.Why, st.Warn
		case fleet.Unseen:
			look = st.Warn
		default:
		}
		lines = append(lines, look.Wrap(text, width)...)
	}
	return lines
}

func namespaceColumns(s *Screen) []screen.ListingColumn[fleet.Shared] {
	in := func(at func(fleet.Shared) int) func(fleet.Shared) string {
		return func(n fleet.Shared) string {
			return fmt.Sprintf("%.1f %s", n.In[at(n)].Score, s.compared.fleet.Clusters[at(n)].Name())
		}
	}
	return []screen.ListingColumn[fleet.Shared]{
		screen.Words(widget.Column{ID: "namespace", Title: "NAMESPACE", Min: 14, Ideal: 22, Max: 40, Priority: 10}, func(n fleet.Shared) string { return n.Name }),
		screen.Numbers(widget.Column{ID: "apart", Title: "APART", Min: 6, Ideal: 6, Max: 7, Priority: 9}, func(n fleet.Shared) float64 { return n.Spread() }),
		screen.Words(widget.Column{ID: "lowest", Title: "LOWEST", Min: 14, Ideal: 24, Max: 36, Priority: 9}, in(func(n fleet.Shared) int { return n.Low })),
		screen.Words(widget.Column{ID: "highest", Title: "HIGHEST", Min: 14, Ideal: 24, Max: 36, Priority: 8}, in(func(n fleet.Shared) int { return n.High })),
		screen.Words(widget.Column{ID: "rules", Title: "WHAT COSTS MORE WHERE IT IS LOWEST", Min: 20, Ideal: 44, Max: widget.Unlimited, Priority: 7}, costs),
	}
}

// costs names the rules that make the difference.
func costs(n fleet.Shared) string {
	var parts []string
	for _, c := range n.Rules {
		parts = append(parts, fmt.Sprintf("%s %+.1f", c.ID, -c.Points()))
	}
	return strings.Join(parts, ", ")
}

// namespaceRows are the namespaces in the order to show.
type namespaceRows struct {
	*Screen
	kept []fleet.Shared
}

// Len returns the number of namespaces.
func (r namespaceRows) Len() int { return len(r.kept) }

// Key returns the name of a namespace.
func (r namespaceRows) Key(i int) string { return r.kept[i].Name }

// Cells appends the cells of a namespace.
func (r namespaceRows) Cells(i int, dst []widget.Cell) []widget.Cell {
	n, st := r.kept[i], r.frame.Styles
	columns := namespaceColumns(r.Screen)
	low, high := n.In[n.Low].Score, n.In[n.High].Score
	return append(dst, widget.Cell{Text: n.Name, Style: st.Text}, widget.Cell{Text: fmt.Sprintf("%.1f", n.Spread()), Style: st.Text},
		widget.Cell{Text: columns[2].Text(n), Style: st.Score(low)}, widget.Cell{Text: columns[3].Text(n), Style: st.Score(high)},
		widget.Cell{Text: costs(n), Style: st.Muted})
}

// aboutNamespace says how a namespace stands in each cluster, and what each rule costs
// where it stands lowest and highest.
func (s *Screen) aboutNamespace(n fleet.Shared, width int) []string {
	st := s.frame.Styles
	name := func(i int) string { return s.compared.fleet.Clusters[i].Name() }
	var lines []string
	for i, in := range n.In {
		if in != nil {
			lines = append(lines, st.Score(in.Score).Wrap(fmt.Sprintf("%5.1f %s  %s", in.Score, in.Grade, name(i)), width)...)
		}
	}
	for _, c := range n.Rules {
		more := "more in " + name(n.Low)
		if c.Points() < 0 {
			more = "more in " + name(n.High)
		}
		lines = append(lines, st.Muted.Wrap(fmt.Sprintf("%6.2f  %s: %s", math.Abs(c.Points()), c.ID, more), width)...)
	}
	return lines
}
