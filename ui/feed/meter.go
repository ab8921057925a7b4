package feed

import (
	"cmp"
	"slices"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit"
)

// meter measures what each rule takes, for the one goroutine that judges.
type meter struct {
	began time.Time
	rules map[string]RuleTiming
}

func newMeter() *meter { return &meter{rules: map[string]RuleTiming{}} }

// Begin takes the time at which a rule begins.
func (m *meter) Begin() { m.began = time.Now() }

// End adds what the rule took since then.
func (m *meter) End(r *audit.Rule, subjects int) {
	t := m.rules[r.ID]
	t.Rule, t.Duration, t.Subjects = r.ID, t.Duration+time.Since(m.began), t.Subjects+subjects
	m.rules[r.ID] = t
}

// timings returns what each rule took so far, the dearest first.
func (m *meter) timings() []RuleTiming {
	list := make([]RuleTiming, 0, len(m.rules))
	for _, t := range m.rules {
		list = append(list, t)
	}
	slices.SortFunc(list, func(a, b RuleTiming) int {
		return cmp.Or(cmp.Compare(b.Duration, a.Duration), cmp.Compare(a.Rule, b.Rule))
	})
	return list
}
