package fixplan

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fix/plan"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
)

// most is how many findings are planned at once, the worst of them: a plan of more is
// nothing that a person reads.
const most = 1000

// rest is how many times as long as a plan took the next one waits.
const rest = 9

// made is what was planned. It never changes.
type made struct {
	of       *score.Assessment
	wish     wish
	plan     *plan.Plan // nil on an error, or where there is nothing to plan
	way      *plan.Way  // nil without a score to reach
	err      error
	home     string // the namespace of all that was planned, "" for several
	chosen   int    // findings that were planned, and have a fix
	fixable  int    // that could have been
	manual   int    // findings that have no fix
	found    int    // findings that are not accepted
	gone     int    // marks of what is not there any more, or is accepted
	rows     []row
	results  []string // what becomes of the scores, in sentences
	changes  []string // and what is changed and left
	warnings []string
	marks    int           // their changes, when it was made
	restedBy time.Duration // before the next one
}

// judging is what judges the views of plans: one after the other, so that each is judged
// by what changed.
type judging struct {
	make  func() screen.Judge
	guard sync.Mutex
	judge screen.Judge // nil before the first
}

// as returns a judge that ends with a context.
func (j *judging) as(ctx context.Context) screen.Judge {
	return func(c *kube.Cluster) (*score.Assessment, error) {
		j.guard.Lock()
		defer j.guard.Unlock()
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if j.judge == nil {
			j.judge = j.make()
		}
		return j.judge(c)
	}
}

// prepare returns the job that plans what is wished now.
func (s *Screen) prepare() screen.Job {
	if s.refused != nil {
		return nil
	}
	a, w, keys, marks := s.shown, s.wish, s.marks.Keys(), s.seen
	arrow, wait := s.frame.Styles.Glyphs.Arrow, time.Duration(0)
	if s.current() {
		if s.made.of == a {
			return nil
		}
		wait = s.made.restedBy
	}
	return func(ctx context.Context) func() {
		if !screen.Pause(ctx, wait) {
			return nil
		}
		began := time.Now()
		m := w.make(ctx, a, keys, s.judging.as(ctx), arrow)
		if ctx.Err() != nil {
			return nil
		}
		m.marks = marks
		m.restedBy = max(time.Second, rest*time.Since(began))
		return func() { s.take(m) }
	}
}

// take shows a plan.
func (s *Screen) take(m *made) {
	s.made = m
	s.server.count(m)
	s.list()
	s.look()
}

// several reports whether the rows are of more than one namespace.
func (m *made) several() bool { return m.home == "" }

// make plans.
func (w wish) make(ctx context.Context, a *score.Assessment, keys map[string]bool, judge screen.Judge, arrow string) *made {
	m := &made{of: a, wish: w}
	choose := m.choose(w.among(a, keys))
	if w.marked {
		m.gone = len(keys) - m.found
	} else {
		m.home = w.namespace
	}
	o := plan.Options{
		Judge:  judge,
		Choose: func(f *score.Finding) bool { return ctx.Err() == nil && choose(f) },
	}
	switch {
	case w.held:
		o.Hold = func(*score.Finding, audit.Fix) string { return "" }
	case w.marked || w.namespace != "": // what the cluster itself runs on was asked for
		o.Hold = func(_ *score.Finding, f audit.Fix) string { return plan.Drastic(f) }
	}
	switch {
	case w.target > 0:
		m.way, m.err = plan.Fastest(a, plan.Goal{Namespace: m.home, Score: w.target, Sparing: w.sparing}, o)
		if m.err == nil {
			m.plan = m.way.Plan
		}
	case m.fixable+m.manual > 0:
		m.plan, m.err = plan.Make(a, o)
	}
	if m.err == nil && ctx.Err() == nil {
		m.fill()
		m.describe(arrow)
	}
	return m
}

// among returns the findings that are wished to be fixed.
func (w wish) among(a *score.Assessment, keys map[string]bool) []*score.Finding {
	if w.marked {
		return screen.FindFindings(a, keys)
	}
	var all []*score.Finding
	for _, n := range a.Namespaces {
		if w.namespace == "" || w.namespace == n.Name {
			all = append(all, n.Findings...)
		}
	}
	return all
}

// choose returns what is planned: what is marked or, of a namespace or the cluster, all
// but what is beyond the worst of those that have a fix. What comes up when something is
// fixed, and was implied before, is among it.
func (m *made) choose(all []*score.Finding) func(*score.Finding) bool {
	var fixable []*score.Finding
	homes, known := map[string]bool{}, map[string]bool{}
	for _, f := range all {
		switch {
		case f.Accepted != nil:
			continue
		case f.Fixable:
			fixable = append(fixable, f)
		case f.Implied == "":
			m.manual++
		}
		m.found++
		homes[f.Home().Name] = true
		if m.wish.marked {
			known[f.Statement()] = true
		}
	}
	if len(homes) == 1 && m.wish.marked {
		for name := range homes {
			m.home = name
		}
	}
	slices.SortStableFunc(fixable, screen.CompareFindings)
	m.fixable, m.chosen = len(fixable), min(len(fixable), m.limit())
	beyond := map[string]bool{}
	for _, f := range fixable[m.chosen:] {
		beyond[f.Statement()] = true
	}
	return func(f *score.Finding) bool {
		key := f.Statement()
		if m.wish.marked {
			return known[key] && !beyond[key]
		}
		return (m.wish.namespace == "" || m.wish.namespace == f.Home().Name) && !beyond[key]
	}
}

// limit is how many findings are planned. A way is bounded by its steps.
func (m *made) limit() int {
	if m.wish.target > 0 {
		return 1 << 30
	}
	return most
}
