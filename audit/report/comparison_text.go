package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/seaworthy-dev/seaworthy/audit/compare"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

// Grouping says by what the text of a comparison counts changes.
type Grouping struct {
	Name string // as in --by NAME
	name func(*compare.Comparison, *compare.Change) string
}

// Groupings returns every grouping, the usual one first.
func Groupings() []Grouping {
	return []Grouping{
		{"namespace", func(_ *compare.Comparison, ch *compare.Change) string { return ch.Finding().Home().Name }},
		{"rule", func(_ *compare.Comparison, ch *compare.Change) string { return ch.Finding().Rule.ID }},
		{"category", func(_ *compare.Comparison, ch *compare.Change) string { return ch.Finding().Category }},
		{"owner", OwnerOf},
		{"writer", lastWriter},
	}
}

// lastWriter names who wrote an object last between the two moments.
func lastWriter(c *compare.Comparison, change *compare.Change) string {
	if all := c.Writers(change); len(all) > 0 {
		return all[0].Manager
	}
	return ""
}

// GroupingNamed returns a grouping; the error names those there are.
func GroupingNamed(name string) (Grouping, error) {
	var names []string
	for _, g := range Groupings() {
		if g.Name == name {
			return g, nil
		}
		names = append(names, g.Name)
	}
	return Grouping{}, fmt.Errorf("there is no grouping %q, only %s", name, strings.Join(names, ", "))
}

// WriteComparisonText writes what became of the findings for a terminal: what keeps the
// two moments from being comparable first, then the scores, the changes counted by what
// they have in common, and the worst of each kind.
func WriteComparisonText(w io.Writer, c *compare.Comparison, by Grouping) error {
	p := &printer{w: w}
	for _, side := range []struct {
		name string
		of   *score.Assessment
	}{{"A", c.Before}, {"B", c.After}} {
		p.line("%s  %s", side.name, strings.Join(headline(newDraft(side.of, nil))[1:], "  "))
	}
	p.line("")
	p.line("%s", scoresLine(c))
	p.line("%s", ChangesLine(c))
	for _, reason := range c.Apart {
		p.line("Not comparable: %s.", printable.Text(reason))
	}
	p.groups(c, by)
	for _, k := range compare.Kinds() {
		p.textChanges(c, k)
	}
	return p.err
}

func scoresLine(c *compare.Comparison) string {
	one := func(a *score.Assessment) string {
		if !a.Scored {
			return "n/a"
		}
		return fmt.Sprintf("%.1f %s", a.Score, a.Grade)
	}
	text := fmt.Sprintf("Score %s → %s", one(c.Before), one(c.After))
	if delta, ok := c.Delta(); ok {
		text += fmt.Sprintf(" (%+.1f)", delta)
	}
	return fmt.Sprintf("%s   coverage %.1f %% → %.1f %%", text, c.Before.Coverage, c.After.Coverage)
}

// ChangesLine counts the changes of each kind in one line, without its end.
func ChangesLine(c *compare.Comparison) string {
	var parts []string
	for _, k := range compare.Kinds() {
		if n := c.Counts[k]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, k))
		}
	}
	return strings.Join(append(parts, fmt.Sprintf("%d the same", c.Same)), "   ")
}

// groups writes a table of how many changes there are of each kind. Namespaces have
// their scores beside them.
func (p *printer) groups(c *compare.Comparison, by Grouping) {
	groups := c.By(func(ch *compare.Change) string { return by.name(c, ch) })
	if len(groups) == 0 {
		return
	}
	var kinds []compare.Kind
	head := strings.ToUpper(by.Name)
	width := max(len(head), len("(not known)"))
	for _, g := range groups {
		width = max(width, ansi.StringWidth(printable.Text(g.Name)))
	}
	cells := []string{pad(head, width)}
	scored := by.Name == "namespace"
	if scored {
		cells = append(cells, "      A      B   DIFF")
	}
	for _, k := range compare.Kinds() {
		if c.Counts[k] > 0 {
			kinds = append(kinds, k)
			cells = append(cells, fmt.Sprintf("  %8s", strings.ToUpper(k.String())))
		}
	}
	p.line("")
	p.line("%s", strings.Join(cells, ""))
	for _, g := range groups {
		name := printable.Text(g.Name)
		if name == "" {
			name = "(not known)"
		}
		cells := []string{pad(name, width)}
		if scored {
			cells = append(cells, namespaceScores(c, g.Name))
		}
		for _, k := range kinds {
			cells = append(cells, fmt.Sprintf("  %8s", some(g.Counts[k])))
		}
		p.line("%s", strings.Join(cells, ""))
	}
}

// namespaceScores are the cells of a namespace's scores on both sides.
func namespaceScores(c *compare.Comparison, name string) string {
	for i := range c.Namespaces {
		n := &c.Namespaces[i]
		if n.Name != name {
			continue
		}
		difference := ""
		if delta, ok := n.Delta(); ok {
			difference = fmt.Sprintf("%+.1f", delta)
		}
		return fmt.Sprintf("  %5s  %5s  %5s", number(scoreOf(n.Before)), number(scoreOf(n.After)), difference)
	}
	return strings.Repeat(" ", len("      A      B   DIFF"))
}

// textChanges lists the worst changes of one kind.
func (p *printer) textChanges(c *compare.Comparison, k compare.Kind) {
	if c.Counts[k] == 0 {
		return
	}
	p.line("")
	if c.Counts[k] > worst {
		p.line("%s, the worst %d of %d (-o json has all):", headingOf(k), worst, c.Counts[k])
	} else {
		p.line("%s (%d):", headingOf(k), c.Counts[k])
	}
	shown := 0
	for i := range c.Changes {
		change := &c.Changes[i]
		if change.Kind != k {
			continue
		}
		if shown++; shown > worst {
			return
		}
		f := change.Finding()
		place := f.Subject.String()
		if f.Container != "" {
			place += " container " + f.Container
		}
		p.line("%s  %s  %s  %s", pad(f.Severity.String(), len("critical")), printable.Text(place), printable.Text(f.Message), f.Rule.ID)
		if note := changeNote(c, change); note != "" {
			p.line("%s  %s", strings.Repeat(" ", len("critical")), printable.Text(note))
		}
	}
}

// changeNote says what there is to know of a change beside the finding: what it was,
// why, and who wrote the object last in between.
func changeNote(c *compare.Comparison, change *compare.Change) string {
	var parts []string
	if was := change.Before; was != nil && change.After != nil {
		if was.Severity != change.After.Severity {
			parts = append(parts, "it was "+was.Severity.String())
		}
		if was.Subject != change.After.Subject {
			parts = append(parts, "it was "+was.Subject.String())
		}
	}
	if change.Kind == compare.Accepted {
		parts = append(parts, why(acceptanceOf(change.After.Accepted)))
	} else if change.Why != "" && change.Why != change.Finding().Subject.String() {
		parts = append(parts, change.Why)
	}
	if all := c.Writers(change); len(all) > 0 {
		parts = append(parts, fmt.Sprintf("object written by %s, %s", all[0].Manager, all[0].Time.UTC().Format("2006-01-02 15:04:05 UTC")))
	}
	return strings.Join(parts, "; ")
}
