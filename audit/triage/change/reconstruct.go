package change

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	appsv1 "k8s.io/api/apps/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Reconstruct returns what the objects of one view tell of the time since then, the
// newest first. It is as good as what they remember, and what could be read of them
// ([kube.Cluster.Blind]): no change told is no proof that there was none. Manifests that
// were taken from a cluster remember what it did; those that somebody wrote have no
// past.
func Reconstruct(c *kube.Cluster, since time.Time) []Change {
	return settle(reconstructed(c, since))
}

func reconstructed(c *kube.Cluster, since time.Time) []Change {
	all := slices.DeleteFunc(ofServer(c), func(ch Change) bool { return ch.Time.Before(since) })
	for _, t := range tellers() {
		for _, s := range t.memory.Of(c).spaces {
			if s.told[0].latest().Before(since) {
				break // they are in order
			}
			for _, told := range s.told {
				if at := told.latest(); at.IsZero() || at.Before(since) {
					break
				}
				if ch, holds := told.whole(c); holds && !ch.Time.IsZero() && !ch.Time.Before(since) {
					all = append(all, ch)
				}
			}
		}
	}
	return all
}

// Sources returns what changes are read from, in the order of their names: who shows
// that nothing changed names those of them that could not be read.
func Sources() []kube.Resource {
	all := map[kube.Resource]bool{}
	for _, t := range tellers() {
		for _, s := range t.sources {
			all[s.resource] = true
		}
	}
	return slices.SortedFunc(maps.Keys(all), func(a, b kube.Resource) int { return strings.Compare(a.String(), b.String()) })
}

// RevisionOf returns the number of the revision that a pod is of, as in
// [Change.Revision]; "" if its workload has none, or it is not held any more.
func RevisionOf(c *kube.Cluster, p *kube.Pod) string {
	if set, held := c.ReplicaSets.Get(p.Namespace, p.Owner.Name); held && p.Owner.Kind == kube.ReplicaSets.Kind {
		return cmp.Or(set.Annotations[revisionOf], set.Annotations[argoRevision])
	}
	label := p.Labels[appsv1.ControllerRevisionHashLabelKey]
	for _, name := range [...]string{label, p.Owner.Name + "-" + label} {
		held, found := c.ControllerRevisions.Get(p.Namespace, name)
		if found && held.Owner == p.Owner && runs(p, name) {
			return strconv.FormatInt(held.Revision, 10)
		}
	}
	return ""
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
