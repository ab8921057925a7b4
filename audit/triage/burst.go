package triage

import (
	"slices"
	"time"
)

// Burst finds the newest time over which a number of moments lay within a window:
// since is when there were enough of them, until is when there no longer are. It
// is false if there never were. That is how a detector, which knows no clock, says
// "three times within an hour".
func Burst(moments []time.Time, number int, window time.Duration) (since, until time.Time, found bool) {
	sorted := slices.SortedFunc(slices.Values(moments), time.Time.Compare)
	for last := len(sorted) - 1; last >= number-1; last-- {
		first := sorted[last-number+1]
		if sorted[last].Sub(first) >= window {
			if found {
				break
			}
			continue
		}
		if !found {
			until, found = first.Add(window), true
		} else if first.Add(window).Before(since) {
			break // there was a time between in which they were too few
		}
		since = sorted[last]
	}
	return since, until, found
}
