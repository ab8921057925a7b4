package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

func writeMarkdown(w io.Writer, d *draft) error {
	p := &printer{w: w}
	p.line("# Seaworthiness of %s", cell(d.Cluster.Name))
	p.line("")
	p.line("%s", cell(strings.Join(headline(d)[1:], " · ")))
	p.line("")
	if d.Score == nil {
		p.line("**No score**: no namespace has anything to judge.")
	} else {
		p.line("**Score %.1f, grade %s**%s, coverage %.1f %%.", *d.Score, d.Grade, acceptedCount(d), d.Coverage.Percent)
	}
	p.line("%s.", strings.ReplaceAll(countsLine(d.Counts), "   ", ", "))
	if d.Baseline != nil {
		p.line("")
		p.line("%s", cell(d.Baseline.String()))
	}
	if len(d.Coverage.Blind) > 0 {
		p.line("")
		p.line("Not seen, so not judged:")
		p.line("")
		for _, b := range d.Coverage.Blind {
			p.line("- `%s`: %s", code(blindWhere(b)), cell(b.Reason))
		}
	}
	p.markdownNamespaces(d)
	p.markdownReadiness("Readiness", d.Readiness)
	p.markdownUpgrade("Upgrade", d.Upgrade)
	p.markdownOwnership("Ownership", d.Ownership)
	p.markdownCompliance(d)
	for _, n := range d.scored {
		p.markdownFindings(d, n)
	}
	p.markdownAccepted(d)
	return p.err
}

func (p *printer) markdownNamespaces(d *draft) {
	p.line("")
	p.line("## Namespaces")
	p.line("")
	head, rule := "| Namespace | Score | Grade |", "|---|--:|---|"
	columns := d.applicable()
	for _, c := range columns {
		head += " " + c.Title + " |"
		rule += "--:|"
	}
	p.line("%s Critical | High | Medium | Low |", head)
	p.line("%s--:|--:|--:|--:|", rule)
	for _, n := range d.Namespaces {
		scores := make([]string, len(columns))
		for i, c := range columns {
			scores[i] = number(n.Categories[c.ID].Score)
		}
		p.line("| %s | %s | %s | %s | %d | %d | %d | %d |", cell(n.Name), number(n.Score), n.Grade,
			strings.Join(scores, " | "), n.Counts.Critical, n.Counts.High, n.Counts.Medium, n.Counts.Low)
	}
}

func (p *printer) markdownFindings(d *draft, n *score.Namespace) {
	found := d.listed(open(n.Findings))
	if len(found) == 0 {
		return
	}
	p.line("")
	p.line("## %s", cell(n.Name))
	p.line("")
	p.line("| Severity | Points | Object | What is wrong | Rule | Fix |")
	p.line("|---|--:|---|---|---|---|")
	for _, one := range worstOf(found, len(found)) {
		f := d.row(one)
		fix := ""
		if f.Fix != nil {
			fix = f.Fix.Title
		}
		p.line("| %s | %.2f | %s | %s | `%s` | %s |", f.Severity, f.Points, cell(objectOf(f)), cell(f.Message), f.Rule, cell(fix))
	}
}

// markdownAccepted lists the findings that are accepted, with their reasons.
func (p *printer) markdownAccepted(d *draft) {
	found := accepted(d.found)
	if len(found) == 0 {
		return
	}
	p.line("")
	p.line("## Accepted, so not in the score")
	p.line("")
	p.line("| Severity | Namespace | Object | What is wrong | Rule | Why |")
	p.line("|---|---|---|---|---|---|")
	for _, one := range worstOf(found, len(found)) {
		f := d.row(one)
		p.line("| %s | %s | %s | %s | `%s` | %s |", f.Severity, cell(f.Namespace), cell(objectOf(f)), cell(f.Message), f.Rule, cell(why(f.Accepted)))
	}
}

// objectOf names the object of a finding, and where it is written.
func objectOf(f Finding) string {
	object := f.Kind + " " + f.Name
	if f.Container != "" {
		object += ", container " + f.Container
	}
	if f.Source != nil {
		object += fmt.Sprintf(" (%s:%d)", f.Source.File, f.Source.Line)
	}
	return object
}

// cell makes text harmless inside a Markdown table and paragraph: no cluster
// text becomes markup, a link or a new cell.
func cell(text string) string {
	return strings.NewReplacer(
		`\`, `\\`, "|", `\|`, "`", "\\`", "*", `\*`, "_", `\_`, "<", "&lt;", ">", "&gt;",
		"[", `\[`, "]", `\]`, "#", `\#`, "~", `\~`, "!", `\!`,
	).Replace(printable.Text(text))
}

// code makes text harmless inside a code span.
func code(text string) string { return strings.ReplaceAll(printable.Text(text), "`", "'") }
