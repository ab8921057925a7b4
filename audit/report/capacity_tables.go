package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/seaworthy-dev/seaworthy/audit/capacity"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

// grid is a table of words and numbers, the first column of which are names.
type grid struct {
	caption string
	head    []string
	rows    [][]string
	more    string // what is left out, "" for nothing
	atLeast string // what a plus after a number means, "" if there is none
}

// unknown stands where a figure is not known.
const unknown = "?"

// nodes is a table of the nodes, the fullest first.
func (r *Capacity) nodes(most int) grid {
	g := grid{caption: "Nodes", head: []string{
		"Node", "Pods", "CPU requested", "CPU used", "Memory requested", "Memory limits", "Memory used", "Note",
	}}
	all := r.of.Fullest()
	g.more = more(len(all), most, "nodes")
	for _, n := range all[:min(most, len(all))] {
		pods, cpu, memory, limits := unknown, unknown, unknown, unknown
		if r.of.PodsUnknown == "" {
			pods = fmt.Sprintf("%d/%d", n.Pods, n.MaxPods)
			cpu, memory = partOf(n.Requests.CPU, n.Allocatable.CPU, 1000), partOf(n.Requests.Memory, n.Allocatable.Memory, 1<<30)
			limits = percent(n.Limits.Memory, n.Allocatable.Memory)
			if n.Unlimited > 0 {
				limits += "+"
				g.atLeast = "+ some pods have no limit for memory and may take all there is"
			}
		}
		usedCPU, usedMemory := unknown, unknown
		if s := r.of.Samples[n.Name]; s != nil {
			usedCPU, usedMemory = percent(s.CPU, n.Allocatable.CPU), percent(s.Memory, n.Allocatable.Memory)
		}
		g.rows = append(g.rows, []string{n.Name, pods, cpu, usedCPU, memory, limits, usedMemory, strings.Join(n.Notes(), ", ")})
	}
	return g
}

// namespaces is a table of the namespaces, those first that use least of what they request.
func (r *Capacity) namespaces(most int) grid {
	g := grid{caption: "Namespaces", head: []string{
		"Namespace", "Pods", "CPU requested", "CPU used", "CPU unused", "GiB requested", "GiB used", "GiB unused", "No request", "LimitRange", "Quota",
	}}
	if r.prices.Known() {
		g.head = append(g.head, "A month", "Unused a month")
	}
	all := slices.DeleteFunc(r.of.Wasteful(), func(n *capacity.Namespace) bool { return n.Pods == 0 })
	g.more = more(len(all), most, "namespaces")
	for _, n := range all[:min(most, len(all))] {
		used := func(of int64, unit float64) string {
			if !n.Use.Known() {
				return unknown
			}
			if n.Use.Unknown > 0 {
				g.atLeast = "+ at least: the use of some pods is not known"
				return capacity.Figure(float64(of)/unit) + "+"
			}
			return capacity.Figure(float64(of) / unit)
		}
		row := []string{
			n.Name, fmt.Sprint(n.Pods),
			capacity.Figure(n.Requests.Cores()), used(n.Use.CPU, 1000), used(n.Use.Waste.CPU, 1000),
			capacity.Figure(n.Requests.GiB()), used(n.Use.Memory, 1<<30), used(n.Use.Waste.Memory, 1<<30),
			some(max(n.WithoutCPU, n.WithoutMemory)), there(n.LimitRanges, r.of.LimitsUnknown), there(n.Quotas, r.of.QuotasUnknown),
		}
		if r.prices.Known() {
			wasted := unknown
			if n.Use.Known() {
				wasted = capacity.Figure(r.prices.Month(n.Use.Waste))
			}
			row = append(row, capacity.Figure(r.prices.Month(n.Requests)), wasted)
		}
		g.rows = append(g.rows, row)
	}
	return g
}

// partOf writes a part of a whole in units, and its share.
func partOf(part, whole int64, unit float64) string {
	return fmt.Sprintf("%s/%s %s", capacity.Figure(float64(part)/unit), capacity.Figure(float64(whole)/unit), percent(part, whole))
}

func percent(part, whole int64) string {
	share, ok := capacity.Share(part, whole)
	if !ok {
		return unknown
	}
	return fmt.Sprintf("%.0f%%", 100*share)
}

// there writes whether there are any, unless that is not known.
func there(n int, why string) string {
	switch {
	case why != "":
		return unknown
	case n > 0:
		return "yes"
	}
	return "no"
}

// tables are those that have rows.
func (r *Capacity) tables(most int) []grid {
	var all []grid
	for _, g := range []grid{r.nodes(most), r.namespaces(most)} {
		if len(g.rows) > 0 {
			all = append(all, g)
		}
	}
	return all
}

// capacity writes what there is to say, and a line for each node and namespace.
func (p *printer) capacity(title string, r *Capacity, most int) {
	if r == nil {
		return
	}
	p.line("")
	p.line("%s %s", title, printable.Text(r.of.Summary()))
	for _, s := range r.Said {
		p.line("  %s", printable.Text(s))
	}
	for _, g := range r.tables(most) {
		p.line("")
		p.grid(&g)
	}
}

// grid writes a table with its numbers at the right.
func (p *printer) grid(g *grid) {
	lines := append([][]string{upper(g.head)}, g.rows...)
	widths := make([]int, len(g.head))
	for _, l := range lines {
		for i, text := range l {
			widths[i] = max(widths[i], ansi.StringWidth(printable.Text(text)))
		}
	}
	for _, l := range lines {
		var b strings.Builder
		for i, text := range l {
			text = printable.Text(text)
			switch {
			case i == 0 || !g.numbers(i):
				text = pad(text, widths[i])
			default:
				text = strings.Repeat(" ", widths[i]-ansi.StringWidth(text)) + text
			}
			b.WriteString("  " + text)
		}
		p.line("%s", strings.TrimRight(b.String(), " "))
	}
	for _, note := range g.notes() {
		p.line("  %s", note)
	}
}

// notes are what stands below a table.
func (g *grid) notes() []string {
	return slices.DeleteFunc([]string{g.atLeast, g.more}, func(s string) bool { return s == "" })
}

// numbers reports whether a column is one of numbers.
func (g *grid) numbers(column int) bool {
	return g.head[column] != "Note" && g.head[column] != "LimitRange" && g.head[column] != "Quota"
}

func upper(words []string) []string {
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = strings.ToUpper(w)
	}
	return all
}

// markdownCapacity has a list of what there is to say, and two tables.
func (p *printer) markdownCapacity(heading string, r *Capacity) {
	if r == nil {
		return
	}
	p.line("")
	p.line("## %s", heading)
	p.line("")
	p.line("%s.", cell(title(r.of.Summary())))
	if len(r.Said) > 0 {
		p.line("")
	}
	for _, said := range r.Said {
		p.line("- %s", cell(said))
	}
	for _, g := range r.tables(mostNodes) {
		p.line("")
		p.line("| %s |", strings.Join(g.head, " | "))
		rules := []string{"---"}
		for i := range g.head[1:] {
			rule := "---"
			if g.numbers(i + 1) {
				rule = "--:"
			}
			rules = append(rules, rule)
		}
		p.line("|%s|", strings.Join(rules, "|"))
		for _, row := range g.rows {
			cells := make([]string, len(row))
			for i, text := range row {
				cells[i] = cell(text)
			}
			p.line("| %s |", strings.Join(cells, " | "))
		}
		for _, note := range g.notes() {
			p.line("")
			p.line("%s", cell(note))
		}
	}
}
