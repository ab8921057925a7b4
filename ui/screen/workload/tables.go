package workload

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

func findingColumns() []widget.Column {
	return []widget.Column{
		{ID: "sev", Title: "SEV", Min: 4, Ideal: 4, Max: 4, Priority: 10, Falling: true},
		{ID: "points", Title: "POINTS", Min: 7, Ideal: 7, Max: 7, Priority: 9, Align: style.Right, Falling: true},
		{ID: "container", Title: "CONTAINER", Min: 9, Ideal: 12, Max: 20, Priority: 6},
		{ID: "message", Title: "WHAT IS WRONG", Min: 24, Ideal: 36, Max: widget.Unlimited, Priority: 8},
		{ID: "rule", Title: "RULE", Min: 20, Ideal: 26, Max: 36, Priority: 5},
	}
}

// findingRows are the findings of a workload.
type findingRows struct {
	*facts
	styles *style.Styles
}

// Len returns the number of findings.
func (r findingRows) Len() int { return len(r.findings) }

// Key names a finding as everywhere else.
func (r findingRows) Key(i int) string {
	return screen.FindingKey(r.findings[i], r.twins[r.findings[i]])
}

// Cells appends the cells of a finding.
func (r findingRows) Cells(i int, dst []widget.Cell) []widget.Cell {
	f := r.findings[i]
	severity, cost, text := screen.FindingCells(r.styles, f)
	return append(dst, severity, cost, widget.Cell{Text: f.Container, Style: r.styles.Muted},
		widget.Cell{Text: screen.Wrong(f), Style: text}, widget.Cell{Text: f.Rule.ID, Style: r.styles.Muted})
}

func podColumns() []widget.Column {
	return []widget.Column{
		{ID: "pod", Title: "POD", Min: 16, Ideal: 30, Max: 60, Priority: 10},
		{ID: "state", Title: "STATE", Min: 18, Ideal: 18, Max: 24, Priority: 9},
		{ID: "ready", Title: "READY", Min: 5, Ideal: 5, Max: 6, Priority: 6, Align: style.Right},
		{ID: "restarts", Title: "RESTARTS", Min: 9, Ideal: 9, Max: 9, Priority: 8, Align: style.Right, Falling: true},
		{ID: "age", Title: "AGE", Min: 5, Ideal: 5, Max: 6, Priority: 7, Align: style.Right},
		{ID: "node", Title: "NODE", Min: 10, Ideal: 18, Max: 40, Priority: 5},
	}
}

// sortPods sorts pods, which come by name.
func sortPods(pods []*kube.Pod, by order) {
	slices.SortStableFunc(pods, func(a, b *kube.Pod) int {
		column := 0
		switch by.column {
		case "pod":
			column = strings.Compare(a.Name, b.Name)
		case "state":
			one, wellOne := screen.PodState(a)
			other, wellOther := screen.PodState(b)
			column = cmp.Or(truth(wellOne)-truth(wellOther), strings.Compare(one, other))
		case "ready":
			column = readyContainers(a) - readyContainers(b)
		case "restarts":
			column = screen.PodRestarts(a) - screen.PodRestarts(b)
		case "age":
			column = b.Created().Compare(a.Created())
		case "node":
			column = strings.Compare(a.Node, b.Node)
		}
		if by.descending {
			column = -column
		}
		return column
	})
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

func readyContainers(p *kube.Pod) int {
	ready := 0
	for i := range p.Status.Containers {
		if c := &p.Status.Containers[i]; c.Ready && !c.Init {
			ready++
		}
	}
	return ready
}

// podRows are the pods of a workload.
type podRows struct {
	*facts
	styles *style.Styles
}

// Len returns the number of pods.
func (r podRows) Len() int { return len(r.pods) }

// Key names a pod.
func (r podRows) Key(i int) string { return r.pods[i].Name }

// Cells appends the cells of a pod.
func (r podRows) Cells(i int, dst []widget.Cell) []widget.Cell {
	p, s := r.pods[i], r.styles
	state, well := screen.PodState(p)
	look, mark := s.Text, s.Glyphs.Tick
	switch {
	case !well:
		look, mark = s.Error, s.Glyphs.Severity[style.Critical]
	case p.Status.PodSaid == nil || !p.Status.Ready:
		look, mark = s.Muted, s.Glyphs.Severity[style.Low]
	}
	restarts, many := screen.PodRestarts(p), s.Muted
	if restarts > 0 {
		many = s.Warn
	}
	return append(dst, widget.Cell{Text: p.Name, Style: s.Text}, widget.Cell{Text: mark + " " + state, Style: look},
		widget.Cell{Text: fmt.Sprintf("%d/%d", readyContainers(p), len(p.Spec.Containers)), Style: s.Text},
		widget.Cell{Text: fmt.Sprint(restarts), Style: many},
		widget.Cell{Text: screen.PodAge(r.in.shown.Cluster, p), Style: s.Muted}, widget.Cell{Text: p.Node, Style: s.Muted})
}
