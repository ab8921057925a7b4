package ui

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/screen/coverage"
	"github.com/seaworthy-dev/seaworthy/ui/screen/diagnostics"
	"github.com/seaworthy-dev/seaworthy/ui/screen/help"
	"github.com/seaworthy-dev/seaworthy/ui/screen/overview"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// firstRead is what the root knows of the first read of the cluster.
type firstRead struct {
	began time.Time // the time of the first view
	hasty bool      // the user looks at what is there before it is over
	over  bool      // what carries the scores was read once
}

// carrying are the kinds without which scores mean little, the most important first.
func carrying() []kube.Resource {
	return []kube.Resource{
		kube.Pods, kube.Nodes, kube.Namespaces, kube.Deployments, kube.StatefulSets, kube.DaemonSets,
		kube.ReplicaSets, kube.Jobs, kube.CronJobs,
	}
}

// follow takes in how far the first read is.
func (r *firstRead) follow(news, judged *kube.Cluster) {
	if r.began.IsZero() && news != nil {
		r.began = news.Time
	}
	r.over = r.over || judged != nil && !slices.ContainsFunc(judged.States(), func(s kube.State) bool {
		return !s.Settled() && slices.Contains(carrying(), s.Resource)
	})
}

// kind is how far the reading of a kind is, in all namespaces together.
type kind struct {
	resource     kube.Resource
	phase        kube.Phase // the least settled of its states
	count, total int
	reason       string
}

// progress is how far the reading of all kinds is.
type progress struct {
	kinds                 []kind // the most important first
	done, count, expected int
}

// progressOf sums up the states of a view.
func progressOf(c *kube.Cluster) progress {
	var p progress
	for _, s := range c.States() {
		if s.Moot() {
			continue
		}
		if n := len(p.kinds); n == 0 || p.kinds[n-1].resource != s.Resource {
			p.kinds = append(p.kinds, kind{resource: s.Resource, phase: s.Phase})
		}
		k := &p.kinds[len(p.kinds)-1]
		if !s.Settled() && (k.phase == kube.Waiting || k.phase != kube.Syncing) {
			k.phase = s.Phase
		}
		k.count += s.Count
		k.total += max(s.Total, s.Count)
		k.reason = cmp.Or(k.reason, s.Reason)
	}
	for _, k := range p.kinds {
		p.count, p.expected = p.count+k.count, p.expected+k.total
		if k.settled() {
			p.done++
		}
	}
	rank := func(k kind) int {
		if i := slices.Index(carrying(), k.resource); i >= 0 {
			return i
		}
		return len(carrying())
	}
	slices.SortStableFunc(p.kinds, func(a, b kind) int { return cmp.Compare(rank(a), rank(b)) })
	return p
}

// name is what the kind is called in a list of many: figures of pods are not pods.
func (k kind) name() string {
	if k.resource == kube.PodMetrics || k.resource == kube.NodeMetrics {
		return strings.ToLower(k.resource.Kind)
	}
	return k.resource.Plural
}

// settled reports whether nothing more is to be expected.
func (k kind) settled() bool { return kube.State{Phase: k.phase}.Settled() }

// share is how much is read, 0 to 1: of the objects that the server announced, as far
// as it has, and of the kinds.
func (p progress) share() float64 {
	if len(p.kinds) == 0 {
		return 0
	}
	kinds := float64(p.done) / float64(len(p.kinds))
	if p.expected == 0 {
		return kinds
	}
	return (kinds + float64(p.count)/float64(p.expected)) / 2
}

// reading takes the place of a screen while there is nothing to show on it, and that
// of the first screen until what carries the scores is read: then it comes once, and
// whole. It is nil elsewhere; what tells of the reading itself and of the program can
// be seen at any time.
func (m *Model) reading() []string {
	some := len(m.news.Assessment.Namespaces) > 0
	if m.news.Cluster.Settled() && m.news.Assessment.Cluster.Settled() || some && m.news.Ended {
		return nil // nothing more comes, as of a recording that was cut off
	}
	switch m.top().(type) {
	case *coverage.Screen, *diagnostics.Screen, *help.Screen:
		return nil
	case screen.Responding:
		return nil // it says itself what is still to come
	case *overview.Screen:
		if m.read.hasty && some || m.read.over {
			return nil
		}
	default:
		if some || m.news.Cluster.Settled() {
			return nil
		}
	}
	box := widget.Box{Padding: 2}
	w, h := box.Inner(m.width, m.height-m.chrome())
	return m.boxed("Reading the cluster", m.readingLines(w, h), m.height-m.chrome())
}

// lookAnyway shows what is there before all of it is.
func (m *Model) lookAnyway(id keymap.ID) {
	if id == keymap.Open && len(m.news.Assessment.Namespaces) > 0 {
		m.read.hasty = true
		m.refresh()
	}
}

func (m *Model) readingLines(width, height int) []string {
	st, p := m.styles, progressOf(m.news.Cluster)
	head := fmt.Sprintf("%d of %d kinds   %s objects", p.done, len(p.kinds), thousands(p.count))
	if took := m.news.Cluster.Time.Sub(m.read.began); took > 0 {
		head += fmt.Sprintf("   %.1f s", took.Seconds())
	}
	verdict := ""
	if a := m.news.Assessment; a.Scored {
		verdict = st.Muted.Render(fmt.Sprintf("so far %.1f, %.0f %% evaluated", a.Score, a.Coverage))
	}
	share := p.share()
	percent := fmt.Sprintf("%5.0f %%", 100*share)
	lines := []string{
		between(st.Text.Render(head), verdict, width),
		widget.Gauge{Value: share, Style: st.Accent}.Render(st, max(1, width-len(percent))) + st.Text.Render(percent),
		"",
	}
	if p.done == 0 && p.count == 0 && !slices.ContainsFunc(p.kinds, func(k kind) bool { return k.phase == kube.Syncing }) {
		return append(lines, st.Muted.Render("asking the server what there is"))
	}
	var last []string
	if len(m.news.Assessment.Namespaces) > 0 {
		last = []string{"", st.Key.Render("enter") + st.Muted.Render(" shows what is read so far")}
	}
	return append(append(lines, m.kindLines(p, width, height-len(lines)-len(last))...), last...)
}

// kindLines are a line for each kind that is being read or could not be, then those
// that are done as far as they find lines, and in a line each the others.
func (m *Model) kindLines(p progress, width, height int) []string {
	st := m.styles
	var lines []string
	var done, waiting []string
	for _, k := range p.kinds {
		switch k.phase {
		case kube.Waiting:
			waiting = append(waiting, k.name())
		case kube.Synced, kube.Stale, kube.Absent, kube.Skipped:
			if k.count > 0 {
				done = append(done, k.name()+" "+thousands(k.count))
			} else {
				done = append(done, k.name())
			}
		default:
			lines = append(lines, m.kindLine(k, width))
		}
	}
	lines = lines[:min(len(lines), max(height-4, 0))]
	if len(lines) > 0 {
		lines = append(lines, "")
	}
	list := func(mark, what string, names []string, most int) {
		if len(names) == 0 {
			return
		}
		text := fmt.Sprintf("%s %d %s: %s", mark, len(names), what, strings.Join(names, ", "))
		wrapped := style.Wrap(text, width)
		for i, line := range wrapped[:min(len(wrapped), max(most, 1))] {
			if i == most-1 && len(wrapped) > most {
				line = style.Truncate(line, width-1, "") + st.Glyphs.Ellipsis
			}
			lines = append(lines, st.Muted.Render(line))
		}
	}
	spare := height - len(lines)
	list(st.Glyphs.Tick, "read", done, max(1, (spare+1)/2))
	list(st.Glyphs.Still, "to come", waiting, max(1, min(2, height-len(lines))))
	return lines[:min(len(lines), max(height, 0))]
}

// How wide the parts of a line of a kind are, in cells.
const (
	kindName  = 26
	kindCount = 26
	kindShare = 6
	kindGauge = 60 // at most

	gaugeLeast = 4
)

func (m *Model) kindLine(k kind, width int) string {
	st := m.styles
	gauge := min(kindGauge, width-kindName-1-kindCount-kindShare)
	room := kindName
	if gauge < gaugeLeast {
		room = max(1, width-1-kindCount-kindShare)
	}
	name := st.Text.Render(style.Fit(k.resource.String(), room, style.Left, st.Glyphs.Ellipsis)) + " "
	if k.settled() { // and not read
		return name + st.Warn.Render(st.Glyphs.Severity[style.Critical]+" "+k.phase.String()) + st.Muted.Render("  "+k.reason)
	}
	count, percent, share := thousands(k.count), "", math.NaN()
	if k.total > k.count {
		share = float64(k.count) / float64(k.total)
		count += " of about " + thousands(k.total)
		percent = fmt.Sprintf("%.0f %%", math.Floor(100*share))
	}
	if gauge < gaugeLeast {
		return name + st.Text.Render(style.PadLeft(count, kindCount)+style.PadLeft(percent, kindShare))
	}
	return name + widget.Gauge{Value: share, Style: st.Accent}.Render(st, gauge) +
		st.Text.Render(style.PadLeft(count, kindCount)+style.PadLeft(percent, kindShare))
}

// between puts two texts at the ends of a line of a width; the left one alone where
// there is no room for both.
func between(left, right string, width int) string {
	room := width - style.Width(left) - style.Width(right)
	if room < 2 {
		return left
	}
	return left + style.Blanks(room) + right
}
