package capacity

import (
	"fmt"
	"math"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/capacity"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// percent returns the share of a whole in percent, NaN where it is not known.
func percent(part, whole int64, known bool) float64 {
	share, ok := capacity.Share(part, whole)
	if !ok || !known {
		return math.NaN()
	}
	return math.Round(100 * share)
}

// column makes a column of numbers.
func column[T any](id, title string, width, priority int, value func(T) float64) screen.ListingColumn[T] {
	return screen.Numbers(widget.Column{ID: id, Title: title, Min: width, Ideal: width, Max: width, Priority: priority}, value)
}

// The widths of a column with a share, and with a gauge beside it.
const (
	shareWidth = 7
	gaugeCells = 8
	gaugeWidth = gaugeCells + 1 + len("100%")
)

// filled reports whether what is requested of nodes is known.
func (s *Screen) filled() bool { return s.read != nil && s.read.PodsUnknown == "" }

func nodeColumns(s *Screen) []screen.ListingColumn[*capacity.Node] {
	type node = *capacity.Node
	used := func(of func(capacity.Amount) int64) func(node) float64 {
		return func(n node) float64 {
			sample := s.read.Samples[n.Name]
			if sample == nil {
				return math.NaN()
			}
			return percent(of(sample.Amount), of(n.Allocatable), true)
		}
	}
	cpu, memory := func(a capacity.Amount) int64 { return a.CPU }, func(a capacity.Amount) int64 { return a.Memory }
	return []screen.ListingColumn[node]{
		screen.Words(widget.Column{ID: "node", Title: "NODE", Min: 13, Ideal: 24, Max: 44, Priority: 10}, func(n node) string { return n.Name }),
		column("cpu", "CPU REQUESTED", gaugeWidth, 9, func(n node) float64 { return percent(n.Requests.CPU, n.Allocatable.CPU, s.filled()) }),
		column("cpuused", "USED", shareWidth-2, 6, used(cpu)),
		column("memory", "MEM REQUESTED", gaugeWidth, 9, func(n node) float64 { return percent(n.Requests.Memory, n.Allocatable.Memory, s.filled()) }),
		column("memused", "USED", shareWidth-2, 6, used(memory)),
		column("limits", "LIMITS", shareWidth-1, 7, func(n node) float64 { return percent(n.Limits.Memory, n.Allocatable.Memory, s.filled()) }),
		column("pods", "PODS", shareWidth, 5, func(n node) float64 {
			if !s.filled() {
				return math.NaN()
			}
			return float64(n.Pods)
		}),
		screen.Words(widget.Column{ID: "note", Title: "NOTE", Min: 8, Ideal: 22, Max: widget.Unlimited, Priority: 4}, note),
	}
}

func note(n *capacity.Node) string { return strings.Join(n.Notes(), ", ") }

// nodeRows are the nodes in the order to show.
type nodeRows struct {
	*Screen
	kept []*capacity.Node
}

// Len returns the number of nodes.
func (r nodeRows) Len() int { return len(r.kept) }

// Key returns the name of a node.
func (r nodeRows) Key(i int) string { return r.kept[i].Name }

// Cells appends the cells of a node.
func (r nodeRows) Cells(i int, dst []widget.Cell) []widget.Cell {
	n, st := r.kept[i], r.frame.Styles
	cpu, memory := percent(n.Requests.CPU, n.Allocatable.CPU, r.filled()), percent(n.Requests.Memory, n.Allocatable.Memory, r.filled())
	limits := percent(n.Limits.Memory, n.Allocatable.Memory, r.filled())
	usedCPU, usedMemory := math.NaN(), math.NaN()
	if sample := r.read.Samples[n.Name]; sample != nil {
		usedCPU, usedMemory = percent(sample.CPU, n.Allocatable.CPU, true), percent(sample.Memory, n.Allocatable.Memory, true)
	}
	pods := "?"
	if r.filled() {
		pods = fmt.Sprintf("%d/%d", n.Pods, n.MaxPods)
	}
	above := said(limits)
	if r.filled() && n.Unlimited > 0 {
		above += "+"
	}
	name := st.Text
	if !n.TakesPods() {
		name = st.Muted
	}
	return append(dst, widget.Cell{Text: n.Name, Style: name},
		widget.Cell{Text: gauge(st, cpu), Style: st.Accent}, widget.Cell{Text: said(usedCPU), Style: st.Muted},
		widget.Cell{Text: gauge(st, memory), Style: st.Accent}, widget.Cell{Text: said(usedMemory), Style: st.Muted},
		widget.Cell{Text: above, Style: overLook(st, limits)}, widget.Cell{Text: pods, Style: st.Muted},
		widget.Cell{Text: style.Clean(note(n)), Style: st.Muted})
}

// overLook is the look of limits: those above what there is are worth a look.
func overLook(st *style.Styles, percent float64) style.Style {
	if percent > 100 {
		return st.Warn
	}
	return st.Muted
}

// said writes a share, a question mark where it is not known.
func said(percent float64) string {
	if math.IsNaN(percent) {
		return "?"
	}
	return fmt.Sprintf("%.0f%%", percent)
}

// gauge draws a share with its number; where glyphs would be read aloud, the number alone.
func gauge(st *style.Styles, percent float64) string {
	number := fmt.Sprintf("%*s", len("100%"), said(percent))
	if st.Glyphs.Spoken || math.IsNaN(percent) {
		return number
	}
	full := int(math.Round(min(percent, 100) / 100 * gaugeCells))
	if percent > 0 && full == 0 {
		full = 1
	}
	return strings.Repeat(st.Glyphs.GaugeFull, full) + strings.Repeat(st.Glyphs.GaugeTrack, gaugeCells-full) + " " + number
}

func namespaceColumns(s *Screen) []screen.ListingColumn[*capacity.Namespace] {
	type namespace = *capacity.Namespace
	use := func(of func(*capacity.Use) float64) func(namespace) float64 {
		return func(n namespace) float64 {
			if !n.Use.Known() {
				return math.NaN()
			}
			return of(&n.Use)
		}
	}
	none := func(why func() string, count func(namespace) int) func(namespace) float64 {
		return func(n namespace) float64 {
			if why() != "" {
				return math.NaN()
			}
			return float64(count(n))
		}
	}
	return []screen.ListingColumn[namespace]{
		screen.Words(widget.Column{ID: "namespace", Title: "NAMESPACE", Min: 13, Ideal: 24, Max: 44, Priority: 10}, func(n namespace) string { return n.Name }),
		column("pods", "PODS", 5, 7, func(n namespace) float64 { return float64(n.Pods) }),
		column("cores", "CORES", 6, 9, func(n namespace) float64 { return n.Requests.Cores() }),
		column("cpuused", "USED", 6, 8, use(func(u *capacity.Use) float64 { return u.Cores() })),
		column("cpuunused", "UNUSED", 7, 9, use(func(u *capacity.Use) float64 { return u.Waste.Cores() })),
		column("gib", "GIB", 6, 9, func(n namespace) float64 { return n.Requests.GiB() }),
		column("memused", "USED", 6, 8, use(func(u *capacity.Use) float64 { return u.GiB() })),
		column("memunused", "UNUSED", 7, 9, use(func(u *capacity.Use) float64 { return u.Waste.GiB() })),
		column("share", "OF ALL UNUSED", gaugeWidth, 4, use(func(u *capacity.Use) float64 { return s.share(u) })),
		column("norequest", "NO REQ", 6, 6, func(n namespace) float64 { return float64(max(n.WithoutCPU, n.WithoutMemory)) }),
		column("limitranges", "RANGES", 6, 3, none(func() string { return s.read.LimitsUnknown }, func(n namespace) int { return n.LimitRanges })),
		column("quotas", "QUOTAS", 6, 3, none(func() string { return s.read.QuotasUnknown }, func(n namespace) int { return n.Quotas })),
	}
}

// share returns which part of all that is requested and not used is of some use, in percent
// of CPU or memory, whichever is more.
func (s *Screen) share(u *capacity.Use) float64 {
	all := s.read.Sum.Use.Waste
	cpu, _ := capacity.Share(u.Waste.CPU, all.CPU)
	memory, _ := capacity.Share(u.Waste.Memory, all.Memory)
	return math.Round(100 * max(cpu, memory))
}

// namespaceRows are the namespaces in the order to show.
type namespaceRows struct {
	*Screen
	kept []*capacity.Namespace
}

// Len returns the number of namespaces.
func (r namespaceRows) Len() int { return len(r.kept) }

// Key returns the name of a namespace.
func (r namespaceRows) Key(i int) string { return r.kept[i].Name }

// Cells appends the cells of a namespace.
func (r namespaceRows) Cells(i int, dst []widget.Cell) []widget.Cell {
	n, st := r.kept[i], r.frame.Styles
	amount := func(of float64) string {
		switch {
		case !n.Use.Known():
			return "?"
		case n.Use.Unknown > 0:
			return capacity.Figure(of) + "+"
		}
		return capacity.Figure(of)
	}
	share := math.NaN()
	if n.Use.Known() {
		share = r.share(&n.Use)
	}
	count := func(why string, number int) string {
		if why != "" {
			return "?"
		}
		return few(number)
	}
	return append(dst, widget.Cell{Text: n.Name, Style: st.Text}, widget.Cell{Text: fmt.Sprint(n.Pods), Style: st.Muted},
		widget.Cell{Text: capacity.Figure(n.Requests.Cores()), Style: st.Text}, widget.Cell{Text: amount(n.Use.Cores()), Style: st.Muted},
		widget.Cell{Text: amount(n.Use.Waste.Cores()), Style: st.Accent},
		widget.Cell{Text: capacity.Figure(n.Requests.GiB()), Style: st.Text}, widget.Cell{Text: amount(n.Use.GiB()), Style: st.Muted},
		widget.Cell{Text: amount(n.Use.Waste.GiB()), Style: st.Accent}, widget.Cell{Text: gauge(st, share), Style: st.Accent},
		widget.Cell{Text: few(max(n.WithoutCPU, n.WithoutMemory)), Style: st.Warn},
		widget.Cell{Text: count(r.read.LimitsUnknown, n.LimitRanges), Style: st.Muted}, widget.Cell{Text: count(r.read.QuotasUnknown, n.Quotas), Style: st.Muted})
}

// few writes a count, and nothing for none.
func few(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}
