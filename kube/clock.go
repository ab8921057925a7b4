package kube

import "time"

// Clock says how the clock of an API server, by which all times of its objects are, goes
// beside that of this computer. The zero Clock is that of a view in which time stands
// still: manifests, a recording.
type Clock struct {
	// Ticks is set in a view of a live cluster: time goes on there after the view.
	Ticks bool
	// Offset is how much later it is there than here, negative where it is earlier. It
	// is 0 where they are less than a second apart, or where that is not known.
	Offset time.Duration
}

// Now returns what time it is in the cluster when it is local here. A view comes when
// something changed, and in a cluster in which nothing happens that may be never: who
// tells how long something has lasted asks this at a time of their own, and rules, which
// have no clock, use [Cluster.Time]. It is never before the time of the view, and is just
// that where time stands still.
func (c *Cluster) Now(local time.Time) time.Time {
	if now := local.Add(c.Clock.Offset); c.Clock.Ticks && now.After(c.Time) {
		return now
	}
	return c.Time
}

// SetClock says how the clock of the server goes, for the views to come.
func (b *Builder) SetClock(clock Clock) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.clock = clock
}
