package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

// worst is how many findings the text report shows.
const worst = 20

func writeText(w io.Writer, d *draft) error { return writeLines(w, d, false) }

func writeWide(w io.Writer, d *draft) error { return writeLines(w, d, true) }

// writeLines writes the hearts of the score and the worst, or, if it may be wide, all.
func writeLines(w io.Writer, d *draft, wide bool) error {
	most, columns := worst, d.hearts()
	if wide {
		most, columns = len(d.found), d.applicable()
	}
	p := &printer{w: w}
	p.head(d)
	p.namespaces(d, columns)
	p.readiness("Readiness", d.Readiness)
	p.upgrade("Upgrade", d.Upgrade)
	p.ownership("Ownership", d.Ownership, wide)
	p.compliance(d)
	p.findings(d, most)
	p.accepted(d, most)
	return p.err
}

// printer writes lines until one fails.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) print(text []byte) {
	if p.err == nil {
		_, p.err = p.w.Write(text)
	}
}

func (p *printer) line(format string, args ...any) {
	if p.err != nil {
		return
	}
	text := strings.TrimRight(fmt.Sprintf(format, args...), " ")
	_, p.err = io.WriteString(p.w, text+"\n")
}

// flush ends a report that went through a buffer.
func (p *printer) flush(out *bufio.Writer) error {
	if p.err != nil {
		return p.err
	}
	return out.Flush()
}

func (p *printer) head(d *draft) {
	p.line("%s", strings.Join(headline(d), "  "))
	p.line("")
	if d.Score == nil {
		p.line("No score: no namespace has anything to judge.")
	} else {
		platform := ""
		if d.Platform != nil {
			platform = fmt.Sprintf("   platform %.1f", *d.Platform)
		}
		p.line("Score %.1f %s%s%s   coverage %.1f %%", *d.Score, d.Grade, acceptedCount(d), platform, d.Coverage.Percent)
	}
	p.line("%s", countsLine(d.Counts))
	if d.Baseline != nil {
		p.line("")
		p.line("%s", d.Baseline)
	}
	if len(d.Coverage.Blind) > 0 {
		p.line("")
		p.line("Not seen, so not judged:")
		for _, b := range d.Coverage.Blind {
			p.line("  %s: %s", blindWhere(b), printable.Text(b.Reason))
		}
	}
}

// acceptedCount says beside the score how many findings it leaves out, and what it
// would be with them; nothing if there are none.
func acceptedCount(d *draft) string {
	if d.Accepted == 0 || d.RawScore == nil {
		return ""
	}
	return fmt.Sprintf(", %d accepted (%.1f with them)", d.Accepted, *d.RawScore)
}

// headline says what was looked at, as whom and when.
func headline(d *draft) []string {
	parts := []string{"seaworthy"}
	add := func(format, value string) {
		if value != "" {
			parts = append(parts, fmt.Sprintf(format, printable.Text(value)))
		}
	}
	add("%s", d.Cluster.Name)
	add("%s", d.Cluster.Server)
	add("%s", d.Cluster.Version)
	add("as %s", d.Cluster.User)
	if d.Cluster.Offline {
		parts = append(parts, "from manifests")
	}
	if d.Cluster.Redacted {
		parts = append(parts, "values redacted")
	}
	add("namespaces %s", strings.Join(d.Cluster.Namespaces, ", "))
	add("%s", d.Generated.Format("2006-01-02 15:04 UTC"))
	add("rule set %s", d.RuleSet)
	if d.Policy != nil {
		add("profile %s", d.Policy.Profile)
		parts = append(parts, fmt.Sprintf("%d of %d rules on", d.Policy.On, d.Policy.Rules))
	}
	return parts
}

func blindWhere(b Blind) string {
	where := b.Resource
	if b.Verb != "" {
		where = b.Verb + " " + where
	}
	if b.Namespace != "" {
		where += " in " + printable.Text(b.Namespace)
	}
	return where
}

func countsLine(c Counts) string {
	return fmt.Sprintf("%d critical   %d high   %d medium   %d low   %d info", c.Critical, c.High, c.Medium, c.Low, c.Info)
}

// hearts returns the categories that a narrow table shows.
func (d *draft) hearts() []audit.Category {
	return slices.DeleteFunc(d.applicable(), func(c audit.Category) bool { return !c.Heart })
}

// applicable returns the categories that are always shown, and those that apply
// to something.
func (d *draft) applicable() []audit.Category { return applicable(d.titles, d.Namespaces) }

func applicable(categories []audit.Category, namespaces []Namespace) []audit.Category {
	return slices.DeleteFunc(slices.Clone(categories), func(c audit.Category) bool {
		return !c.Heart && !slices.ContainsFunc(namespaces, func(n Namespace) bool { return n.Categories[c.ID].Score != nil })
	})
}

func (p *printer) namespaces(d *draft, columns []audit.Category) {
	if len(d.Namespaces) == 0 {
		return
	}
	width := len("NAMESPACE")
	for _, n := range d.Namespaces {
		width = max(width, ansi.StringWidth(printable.Text(n.Name)))
	}
	labels := make([]string, len(columns))
	for i, c := range columns {
		labels[i] = fmt.Sprintf("  %8s", strings.ToUpper(c.Label))
	}
	p.line("")
	p.line("%s  SCORE   %s    CRIT  HIGH   MED   LOW", pad("NAMESPACE", width), strings.Join(labels, ""))
	for _, n := range d.Namespaces {
		scores := make([]string, len(columns))
		for i, c := range columns {
			scores[i] = fmt.Sprintf("  %8s", number(n.Categories[c.ID].Score))
		}
		p.line("%s  %5s %-2s%s    %4s  %4s  %4s  %4s", pad(printable.Text(n.Name), width), number(n.Score), n.Grade,
			strings.Join(scores, ""), some(n.Counts.Critical), some(n.Counts.High), some(n.Counts.Medium), some(n.Counts.Low))
	}
}

func (p *printer) findings(d *draft, most int) {
	all := open(d.found)
	shown := worstOf(all, most)
	if len(shown) == 0 {
		return
	}
	p.line("")
	if len(shown) < len(all) {
		p.line("The worst %d of %d (-o wide shows all):", len(shown), len(all))
	} else {
		p.line("Findings:")
	}
	place, message := 0, 0
	for _, f := range shown {
		place = min(60, max(place, ansi.StringWidth(where(d.row(f)))))
		message = min(70, max(message, ansi.StringWidth(printable.Text(f.Message))))
	}
	for _, one := range shown {
		f := d.row(one)
		cost := fmt.Sprintf("-%.2f", f.Points)
		if f.Points == 0 {
			cost = "0"
		}
		p.line("%s  %7s  %s  %s  %s", pad(f.Severity, len("critical")), cost,
			pad(where(f), place), pad(printable.Text(f.Message), message), f.Rule)
		if f.Source != nil {
			p.line("%s           %s:%d", strings.Repeat(" ", len("critical")), printable.Text(f.Source.File), f.Source.Line)
		}
	}
}

// accepted lists the findings that are accepted, with their reasons.
func (p *printer) accepted(d *draft, most int) {
	all := accepted(d.found)
	shown := worstOf(all, most)
	if len(shown) == 0 {
		return
	}
	p.line("")
	if len(shown) < len(all) {
		p.line("Accepted, so not in the score, %d of %d (-o wide shows all):", len(shown), len(all))
	} else {
		p.line("Accepted, so not in the score:")
	}
	for _, one := range shown {
		f := d.row(one)
		p.line("%s  %s  %s  %s", pad(f.Severity, len("critical")), where(f), printable.Text(f.Message), f.Rule)
		p.line("%s  %s", strings.Repeat(" ", len("critical")), printable.Text(why(f.Accepted)))
	}
}

// where names the place of a finding: namespace, object, container.
func where(f Finding) string {
	place := f.Kind + " " + f.Name
	if f.Namespace != "" {
		place = f.Namespace + " " + place
	}
	if f.Container != "" {
		place += " container " + f.Container
	}
	return printable.Text(place)
}

func number(x *float64) string {
	if x == nil {
		return "n/a"
	}
	return fmt.Sprintf("%.1f", *x)
}

// some returns a count, and nothing for none: a table is read by what stands out.
func some(n int) string {
	if n == 0 {
		return "."
	}
	return fmt.Sprint(n)
}

// pad fills text with spaces to a width in terminal cells.
func pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-ansi.StringWidth(text)))
}
