package feed

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit"
)

// meter measures what each rule takes.
type meter struct {
	mu    sync.Mutex
	rules map[string]RuleTiming
}

func newMeter() *meter { return &meter{rules: map[string]RuleTiming{}} }

// Stopwatch returns what measures on one goroutine.
func (m *meter) Stopwatch() audit.Stopwatch { return &stopwatch{meter: m} }

type stopwatch struct {
	meter *meter
	began time.Time
}

// Begin takes the time at which a rule begins.
func (w *stopwatch) Begin() { w.began = time.Now() }

// End adds what the rule took since then.
func (w *stopwatch) End(r *audit.Rule, subjects int) {
	took := time.Since(w.began)
	w.meter.mu.Lock()
	defer w.meter.mu.Unlock()
	t := w.meter.rules[r.ID]
	t.Rule, t.Duration, t.Subjects = r.ID, t.Duration+took, t.Subjects+subjects
	w.meter.rules[r.ID] = t
}

// timings returns what each rule took so far, the dearest first.
func (m *meter) timings() []RuleTiming {
	m.mu.Lock()
	defer m.mu.Unlock()
	list := make([]RuleTiming, 0, len(m.rules))
	for _, t := range m.rules {
		list = append(list, t)
	}
	slices.SortFunc(list, func(a, b RuleTiming) int {
		return cmp.Or(cmp.Compare(b.Duration, a.Duration), cmp.Compare(a.Rule, b.Rule))
	})
	return list
}
