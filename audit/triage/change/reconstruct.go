package change

import (
	"time"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Reconstruct returns what the objects of one view tell of the time since then, the
// newest first. It is as good as what they remember, and what could be read of them
// ([kube.Cluster.Blind]): no change told is no proof that there was none. A view of
// manifests has no past, and gives nil.
func Reconstruct(c *kube.Cluster, since time.Time) []Change {
	return settle(reconstructed(c, since))
}

func reconstructed(c *kube.Cluster, since time.Time) []Change {
	if c.Info.Offline {
		return nil
	}
	var all []Change
	for _, t := range tellers() {
		for _, s := range t.memory.Of(c).spaces {
			for _, told := range s.told {
				if told.Time.IsZero() || told.Time.Before(since) {
					break // they are in order
				}
				if ch, holds := told.whole(c); holds && !ch.Time.Before(since) {
					all = append(all, ch)
				}
			}
		}
	}
	return all
}

// whole returns the change with all there is to say, false if it is none after all.
func (t *told) whole(c *kube.Cluster) (Change, bool) {
	ch := t.Change
	if t.complete != nil && !t.complete(c, &ch) {
		return ch, false
	}
	if t.object != nil && ch.Releases == nil {
		ch.Releases = ReleasesOf(t.object)
	}
	return ch, true
}
