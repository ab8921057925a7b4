package findings

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// workloads are those of the namespace: a table of its own, with its cursor, its order
// and its filter.
type workloads struct {
	table  *widget.Table
	filter screen.Filtering
	making *screen.Work
	shown  *workloadList // nil before the first
}

// workloadList is the workloads of a namespace in the order to show. It never changes.
type workloadList struct {
	of     *score.Assessment
	column string
	down   bool
	text   string // of the filter
	all    int
	kept   []listedWorkload
	at     map[string]int
}

// listedWorkload is a workload with what is told of it in a row.
type listedWorkload struct {
	workload *kube.Workload
	worst    audit.Severity // 0 for none
	counts   score.Counts
	points   float64
	ready    int
	wanted   int // -1 where nobody says
	// first are some of its open findings, the worst severities first, of all that there
	// are.
	first []*score.Finding
	all   int
}

func newWorkloads() *workloads {
	w := &workloads{table: widget.NewTable(workloadColumns())}
	w.table.SortBy("sev", true)
	return w
}

func workloadColumns() []widget.Column {
	return []widget.Column{
		{ID: "sev", Title: "SEV", Min: 4, Ideal: 4, Max: 4, Priority: 10, Falling: true},
		{ID: "points", Title: "POINTS", Min: 7, Ideal: 7, Max: 7, Priority: 9, Align: style.Right, Falling: true},
		{ID: "workload", Title: "WORKLOAD", Min: 16, Ideal: 32, Max: 60, Priority: 8},
		{ID: "ready", Title: "READY", Min: 6, Ideal: 7, Max: 9, Priority: 7, Align: style.Right},
		{ID: "critical", Title: "C", Min: 3, Ideal: 3, Max: 4, Priority: 6, Align: style.Right, Falling: true},
		{ID: "high", Title: "H", Min: 3, Ideal: 3, Max: 4, Priority: 6, Align: style.Right, Falling: true},
		{ID: "medium", Title: "M", Min: 3, Ideal: 3, Max: 4, Priority: 6, Align: style.Right, Falling: true},
		{ID: "low", Title: "L", Min: 3, Ideal: 3, Max: 4, Priority: 6, Align: style.Right, Falling: true},
		{ID: "image", Title: "IMAGE", Min: 16, Ideal: 40, Max: widget.Unlimited, Priority: 4},
	}
}

// workloadFields are what a filter of workloads can ask for, in the order of [workloadRow].
func workloadFields() []widget.Field {
	return []widget.Field{
		{Name: "sev", Scale: []string{"none", "info", "low", "medium", "high", "critical"}},
		{Name: "points", Number: true},
		{Name: "name"},
		{Name: "kind"},
		{Name: "image"},
		{Name: "ready", Number: true},
	}
}

// workloadRow is a workload as a filter sees it.
type workloadRow struct{ *listedWorkload }

// Text returns what a field shows.
func (r workloadRow) Text(field int) string {
	switch field {
	case 0:
		if r.worst == 0 {
			return "none"
		}
		return r.worst.String()
	case 2:
		return r.workload.Ref.Short()
	case 3:
		return r.workload.Ref.Kind
	case 4:
		return r.image()
	}
	return ""
}

// Value returns the number or rank of a field.
func (r workloadRow) Value(field int) float64 {
	switch field {
	case 0:
		if r.worst == 0 {
			return 0
		}
		return float64(r.worst-audit.Info) + 1
	case 1:
		return r.points
	case 5:
		return float64(r.ready)
	}
	return math.NaN()
}

func (c *listedWorkload) image() string {
	for container := range c.workload.Containers() {
		if container.LongRunning() {
			return container.Image
		}
	}
	return ""
}

// relist returns the job that lists the workloads of a namespace anew.
func (w *workloads) relist(a *score.Assessment, namespace string) screen.Job {
	made := &workloadList{of: a, text: w.filter.Text()}
	made.column, made.down = w.table.SortedBy()
	filter := w.filter.Filter()
	if b := w.shown; b != nil && b.of == made.of && b.column == made.column && b.down == made.down && b.text == made.text {
		return nil
	}
	return func(ctx context.Context) func() {
		found := listWorkloads(ctx, a, namespace)
		if ctx.Err() != nil {
			return nil
		}
		made.all = len(found)
		made.kept = slices.DeleteFunc(found, func(c listedWorkload) bool { return !filter.Match(workloadRow{&c}) })
		slices.SortStableFunc(made.kept, made.compare)
		made.at = make(map[string]int, len(made.kept))
		for i := range made.kept {
			made.at[made.kept[i].workload.Ref.String()] = i
		}
		return func() { w.shown = made }
	}
}

// listWorkloads counts what was found of each workload of a namespace.
func listWorkloads(ctx context.Context, a *score.Assessment, namespace string) []listedWorkload {
	c := a.Cluster
	all := c.WorkloadsIn(namespace)
	listed, at := make([]listedWorkload, len(all)), make(map[kube.Ref]int, len(all))
	for i, w := range all {
		if i%chunk == 0 && ctx.Err() != nil {
			return nil
		}
		at[w.Ref] = i
		listed[i] = listedOf(w, c.PodsOf(w))
	}
	home := a.Namespace(namespace)
	if home == nil {
		return listed
	}
	for _, f := range home.Findings {
		if i, known := at[f.Subject]; known {
			listed[i].add(f)
		}
	}
	return listed
}

// listedOf counts the pods of a workload.
func listedOf(w *kube.Workload, pods []*kube.Pod) listedWorkload {
	c := listedWorkload{workload: w, wanted: -1}
	for _, p := range pods {
		if p.Status.PodSaid != nil && p.Status.Ready {
			c.ready++
		}
	}
	switch {
	case w.Replicas != nil:
		c.wanted = int(*w.Replicas)
	case !w.RunsToCompletion():
		c.wanted = len(pods)
	}
	return c
}

// add counts a finding in.
func (c *listedWorkload) add(f *score.Finding) {
	c.all++
	c.points += f.Points
	if !f.Open() {
		return
	}
	c.worst = max(c.worst, f.Severity)
	c.counts[f.Severity]++
	if len(c.first) < groupMost {
		c.first = append(c.first, f)
	}
}

func (x *workloadList) compare(a, b listedWorkload) int {
	order := 0
	switch x.column {
	case "sev":
		order = cmp.Compare(a.worst, b.worst)
	case "points":
		order = cmp.Compare(a.points, b.points)
	case "workload":
		order = strings.Compare(a.workload.Ref.Short(), b.workload.Ref.Short())
	case "ready":
		order = cmp.Compare(a.ready-a.wanted, b.ready-b.wanted)
	case "image":
		order = strings.Compare(a.image(), b.image())
	default:
		for _, severity := range audit.Severities() {
			if severity.String() == x.column {
				order = cmp.Compare(a.counts[severity], b.counts[severity])
			}
		}
	}
	if x.down {
		order = -order
	}
	return cmp.Or(order, cmp.Compare(b.points, a.points))
}

// under is the row under the cursor, nil without one.
func (w *workloads) under() *listedWorkload {
	_, i, ok := w.table.Selected()
	if !ok || w.shown == nil || i >= len(w.shown.kept) {
		return nil
	}
	return &w.shown.kept[i]
}

// selected is the workload under the cursor, nil without one.
func (w *workloads) selected() *kube.Workload {
	if c := w.under(); c != nil {
		return c.workload
	}
	return nil
}

// title says how many workloads there are, and by what they are filtered.
func (w *workloads) title() string {
	if w.shown == nil {
		return "Workloads"
	}
	return screen.FilterTitle("Workloads", len(w.shown.kept), w.shown.all, w.shown.text)
}

// workloadRows are what the table of workloads shows.
type workloadRows struct {
	*workloadList
	styles *style.Styles
}

// Len returns the number of workloads.
func (r workloadRows) Len() int { return len(r.kept) }

// Key names a workload.
func (r workloadRows) Key(i int) string { return r.kept[i].workload.Ref.String() }

// Index returns where a workload stands, -1 if it does not.
func (r workloadRows) Index(key string) int {
	if at, there := r.at[key]; there {
		return at
	}
	return -1
}

// Cells appends the cells of a workload.
func (r workloadRows) Cells(i int, dst []widget.Cell) []widget.Cell {
	c, s := &r.kept[i], r.styles
	mark := widget.Cell{Text: s.Glyphs.Tick, Style: s.OK}
	if c.worst > 0 {
		severity := screen.Severity(c.worst)
		mark = widget.Cell{Text: s.SeverityMark(severity), Style: s.Severity(severity)}
	}
	points := "0"
	if c.points > 0 {
		points = fmt.Sprintf("-%.2f", c.points)
	}
	ready, look := fmt.Sprintf("%d/%d", c.ready, c.wanted), s.Text
	switch {
	case r.of.Cluster.Info.Offline && c.wanted >= 0:
		ready = fmt.Sprint(c.wanted)
	case c.wanted < 0 || r.of.Cluster.Info.Offline:
		ready, look = "-", s.Muted
	case c.ready < c.wanted:
		look = s.Warn
	}
	dst = append(dst, mark, widget.Cell{Text: points, Style: s.Text},
		widget.Cell{Text: c.workload.Ref.Short(), Style: s.Text}, widget.Cell{Text: ready, Style: look})
	for _, severity := range audit.Severities()[:4] {
		text := ""
		if n := c.counts[severity]; n > 0 {
			text = fmt.Sprint(n)
		}
		dst = append(dst, widget.Cell{Text: text, Style: s.Severity(screen.Severity(severity))})
	}
	return append(dst, widget.Cell{Text: c.image(), Style: s.Muted})
}
