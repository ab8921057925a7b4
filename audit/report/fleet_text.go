package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/seaworthy-dev/seaworthy/audit/fleet"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

func writeFleetText(w io.Writer, d *fleetDraft) error { return writeFleetLines(w, d, worst) }

func writeFleetWide(w io.Writer, d *fleetDraft) error { return writeFleetLines(w, d, 1<<30) }

// writeFleetLines writes at most so many lines of each list.
func writeFleetLines(w io.Writer, d *fleetDraft, most int) error {
	p := &printer{w: w}
	p.fleetHead(d)
	p.fleetClusters(d)
	merged, blind := d.notes()
	p.fleetNotes("Of several names for one cluster, the first was looked through:", merged)
	p.fleetNotes("Not seen, so not judged:", blind)
	for _, m := range d.looked() {
		p.readiness("Readiness of "+printable.Text(m.Name()), m.Document.Readiness)
		p.upgrade("Upgrade of "+printable.Text(m.Name()), m.Document.Upgrade)
		p.ownership("Ownership of "+printable.Text(m.Name()), m.Document.Ownership, false)
	}
	p.fleetCompliance(d)
	p.fleetDifferences(d, most)
	p.fleetNamespaces(d, most)
	p.fleetFindings(d, most)
	return p.err
}

// headline says what was looked at and when.
func (d *fleetDraft) headline() []string {
	parts := []string{"seaworthy", fmt.Sprintf("a fleet of %s", plural(d.Coverage.Clusters, "cluster"))}
	if d.Generated != nil {
		parts = append(parts, d.Generated.UTC().Format("2006-01-02 15:04 UTC"))
	}
	parts = append(parts, "rule set "+d.RuleSet)
	if p := d.policy(); p != nil {
		parts = append(parts, "profile "+printable.Text(p.Profile), fmt.Sprintf("%d of %d rules on", p.On, p.Rules))
	}
	return parts
}

// policy is what the clusters were judged under, which is the same for all; nil if nothing
// was chosen, or no cluster could be looked at.
func (d *fleetDraft) policy() *Policy {
	for _, m := range d.members {
		if m.Document != nil && m.Document.Policy != nil {
			return m.Document.Policy
		}
	}
	return nil
}

// seen says how much of the fleet was seen.
func (d *fleetDraft) seen() string {
	text := fmt.Sprintf("Looked at %d of %s, coverage of the fleet %.1f %%.", d.Coverage.Seen, plural(d.Coverage.Clusters, "cluster"), d.Coverage.Percent)
	if v := d.Versions; v != nil && v.Oldest != v.Newest {
		text += fmt.Sprintf(" Servers are of %s to %s, %s apart.", printable.Text(v.Oldest), printable.Text(v.Newest), plural(v.Minors, "minor version"))
	}
	return text
}

func (p *printer) fleetHead(d *fleetDraft) {
	p.line("%s", strings.Join(d.headline(), "  "))
	p.line("")
	p.line("%s", d.seen())
}

// fleetClusters is a line for each cluster, numbered: the tables below know it by that.
func (p *printer) fleetClusters(d *fleetDraft) {
	width, version := len("CLUSTER"), len("VERSION")
	for _, m := range d.members {
		width = max(width, ansi.StringWidth(printable.Text(m.Name())))
		if m.Standing != nil {
			version = max(version, ansi.StringWidth(printable.Text(m.Info.Version)))
		}
	}
	p.line("")
	p.line(" #  %s  SCORE     COVERAGE  %s    CRIT  HIGH   MED   LOW   ACC   WORST CATEGORY", pad("CLUSTER", width), pad("VERSION", version))
	for i, m := range d.members {
		name := pad(printable.Text(m.Name()), width)
		if m.Document == nil {
			p.line("%2d  %s  could not be looked at: %s", i+1, name, printable.Text(reasonOf(m)))
			continue
		}
		c := m.Document.Counts
		p.line("%2d  %s  %5s %-2s  %6.1f %%  %s    %4s  %4s  %4s  %4s  %4s   %s", i+1, name, number(m.Document.Score), m.Document.Grade,
			m.Document.Coverage.Percent, pad(printable.Text(m.Info.Version), version),
			some(c.Critical), some(c.High), some(c.Medium), some(c.Low), some(m.Document.Accepted), worstCategory(m.Cluster))
	}
}

// reasonOf says why a cluster could not be looked at.
func reasonOf(m Member) string {
	if m.Err == nil {
		return "nobody tried"
	}
	return m.Err.Error()
}

func worstCategory(c *fleet.Cluster) string {
	w, ok := c.Worst()
	if !ok {
		return ""
	}
	return fmt.Sprintf("%s %.1f", w.Title, w.Score)
}

// notes say what has to be known of the clusters beside their scores: those with several
// names, and what could not be seen of each.
func (d *fleetDraft) notes() (merged, blind []string) {
	for _, m := range d.members {
		if text := m.Merged(); text != "" {
			merged = append(merged, text)
		}
		if m.Document == nil {
			continue
		}
		for _, b := range m.Document.Coverage.Blind {
			blind = append(blind, fmt.Sprintf("%s: %s: %s", m.Name(), blindWhere(b), b.Reason))
		}
	}
	return merged, blind
}

// fleetNotes is a list with a line before it, nothing if it is empty.
func (p *printer) fleetNotes(title string, lines []string) {
	if len(lines) == 0 {
		return
	}
	p.line("")
	p.line("%s", title)
	for _, line := range lines {
		p.line("  %s", printable.Text(line))
	}
}

// fleetCompliance counts the controls of the frameworks that were asked for.
func (p *printer) fleetCompliance(d *fleetDraft) {
	for i, title := range d.frameworks() {
		p.line("")
		p.line("%s", title)
		p.line(" #  PASS  FAIL  NOT EVALUATED")
		for at, m := range d.members {
			if m.Document != nil {
				f := m.Document.Frameworks[i]
				p.line("%2d  %4d  %4d  %13d", at+1, f.Passed, f.Failed, f.NotEvaluated)
			}
		}
	}
}

// compliance is what is said of the frameworks that were asked for of the first cluster
// that could be looked at; every document has the same frameworks.
func (d *fleetDraft) compliance() []Compliance {
	for _, m := range d.members {
		if m.Document != nil {
			return m.Document.Frameworks
		}
	}
	return nil
}

// frameworks are the titles of those that were asked for.
func (d *fleetDraft) frameworks() []string {
	var titles []string
	for _, f := range d.compliance() {
		titles = append(titles, printable.Text(f.name()))
	}
	return titles
}

// legend explains the cells of [sign].
const legend = "number: findings   .: passed   a: accepted   -: nothing to judge   ?: not known"

// sign is what became of a rule in a cluster, in a few cells.
func sign(r fleet.Result) string {
	switch r.Verdict {
	case fleet.Failed:
		return strconv.Itoa(r.Open)
	case fleet.Passed:
		return "."
	case fleet.Accepted:
		return "a"
	case fleet.NotApplicable:
		return "-"
	default:
		return "?"
	}
}

// numbers heads the columns of clusters.
func (d *fleetDraft) numbers(width int) string {
	var b strings.Builder
	for i := range d.members {
		fmt.Fprintf(&b, "%*s", width, "#"+strconv.Itoa(i+1))
	}
	return b.String()
}

// listTitle says how much of a list is shown.
func (p *printer) listTitle(title string, shown, all int) {
	p.line("")
	if shown < all {
		p.line("%s, the first %d of %d (-o wide shows all):", title, shown, all)
		return
	}
	p.line("%s:", title)
}

// fleetDifferences lists the rules that fail here and not there.
func (p *printer) fleetDifferences(d *fleetDraft, most int) {
	shown := d.differ[:min(most, len(d.differ))]
	if len(shown) == 0 {
		return
	}
	p.listTitle("What one has and another lacks", len(shown), len(d.differ))
	p.line("          %s   RULE   (%s)", d.numbers(6), legend)
	for _, difference := range shown {
		var cells strings.Builder
		for _, r := range difference.In {
			fmt.Fprintf(&cells, "%6s", sign(r))
		}
		p.line("%s  %s   %s  %s", pad(difference.Severity.String(), len("critical")), cells.String(), difference.ID, printable.Text(difference.Title))
	}
}

// mostCosts is how many rules a line names that make a difference.
const mostCosts = 3

// fleetNamespaces lists the namespaces that differ, with what makes the difference.
func (p *printer) fleetNamespaces(d *fleetDraft, most int) {
	shown := d.shared[:min(most, len(d.shared))]
	if len(shown) == 0 {
		return
	}
	width := len("NAMESPACE")
	for _, n := range shown {
		width = max(width, ansi.StringWidth(printable.Text(n.Name)))
	}
	p.listTitle("Namespaces of one name that differ", len(shown), len(d.shared))
	p.line("%s  %s   WHAT COSTS MORE", pad("NAMESPACE", width), d.numbers(8))
	for _, n := range shown {
		var cells strings.Builder
		for _, in := range n.In {
			score := "-"
			if in != nil {
				score = fmt.Sprintf("%.1f", in.Score)
			}
			fmt.Fprintf(&cells, "%8s", score)
		}
		p.line("%s  %s   %s", pad(printable.Text(n.Name), width), cells.String(), costsLine(n))
	}
}

// costsLine names the rules that make the difference, and the cluster that they cost more.
func costsLine(n fleet.Shared) string {
	var parts []string
	for _, c := range n.Rules[:min(mostCosts, len(n.Rules))] {
		parts = append(parts, fmt.Sprintf("%s %+.2f", c.ID, -c.Points()))
	}
	if more := len(n.Rules) - len(parts); more > 0 {
		parts = append(parts, fmt.Sprintf("%d more", more))
	}
	return fmt.Sprintf("#%d: %s", n.Low+1, strings.Join(parts, ", "))
}

// fleetFindings lists the worst findings of all clusters.
func (p *printer) fleetFindings(d *fleetDraft, most int) {
	shown, all := d.worst(most)
	if len(shown) == 0 {
		return
	}
	p.listTitle("The worst findings", len(shown), all)
	place, message := 0, 0
	for _, f := range shown {
		place = min(60, max(place, ansi.StringWidth(where(f.Finding))))
		message = min(70, max(message, ansi.StringWidth(printable.Text(f.Message))))
	}
	for _, f := range shown {
		cost := fmt.Sprintf("-%.2f", f.Points)
		if f.Points == 0 {
			cost = "0"
		}
		p.line("%s  %7s  %4s  %s  %s  %s", pad(f.Severity, len("critical")), cost, "#"+strconv.Itoa(f.cluster+1),
			pad(where(f.Finding), place), pad(printable.Text(f.Message), message), f.Rule)
	}
}
