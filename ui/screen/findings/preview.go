package findings

import (
	"context"
	"fmt"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fix"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// preview is what is told of the finding under the cursor beside the list. What is told
// of the finding itself is there at once; what scoring again and the rule have to say
// comes from the background. Nothing is drawn anew while the finding, the width and the
// styles are the same.
type preview struct {
	of      *score.Finding
	group   *group          // told of instead where of is nil
	listed  *listedWorkload // told of instead where both are nil
	cluster *kube.Cluster
	cured   *cure // of that finding, nil while it is not known
	head    widget.Lines
	change  widget.Diff
	tail    widget.Lines
}

// cure is what clearing a finding would bring, and how.
type cure struct {
	gain  float64
	title string // of the best fix, "" without one
	patch string // "" where there is none to show
}

// show turns to a finding, and reports whether its cure is still to be looked for.
func (p *preview) show(f *score.Finding, c *kube.Cluster) (seek bool) {
	if p.of == f && p.cluster == c {
		return false
	}
	if p.of != f || p.group != nil || p.listed != nil {
		p.cured, p.group, p.listed = nil, nil, nil
		p.of = f
		p.change.SetText("")
		p.write()
	}
	p.cluster = c
	return f != nil
}

// showGroup turns to a group, of which it tells at once.
func (p *preview) showGroup(g *group, x *groups) {
	if p.of == nil && p.group == g {
		return
	}
	*p = preview{group: g}
	p.head.SetContent(func(st *style.Styles, width int) []string { return groupLines(st, g, x, width) })
}

// showListed turns to a workload, of which the worst findings are known.
func (p *preview) showListed(c *listedWorkload) {
	if p.listed == c {
		return
	}
	*p = preview{listed: c}
	p.head.SetContent(func(st *style.Styles, width int) []string { return listedLines(st, c, width) })
}

// take takes the cure of a finding.
func (p *preview) take(f *score.Finding, c cure) {
	if p.of != f || p.cured != nil && *p.cured == c {
		return
	}
	p.cured = &c
	if c.patch == "" {
		p.change.SetText("")
	} else {
		p.change.SetDiff(screen.WithoutFileNames(c.patch))
	}
	p.write()
}

// write says how the texts are drawn.
func (p *preview) write() {
	f, cured := p.of, p.cured
	if f == nil {
		p.head, p.tail = widget.Lines{}, widget.Lines{}
		return
	}
	p.head.SetContent(func(st *style.Styles, width int) []string { return headLines(st, f, cured, width) })
	p.tail.SetContent(func(st *style.Styles, width int) []string { return tailLines(st, f, width) })
}

// seek returns the job that looks for the cure of a finding. A rule that would have to
// go through the whole cluster is left to the screen of the finding.
func seekCure(f *score.Finding, cluster *kube.Cluster, take func(cure)) screen.Job {
	return func(ctx context.Context) func() {
		c := cure{}
		if f.Open() {
			c.gain = f.Gain()
		}
		if f.Fixable && f.Rule.Whole() {
			c.title = "known; enter shows it"
		} else if fixes := audit.NewFixer(cluster).Fixes(f.Placed); len(fixes) > 0 {
			c.title = fixes[0].Title
			if patch, err := fix.Preview(cluster, f.Subject, fixes[0]); err == nil {
				c.patch = patch
			}
		}
		if ctx.Err() != nil {
			return nil
		}
		return func() { take(c) }
	}
}

// paragraphs are lines in the making.
type paragraphs struct {
	width int
	lines []string
}

func (p *paragraphs) add(look style.Style, text string) {
	p.lines = append(p.lines, look.Wrap(text, p.width)...)
}

func (p *paragraphs) blank() { p.lines = append(p.lines, "") }

// headLines say what is wrong, and what clearing it would bring.
func headLines(st *style.Styles, f *score.Finding, c *cure, width int) []string {
	severity := screen.Severity(f.Severity)
	p := paragraphs{width: width}
	p.lines = []string{st.Severity(severity).Render(st.SeverityMark(severity)+" "+f.Severity.String()) + " " + st.Muted.Render(f.Rule.ID)}
	object := f.Subject.String()
	if f.Container != "" {
		object += ", container " + f.Container
	}
	p.add(st.Muted, object)
	p.blank()
	p.add(st.Title, f.Message)
	if f.Detail != "" {
		p.add(st.Text, f.Detail)
	}
	p.blank()
	switch a := f.Accepted; {
	case a != nil:
		p.add(st.Muted, "accepted: "+a.Reason+", "+a.Owner+" "+a.Origin)
	case f.Implied != "":
		p.add(st.Muted, "follows from "+f.Implied)
	default:
		text := fmt.Sprintf("costs %.2f points", f.Points)
		if c != nil {
			text += fmt.Sprintf("; %+.1f if it alone is gone", c.gain)
		}
		p.add(st.OK, text)
	}
	switch {
	case c != nil && c.title != "":
		p.add(st.Accent, "fix: "+c.title)
	case !f.Fixable:
		p.add(st.Muted, "no mechanical fix: "+f.Rule.Remediation)
	}
	return p.lines
}

// groupMost is how many findings of a group, or of a workload, are named in the preview.
const groupMost = 30

// listedLines tell of a workload: what it costs, and what is wrong with it.
func listedLines(st *style.Styles, c *listedWorkload, width int) []string {
	p := paragraphs{width: width}
	p.add(st.Title, c.workload.Ref.String())
	p.lines = append(p.lines, screen.Counts(st, c.counts))
	p.add(st.Muted, fmt.Sprintf("costs %.2f points; enter opens it", c.points))
	p.blank()
	for _, f := range c.first {
		severity, cost, look := screen.FindingCells(st, f)
		const number = 8
		p.lines = append(p.lines, severity.Style.Render(severity.Text)+" "+
			look.Render(style.FitText(screen.Wrong(f), max(1, width-number-4), style.Left, st.Glyphs.Ellipsis))+st.Muted.Render(style.PadLeft(cost.Text, number)))
	}
	if more := c.all - len(c.first); more > 0 {
		p.add(st.Muted, fmt.Sprintf("and %d more", more))
	}
	return p.lines
}

// groupLines tell of a group: what it costs, what there is to do if it is of one rule,
// and its first findings.
func groupLines(st *style.Styles, g *group, x *groups, width int) []string {
	p := paragraphs{width: width}
	p.add(st.Title, g.title)
	p.add(st.Muted, fmt.Sprintf("%s, %s points", screen.Plural(g.to-g.from, "finding"), pointsOf(g)))
	p.lines = append(p.lines, screen.Counts(st, g.counts))
	members := x.ordered[g.from:g.to]
	if rule := members[0].Rule; x.by == byRule {
		p.blank()
		p.add(st.Text, rule.Rationale)
		p.blank()
		p.add(st.Accent, rule.Remediation)
		if len(rule.Controls) > 0 {
			p.blank()
			p.add(st.Muted, strings.Join(rule.Controls, ", "))
		}
	}
	p.blank()
	for _, f := range members[:min(groupMost, len(members))] {
		severity, _, look := screen.FindingCells(st, f)
		text := screen.Place(f)
		if x.by != byRule {
			text += "  " + screen.Wrong(f)
		}
		p.lines = append(p.lines, severity.Style.Render(severity.Text)+" "+look.Render(style.Cut(text, max(1, width-4), st.Glyphs.Ellipsis)))
	}
	if more := len(members) - groupMost; more > 0 {
		p.add(st.Muted, fmt.Sprintf("and %d more", more))
	}
	return p.lines
}

// tailLines say why it matters, which field it is, and who else demands it.
func tailLines(st *style.Styles, f *score.Finding, width int) []string {
	p := paragraphs{width: width}
	p.blank()
	p.add(st.Text, f.Rule.Rationale)
	if f.Path != "" {
		p.blank()
		for _, line := range style.WrapPath(f.Path, width) {
			p.lines = append(p.lines, st.Muted.Render(line))
		}
	}
	if len(f.Rule.Controls) > 0 {
		p.blank()
		p.add(st.Muted, strings.Join(f.Rule.Controls, ", "))
	}
	return p.lines
}

// diffLeast is how many lines of a change are shown at least, if it has as many, before
// what stands below it.
const diffLeast = 8

// beside is the width from which, in a low place, the change stands beside the text.
const beside = 96

// render draws the preview.
func (p *preview) render(st *style.Styles, r widget.Rect) widget.Block {
	box := widget.Box{Padding: 1, Title: "Preview"}
	w, h := box.Inner(r.W, r.H)
	if p.of == nil && p.group == nil && p.listed == nil {
		return box.Render(st, r.W, r.H, widget.NewBlock(st, nil, w, h))
	}
	const between = 2
	if patched := p.cured != nil && p.cured.patch != ""; patched && w >= beside && h < w/4 {
		half := (w - between) / 2
		left := p.text(st, half, h, 0)
		right := p.change.Render(st, w-half-between, h)
		for i := range left {
			left[i] += style.Blanks(between) + right[i]
		}
		return box.Render(st, r.W, r.H, left)
	} else if patched {
		return box.Render(st, r.W, r.H, p.text(st, w, h, p.changeHeight(st, w, h)))
	}
	return box.Render(st, r.W, r.H, p.text(st, w, h, 0))
}

// changeHeight is how many lines of the change are shown between the texts.
func (p *preview) changeHeight(st *style.Styles, width, height int) int {
	whole := p.change.Height(st, width) + 1 // a blank line before it
	left := height - p.head.Height(st, width)
	return max(0, min(whole, max(left-p.tail.Height(st, width), diffLeast+1), left))
}

// text draws the texts, with so many lines of the change between.
func (p *preview) text(st *style.Styles, width, height, change int) widget.Block {
	above := min(height, p.head.Height(st, width))
	lines := p.head.Render(st, width, above)
	if change > 1 {
		lines = append(append(lines, style.Blanks(width)), p.change.Render(st, width, change-1)...)
	}
	if rest := height - len(lines); rest > 0 {
		lines = append(lines, p.tail.Render(st, width, rest)...)
	}
	return widget.NewBlock(st, lines, width, height)
}
