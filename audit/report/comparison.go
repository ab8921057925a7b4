package report

import (
	"fmt"
	"io"

	"github.com/seaworthy-dev/seaworthy/audit/compare"
	"github.com/seaworthy-dev/seaworthy/audit/score"
)

// WriteComparison writes what became of the findings between two moments, as Markdown
// for people: what keeps the two from being comparable first, then the scores, then
// each change. What cannot be seen any more stands apart from what is fixed.
func WriteComparison(w io.Writer, c *compare.Comparison) error {
	p := &printer{w: w}
	p.line("# What changed in %s", cell(c.After.Cluster.Info.Name))
	p.line("")
	p.line("| | Seen | Cluster | Score | Coverage | Findings |")
	p.line("|---|---|---|--:|--:|--:|")
	for _, side := range []struct {
		name string
		of   *score.Assessment
	}{{"A", c.Before}, {"B", c.After}} {
		scored := "n/a"
		if side.of.Scored {
			scored = fmt.Sprintf("%.1f %s", side.of.Score, side.of.Grade)
		}
		p.line("| %s | %s | %s | %s | %.1f %% | %d |", side.name, side.of.Cluster.Time.UTC().Format("2006-01-02 15:04:05 UTC"),
			cell(side.of.Cluster.Info.Name), scored, side.of.Coverage, side.of.Count())
	}
	p.line("")
	if len(c.Apart) == 0 {
		p.line("Both are judged by rule set %s, under the same rules and profile, for the same scope.", score.RuleSet)
	}
	for _, reason := range c.Apart {
		p.line("- **Not comparable**: %s.", cell(reason))
	}
	p.comparedScores(c)
	for _, k := range compare.Kinds() {
		p.changes(c, k)
	}
	p.line("")
	p.line("%d findings are the same.", c.Same)
	return p.err
}

// comparedScores lists the categories and namespaces whose scores differ.
func (p *printer) comparedScores(c *compare.Comparison) {
	p.line("")
	p.line("| Category or namespace | A | B | Difference |")
	p.line("|---|--:|--:|--:|")
	for i := range c.Categories {
		category := &c.Categories[i]
		if delta, ok := category.Delta(); ok && delta != 0 {
			p.line("| %s | %.1f | %.1f | %+.1f |", cell(category.Title), category.Before.Score, category.After.Score, delta)
		}
	}
	for i := range c.Namespaces {
		n := &c.Namespaces[i]
		if delta, ok := n.Delta(); ok && delta != 0 {
			p.line("| %s | %.1f | %.1f | %+.1f |", cell(n.Name), n.Before.Score, n.After.Score, delta)
		}
	}
}

// changes lists the changes of one kind.
func (p *printer) changes(c *compare.Comparison, k compare.Kind) {
	if c.Counts[k] == 0 {
		return
	}
	p.line("")
	p.line("## %s (%d)", headingOf(k), c.Counts[k])
	p.line("")
	p.line("| Severity | Namespace | Object | What is wrong | Rule | Why |")
	p.line("|---|---|---|---|---|---|")
	for i := range c.Changes {
		change := &c.Changes[i]
		if change.Kind != k {
			continue
		}
		f := change.Finding()
		severity, object := f.Severity.String(), f.Subject.Kind+" "+f.Subject.Name
		if change.Before != nil && change.After != nil {
			if was := change.Before.Severity; was != f.Severity {
				severity = was.String() + " to " + severity
			}
			if was := change.Before.Subject; was != f.Subject {
				object += ", was " + was.String()
			}
		}
		if f.Container != "" {
			object += ", container " + f.Container
		}
		why := change.Why
		if k == compare.Accepted {
			why = f.Accepted.Reason
		}
		p.line("| %s | %s | %s | %s | `%s` | %s |", severity, cell(f.Home().Name), cell(object), cell(f.Message), code(f.Rule.ID), cell(why))
	}
}

// headingOf says in words what a kind of change is.
func headingOf(k compare.Kind) string {
	switch k {
	case compare.New:
		return "New, in objects that were there"
	case compare.Came:
		return "Came with new objects"
	case compare.Worse:
		return "Worse"
	case compare.Reopened:
		return "Not accepted any more"
	case compare.Revealed:
		return "Seen for the first time"
	case compare.Moved:
		return "Moved with their objects"
	case compare.Unknown:
		return "Not seen any more, so not known to be fixed"
	case compare.Accepted:
		return "Accepted"
	case compare.Better:
		return "Better"
	case compare.Gone:
		return "Gone with their objects"
	default:
		return "Fixed"
	}
}
