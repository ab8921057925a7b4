package feed

import (
	"runtime/metrics"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage/briefing"
)

// Statistics are what a feed has done so far, and what the program takes.
type Statistics struct {
	Time        time.Time // when they were asked for
	Views       uint64    // received from the source; most may have been overtaken
	Assessments uint64    // made of them
	// Last and Longest are how long judging took, 0 before the first.
	Last, Longest time.Duration
	// Lag is the time from when the newest assessment's view was received to
	// when the assessment was there: how far the screen is behind.
	Lag time.Duration
	// Triage is what working out what is broken took.
	Triage TriageTiming

	Heap       uint64 // bytes of objects, with those not yet collected
	Memory     uint64 // bytes that the runtime has from the system
	Goroutines int
	// Rules are what each rule took in all, the dearest first; empty if that
	// is not measured.
	Rules []RuleTiming
}

// TriageTiming is what working out what is broken took.
type TriageTiming struct {
	Last, Longest time.Duration // 0 before the first time
	Signals       int           // that are known, whatever became of them
}

// RuleTiming is what one rule took.
type RuleTiming struct {
	Rule     string // its ID
	Duration time.Duration
	Subjects int // judged, each as often as it was judged
}

// Statistics returns what was done so far. It may be called by any goroutine, and
// costs nothing unless it is.
func (f *Feed) Statistics() Statistics {
	f.guard.Lock()
	s := f.statistics
	f.guard.Unlock()
	s.Time, s.Views = time.Now(), f.views.Load()
	samples := []metrics.Sample{
		{Name: "/memory/classes/heap/objects:bytes"},
		{Name: "/memory/classes/total:bytes"},
		{Name: "/memory/classes/heap/released:bytes"},
		{Name: "/sched/goroutines:goroutines"},
	}
	metrics.Read(samples)
	s.Heap = samples[0].Value.Uint64()
	s.Memory = samples[1].Value.Uint64() - samples[2].Value.Uint64()
	s.Goroutines = int(samples[3].Value.Uint64()) //nolint:gosec // a count
	return s
}

// recordTriage takes in that it was worked out what is broken.
func (f *Feed) recordTriage(began time.Time, r *briefing.Report) {
	took := time.Since(began)
	f.guard.Lock()
	defer f.guard.Unlock()
	t := &f.statistics.Triage
	t.Last, t.Longest, t.Signals = took, max(t.Longest, took), r.Known
}

// record takes in that a view was judged.
func (f *Feed) record(began, received time.Time) {
	now, timings := time.Now(), f.meter.timings()
	f.guard.Lock()
	defer f.guard.Unlock()
	s := &f.statistics
	s.Assessments++
	s.Last = now.Sub(began)
	s.Longest = max(s.Longest, s.Last)
	s.Lag = now.Sub(received)
	s.Rules = timings
}
