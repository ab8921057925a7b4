package incident

import (
	"slices"
	"time"
)

// minutes counts how many pods showed an incident, a minute at a time.
type minutes struct {
	last   time.Time // the minute of the newest count
	counts []int     // up to an hour of them
	now    int       // the newest count
}

// hour is how many minutes are kept.
const hour = 60

// see notes a count. A minute in which it changed has the highest, and those in which
// nobody looked are as the one before.
func (m *minutes) see(now time.Time, pods int) {
	minute := now.Truncate(time.Minute)
	if m.counts == nil {
		m.last, m.counts, m.now = minute, []int{pods}, pods
		return
	}
	m.pass(minute)
	newest := len(m.counts) - 1
	m.counts[newest], m.now = max(m.counts[newest], pods), pods
}

// pass adds the minutes that have gone by since the newest, in which all stayed as it
// was at its end.
func (m *minutes) pass(minute time.Time) {
	for n := 0; m.last.Before(minute) && n < hour; n++ {
		m.counts = append(m.counts, m.now)
		m.last = m.last.Add(time.Minute)
	}
	m.last = latest(m.last, minute)
	if len(m.counts) > hour {
		m.counts = slices.Clone(m.counts[len(m.counts)-hour:])
	}
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// join adds the counts of another incident that turned out to be the same.
func (m *minutes) join(other *minutes) {
	minute := latest(m.last, other.last)
	m.pass(minute)
	other.pass(minute)
	longer, shorter := m.counts, other.counts
	if len(longer) < len(shorter) {
		longer, shorter = shorter, longer
	}
	sum := slices.Clone(longer)
	for i, count := range shorter {
		sum[len(sum)-len(shorter)+i] += count
	}
	m.last, m.counts, m.now = minute, sum, m.now+other.now
}
