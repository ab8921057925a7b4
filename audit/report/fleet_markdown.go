package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

// writeFleetMarkdown writes the clusters, what keeps them from being compared, what one
// has and another lacks, and every finding.
func writeFleetMarkdown(w io.Writer, d *fleetDraft) error {
	p := &printer{w: w}
	p.line("# Seaworthiness of %s", cell(plural(d.Coverage.Clusters, "cluster")))
	p.line("")
	p.line("%s", cell(strings.Join(d.headline()[2:], " · ")))
	p.line("")
	p.line("**%s**", cell(d.seen()))
	p.markdownClusters(d)
	merged, blind := d.notes()
	p.bullets("Of several names for one cluster, the first was looked through:", merged)
	p.bullets("Not seen, so not judged:", blind)
	for _, m := range d.looked() {
		p.markdownReadiness("Readiness of "+cell(m.Name()), m.Document.Readiness)
		p.markdownUpgrade("Upgrade of "+cell(m.Name()), m.Document.Upgrade)
		p.markdownOwnership("Ownership of "+cell(m.Name()), m.Document.Ownership)
	}
	p.markdownFrameworks(d)
	p.markdownDifferences(d)
	p.markdownShared(d)
	p.markdownWorst(d)
	return p.err
}

func (p *printer) markdownClusters(d *fleetDraft) {
	p.line("")
	p.line("| Cluster | Score | Grade | Coverage | Version | Critical | High | Medium | Low | Accepted | Worst category |")
	p.line("|---|--:|---|--:|---|--:|--:|--:|--:|--:|---|")
	for _, m := range d.members {
		if m.Document == nil {
			p.line("| %s | n/a | | 0.0 %% | | | | | | | could not be looked at: %s |", cell(m.Name()), cell(reasonOf(m)))
			continue
		}
		c := m.Document.Counts
		p.line("| %s | %s | %s | %.1f %% | %s | %d | %d | %d | %d | %d | %s |", cell(m.Name()), number(m.Document.Score), m.Document.Grade,
			m.Document.Coverage.Percent, cell(m.Info.Version), c.Critical, c.High, c.Medium, c.Low, m.Document.Accepted, cell(worstCategory(m.Cluster)))
	}
}

// bullets is a list with a line before it, nothing if it is empty.
func (p *printer) bullets(title string, lines []string) {
	if len(lines) == 0 {
		return
	}
	p.line("")
	p.line("%s", title)
	p.line("")
	for _, line := range lines {
		p.line("- %s", cell(line))
	}
}

func (p *printer) markdownFrameworks(d *fleetDraft) {
	for i, title := range d.frameworks() {
		p.line("")
		p.line("## %s", cell(title))
		p.line("")
		p.line("| Cluster | Passed | Failed | Not evaluated |")
		p.line("|---|--:|--:|--:|")
		for _, m := range d.members {
			if m.Document != nil {
				f := m.Document.Frameworks[i]
				p.line("| %s | %d | %d | %d |", cell(m.Name()), f.Passed, f.Failed, f.NotEvaluated)
			}
		}
	}
}

// names heads the columns of clusters.
func (d *fleetDraft) names() (head, rule string) {
	for _, m := range d.members {
		head += " " + cell(m.Name()) + " |"
		rule += "--:|"
	}
	return head, rule
}

func (p *printer) markdownDifferences(d *fleetDraft) {
	if len(d.differ) == 0 {
		return
	}
	head, rule := d.names()
	p.line("")
	p.line("## What one has and another lacks")
	p.line("")
	p.line("%s", cell(strings.ReplaceAll(legend, "   ", ", ")))
	p.line("")
	p.line("| Severity | Rule | What is wrong |%s", head)
	p.line("|---|---|---|%s", rule)
	for _, difference := range d.differ {
		var cells strings.Builder
		for _, r := range difference.In {
			cells.WriteString(" " + sign(r) + " |")
		}
		p.line("| %s | `%s` | %s |%s", difference.Severity, code(difference.ID), cell(difference.Title), cells.String())
	}
}

func (p *printer) markdownShared(d *fleetDraft) {
	if len(d.shared) == 0 {
		return
	}
	head, rule := d.names()
	p.line("")
	p.line("## Namespaces of one name that differ")
	p.line("")
	p.line("| Namespace |%s What costs more |", head)
	p.line("|---|%s---|", rule)
	for _, n := range d.shared {
		var cells strings.Builder
		for _, in := range n.In {
			if in != nil {
				fmt.Fprintf(&cells, " %.1f", in.Score)
			}
			cells.WriteString(" |")
		}
		var parts []string
		for _, c := range n.Rules {
			parts = append(parts, fmt.Sprintf("`%s` %+.2f", code(c.ID), -c.Points()))
		}
		p.line("| %s |%s %s: %s |", cell(n.Name), cells.String(), cell(d.members[n.Low].Name()), strings.Join(parts, ", "))
	}
}

// markdownWorst lists every finding that is not accepted, the worst first.
func (p *printer) markdownWorst(d *fleetDraft) {
	shown, all := d.worst(1 << 30)
	if all == 0 {
		return
	}
	p.line("")
	p.line("## Findings")
	p.line("")
	p.line("| Severity | Points | Cluster | Namespace | Object | What is wrong | Rule | Fix |")
	p.line("|---|--:|---|---|---|---|---|---|")
	for _, f := range shown {
		fix := ""
		if f.Fix != nil {
			fix = f.Fix.Title
		}
		p.line("| %s | %.2f | %s | %s | %s | %s | `%s` | %s |", f.Severity, f.Points, cell(printable.Text(d.members[f.cluster].Name())),
			cell(f.Namespace), cell(objectOf(f.Finding)), cell(f.Message), code(f.Rule), cell(fix))
	}
}
