package change

import (
	"slices"
	"sync"
	"time"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// What a Journal holds at the most.
const (
	MostChanges = 5000
	Retention   = 2 * time.Hour
)

// Journal is what was seen happening: it is told of each view and the one before. The
// zero Journal is empty and ready. One goroutine may write while others read.
type Journal struct {
	mu      sync.Mutex
	began   time.Time
	changes []*Change // in the order in which they were seen
}

// Observe adds what changed between two views that follow each other ([Between]), and
// forgets what is too old. Before is nil for the first view, of which nothing can be
// told; a view of another cluster begins anew.
func (j *Journal) Observe(before, after *kube.Cluster) {
	found := Between(before, after)
	anew := before != nil && before.Info.Name != after.Info.Name
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.began.IsZero() || anew {
		j.began, j.changes = after.Time, nil
	}
	for i := range found {
		j.changes = append(j.changes, &found[i])
	}
	oldest := after.Time.Add(-Retention)
	drop := max(0, len(j.changes)-MostChanges)
	for drop < len(j.changes) && j.changes[drop].Time.Before(oldest) {
		drop++
	}
	j.changes = slices.Delete(j.changes, 0, drop)
}

// Began returns since when the Journal sees what happens, zero if it has not been
// told of any view.
func (j *Journal) Began() time.Time {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.began
}

// Seen returns what the Journal holds of the time since then, the newest first.
func (j *Journal) Seen(since time.Time) []Change {
	j.mu.Lock()
	defer j.mu.Unlock()
	var all []Change
	for _, ch := range j.changes {
		if !ch.Time.Before(since) {
			all = append(all, *ch)
		}
	}
	sortChanges(all)
	return all
}

// Since returns all that is known to have changed since then, the newest first: what
// was seen, and what the objects of a view tell of themselves ([Reconstruct]). What
// both tell is there once, as it was seen.
func (j *Journal) Since(c *kube.Cluster, since time.Time) []Change {
	return settle(append(j.Seen(since), reconstructed(c, since)...))
}
