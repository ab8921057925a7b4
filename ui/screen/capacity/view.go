package capacity

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/capacity"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// tabsHeight is the height of the line of views.
const tabsHeight = 1

// besideFrom is the width from which what there is to say of the cluster stands beside the
// row under the cursor, and not below it.
const besideFrom = 110

// View draws the names of the views, the table of one, and what there is to say.
func (s *Screen) View() []string {
	f, at := s.frame, 0
	if s.spaces {
		at = 1
	}
	names := []string{fmt.Sprintf("Nodes %d", s.nodes.Len()), fmt.Sprintf("Namespaces %d", s.namespaces.Len())}
	tabs := s.tabs.Render(f.Styles, names, at, widget.Rect{W: f.Width, H: tabsHeight})
	f.Height -= tabsHeight
	s.at().Table().Empty = s.at().Empty(s.waiting())
	return append(tabs, screen.Below{Table: s.at().Table(), Title: s.heading(), BoxTitle: s.boxTitle(), Lines: s.about}.Draw(f)...)
}

// waiting is what is said where no row is there.
func (s *Screen) waiting() string {
	switch {
	case s.read == nil:
		return "adding up what pods ask for"
	case s.spaces:
		return cmp.Or(s.read.NamespacesUnknown, "no namespace is known")
	}
	return cmp.Or(s.read.Unknown, "no node is known")
}

func (s *Screen) heading() string {
	switch text := s.at().Filtered(); {
	case s.read == nil:
		return "Capacity"
	case text != "":
		return "Capacity: " + text
	}
	return "Capacity: " + s.read.Summary()
}

func (s *Screen) boxTitle() string {
	if s.spaces {
		if n, ok := s.namespaces.Selected(); ok {
			return n.Name
		}
		return "This namespace"
	}
	if n, ok := s.nodes.Selected(); ok {
		return n.Name
	}
	return "This node"
}

// about tells of the row under the cursor in gauges, and of the cluster beside or below.
func (s *Screen) about(width, height int) []string {
	if s.read == nil {
		return nil
	}
	if width < besideFrom {
		return append(s.row(width), s.cluster(width)...)
	}
	left, right := width/2-1, width-width/2-1
	row, cluster := s.row(left), s.cluster(right)
	var lines []string
	for i := range min(max(len(row), len(cluster)), height) {
		line := ""
		if i < len(row) {
			line = row[i]
		}
		line += style.Blanks(max(0, left-style.Width(line)) + 2)
		if i < len(cluster) {
			line += cluster[i]
		}
		lines = append(lines, line)
	}
	return lines
}

// cluster is what there is to say of the cluster.
func (s *Screen) cluster(width int) []string {
	var lines []string
	for _, said := range s.read.Said(capacity.Prices{}) {
		lines = append(lines, s.frame.Styles.Text.Wrap(style.Clean(said), width)...)
	}
	return lines
}

// row tells of the row under the cursor.
func (s *Screen) row(width int) []string {
	if s.spaces {
		if n, ok := s.namespaces.Selected(); ok {
			return s.ofNamespace(n, width)
		}
		return nil
	}
	if n, ok := s.nodes.Selected(); ok {
		return s.ofNode(n, width)
	}
	return nil
}

// bar is a line with a gauge between a name and what it says.
func (s *Screen) bar(width int, name string, part, whole int64, text string) string {
	const nameWidth, textWidth, gaugeMost, gaugeLeast = 17, 26, 30, 8
	st := s.frame.Styles
	share, _ := capacity.Share(part, whole)
	look := st.Accent
	if share > 1 {
		look = st.Warn
	}
	line := st.Muted.Render(name) + style.Blanks(max(0, nameWidth-style.Width(name)))
	if cells := min(gaugeMost, width-nameWidth-textWidth-1); cells >= gaugeLeast && !st.Glyphs.Spoken {
		line += widget.Gauge{Value: share, Style: look}.Render(st, cells) + " "
	}
	return line + st.Text.Render(style.Truncate(text, max(1, width-style.Width(line)), st.Glyphs.Ellipsis))
}

func (s *Screen) ofNode(n *capacity.Node, width int) []string {
	st := s.frame.Styles
	var lines []string
	if notes := n.Notes(); len(notes) > 0 {
		lines = append(lines, st.Muted.Wrap(style.Clean(strings.Join(notes, ", ")), width)...)
	}
	if l := s.read.LossOf(n); s.filled() && !l.Fits() && !n.Virtual {
		lines = append(lines, st.Warn.Wrap("not to be lost: "+l.Lacks(), width)...)
	}
	part := func(name string, a, b int64, unit func(int64) string) {
		lines = append(lines, s.bar(width, name, a, b, capacity.Part(a, b, unit)))
	}
	sample := s.read.Samples[n.Name]
	if s.filled() {
		part("CPU requested", n.Requests.CPU, n.Allocatable.CPU, capacity.Cores)
	}
	if sample != nil {
		part("CPU used", sample.CPU, n.Allocatable.CPU, capacity.Cores)
	}
	if s.filled() {
		part("Memory requested", n.Requests.Memory, n.Allocatable.Memory, capacity.GiB)
		part("Memory limits", n.Limits.Memory, n.Allocatable.Memory, capacity.GiB)
	}
	if sample != nil {
		part("Memory used", sample.Memory, n.Allocatable.Memory, capacity.GiB)
	}
	if s.filled() {
		lines = append(lines, s.bar(width, "Pods", int64(n.Pods), n.MaxPods, fmt.Sprintf("%d of %d", n.Pods, n.MaxPods)))
	} else {
		lines = append(lines, st.Warn.Wrap(style.Clean("what is requested nobody can tell: "+s.read.PodsUnknown), width)...)
	}
	if n.Unlimited > 0 {
		lines = append(lines, st.Warn.Wrap(capacity.Counted(n.Unlimited, "pod")+" without a limit for memory may take all there is", width)...)
	}
	if sample == nil {
		lines = append(lines, st.Muted.Wrap("what it uses was not measured in the last minutes", width)...)
	} else {
		lines = append(lines, st.Muted.Wrap("used is one sample, of "+sample.At.UTC().Format("15:04:05 UTC")+": an instant", width)...)
	}
	return lines
}

func (s *Screen) ofNamespace(n *capacity.Namespace, width int) []string {
	st := s.frame.Styles
	var lines []string
	add := func(look style.Style, text string) { lines = append(lines, look.Wrap(style.Clean(text), width)...) }
	if n.Use.Known() && n.Pods > 0 {
		lines = append(lines,
			s.bar(width, "CPU unused", n.Use.Waste.CPU, n.Requests.CPU, capacity.Part(n.Use.Waste.CPU, n.Requests.CPU, capacity.Cores)),
			s.bar(width, "Memory unused", n.Use.Waste.Memory, n.Requests.Memory, capacity.Part(n.Use.Waste.Memory, n.Requests.Memory, capacity.GiB)))
		add(st.Muted, "use is by "+n.Use.Evidence())
	} else if n.Pods > 0 {
		add(st.Warn, "what its pods use nobody can tell: "+cmp.Or(s.read.UseUnknown, "none was measured in the last minutes"))
	}
	if n.Pending > 0 {
		add(st.Warn, fmt.Sprintf("%d of %s have no node yet", n.Pending, capacity.Counted(n.Pods, "pod")))
	}
	if without := max(n.WithoutCPU, n.WithoutMemory); without > 0 {
		add(st.Warn, fmt.Sprintf("of %s, %d request no CPU and %d no memory", capacity.Counted(n.Containers, "container"), n.WithoutCPU, n.WithoutMemory))
	}
	if a := n.Advice; a.Pods > 0 {
		add(st.Text, fmt.Sprintf("VerticalPodAutoscalers recommend %s in the place of %s, for %s", a.Target, a.Requests, capacity.Counted(a.Pods, "pod")))
	}
	if n.LimitRanges == 0 && s.read.LimitsUnknown == "" {
		add(st.Muted, "no LimitRange gives defaults to containers that request nothing")
	}
	if n.Quotas == 0 && s.read.QuotasUnknown == "" {
		add(st.Muted, "no ResourceQuota holds back what it may request")
	}
	return lines
}
