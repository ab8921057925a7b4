package snapshots

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// instant is a moment of the history.
type instant struct {
	name   string
	time   time.Time // of the file until it is read
	judged *figures  // nil until then
	failed error
	under  version // to tell how far it is read
}

// point is a row of the history: the cluster or a namespace at a moment.
type point struct {
	moment    string
	time      time.Time
	namespace string // "" for the cluster
	known     bool   // it was read, and was there
	standing  standing
	failed    error
	under     version
	// change is by how much the score differs from the one before, NaN where there is
	// none; apart says that one could not see as much then.
	change float64
	apart  bool
}

// key names a row of the table.
func (p point) key() string { return p.moment + "\x00" + p.namespace }

// line is the scores of the cluster or a namespace, oldest first.
type line struct {
	namespace string
	scores    []float64 // NaN where there is none
}

// course is the history in the order to show. It never changes.
type course struct {
	text    string // of the filter
	cluster string
	moments []string // oldest first
	others  int      // recordings of other clusters
	unread  int      // recordings that are still to be read
	all     int      // rows before the filter
	named   bool     // the rows are of namespaces
	kept    []point
	lines   []line // of what is kept, by name
}

// at returns where a moment stands in the order of time.
func (c *course) at(moment string) int { return slices.Index(c.moments, moment) }

// arrange returns the job that makes the rows, filters and sorts them.
func (h *history) arrange() screen.Job {
	shown, filter := h.screen.shown, h.filter.Filter()
	if shown == nil {
		return nil
	}
	made := course{text: h.filter.Text(), cluster: shown.Cluster.Info.Name, named: filter.Asks(fieldNamespace)}
	instants := []instant{}
	for _, o := range h.known {
		v := versionOf(o)
		i := instant{name: o.Name, time: o.Time, under: v}
		switch w, read := h.past.known[v]; {
		case !read:
			made.unread++
		case w.failed != nil:
			i.failed = w.failed
		case w.cluster != made.cluster || w.judged == nil:
			made.others++
			continue
		default:
			i.judged, i.time = w.judged, w.judged.time
		}
		instants = append(instants, i)
	}
	column, descending := h.table.SortedBy()
	return func(ctx context.Context) func() {
		slices.SortStableFunc(instants, func(a, b instant) int { return cmp.Or(a.time.Compare(b.time), strings.Compare(a.name, b.name)) })
		instants = append(instants, instant{name: now, time: shown.Cluster.Time, judged: measure(shown)})
		if !made.fill(ctx, instants, filter) {
			return nil
		}
		orderPoints(made.kept, column, descending)
		return func() { h.take(made) }
	}
}

// fill makes the rows out of the moments, and reports false if the context has ended.
func (c *course) fill(ctx context.Context, instants []instant, filter *widget.Filter) bool {
	for _, i := range instants {
		c.moments = append(c.moments, i.name)
	}
	kept := map[string]*line{}
	for _, namespace := range c.things(instants) {
		if ctx.Err() != nil {
			return false
		}
		for _, p := range points(instants, namespace) {
			c.all++
			if !filter.Match(historyRow{p}) {
				continue
			}
			c.kept = append(c.kept, p)
			l := kept[namespace]
			if l == nil {
				l = &line{namespace: namespace}
				kept[namespace] = l
			}
			value := math.NaN()
			if p.standing.scored {
				value = p.standing.score
			}
			l.scores = append(l.scores, value)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(kept)) {
		c.lines = append(c.lines, *kept[name])
	}
	// What is not read yet, or cannot be, is of no namespace, and no filter knows it.
	for _, i := range instants {
		if i.judged == nil {
			c.all++
			c.kept = append(c.kept, point{moment: i.name, time: i.time, failed: i.failed, under: i.under, change: math.NaN()})
		}
	}
	order := make(map[string]int, len(c.moments))
	for i, name := range c.moments {
		order[name] = i
	}
	slices.SortStableFunc(c.kept, func(a, b point) int { return cmp.Compare(order[a.moment], order[b.moment]) })
	return true
}

// things are what has a history: the cluster, or each namespace where the filter asks
// for them.
func (c *course) things(instants []instant) []string {
	if !c.named {
		return []string{""}
	}
	all := map[string]bool{}
	for _, i := range instants {
		if i.judged != nil {
			for name := range i.judged.namespaces {
				all[name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// points returns the rows of the cluster or a namespace, oldest first, with what
// changed from one to the next.
func points(instants []instant, namespace string) []point {
	var all []point
	var last *figures
	var before standing
	for _, i := range instants {
		if i.judged == nil {
			continue
		}
		p := point{moment: i.name, time: i.time, namespace: namespace, known: true, standing: i.judged.whole, change: math.NaN()}
		if namespace != "" {
			if p.standing, p.known = i.judged.namespaces[namespace]; !p.known {
				continue
			}
		}
		if p.standing.scored {
			if last != nil {
				p.change = p.standing.score - before.score
				p.apart = !p.standing.comparable(i.judged, before, last)
			}
			last, before = i.judged, p.standing
		}
		all = append(all, p)
	}
	return all
}

// take shows a history; the cursor is on now at first.
func (h *history) take(made course) {
	if made.named != h.course.named {
		h.table.SetColumns(historyColumns(made.named))
	}
	h.course = made
	h.table.SetRows(historyRows{h})
	if !h.table.Moved() {
		for _, p := range made.kept {
			if p.moment == now {
				h.table.Select(p.key())
				break
			}
		}
	}
}

// orderPoints sorts rows by a column; those that are equal stay in the order of time,
// and what has no value stands last.
func orderPoints(all []point, column string, descending bool) {
	field := slices.IndexFunc(historyFields(), func(f widget.Field) bool { return f.Name == column })
	if column == "time" && descending {
		slices.Reverse(all)
	}
	if field < 0 || column == "time" {
		return
	}
	slices.SortStableFunc(all, func(a, b point) int {
		x, y := historyRow{a}, historyRow{b}
		order := strings.Compare(x.Text(field), y.Text(field))
		if historyFields()[field].Number {
			v, w := x.Value(field), y.Value(field)
			if math.IsNaN(v) != math.IsNaN(w) {
				return cmp.Compare(w, v) // NaN is less than any number
			}
			order = cmp.Compare(v, w)
		}
		if descending {
			return -order
		}
		return order
	})
}

// The fields of [historyRow].
const (
	fieldTime = iota
	fieldNamespace
	fieldScore
	fieldChange
	fieldCritical
	fieldHigh
	fieldMedium
	fieldSeen
	fieldMoment
	fieldGrade
)

// historyFields are what a filter can ask for, in the order of the constants above.
// Rows are of namespaces where it asks for ns.
func historyFields() []widget.Field {
	return []widget.Field{
		{Name: "time"},
		{Name: "ns"},
		{Name: "score", Number: true},
		{Name: "change", Number: true},
		{Name: "critical", Number: true},
		{Name: "high", Number: true},
		{Name: "medium", Number: true},
		{Name: "seen", Number: true},
		{Name: "moment"},
		{Name: "grade"},
	}
}

// historyRow is a row as a filter sees it.
type historyRow struct{ p point }

// Text returns what a field shows.
func (r historyRow) Text(field int) string {
	switch field {
	case fieldTime:
		return clock(r.p.time)
	case fieldNamespace:
		return r.p.namespace
	case fieldMoment:
		return r.p.moment
	case fieldGrade:
		return r.p.standing.grade
	}
	return ""
}

// Value returns the number of a field.
func (r historyRow) Value(field int) float64 {
	s := r.p.standing
	switch {
	case field == fieldChange:
		return r.p.change
	case !r.p.known:
		return math.NaN()
	}
	switch field {
	case fieldScore:
		if s.scored {
			return s.score
		}
	case fieldCritical:
		return float64(s.counts[audit.Critical])
	case fieldHigh:
		return float64(s.counts[audit.High])
	case fieldMedium:
		return float64(s.counts[audit.Medium])
	case fieldSeen:
		return s.coverage
	}
	return math.NaN()
}
