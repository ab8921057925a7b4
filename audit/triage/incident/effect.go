package incident

import (
	"cmp"
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// attach explains effects by what is wrong with what their objects depend on. Of
// several explanations that with the most pods is taken, then the one that stands
// highest on the ladder.
func (c *claims) attach() {
	left := c.unexplained()
	if len(left) == 0 {
		return
	}
	byWorkload, byObject := map[kube.Ref][]*fact{}, map[kube.Ref][]*fact{}
	byRelease := map[triage.Key][]*fact{}
	for _, f := range c.facts {
		if !f.explains(c.now) {
			continue
		}
		byObject[f.Object] = append(byObject[f.Object], f)
		if !c.effect(f) && !f.Workload.IsZero() {
			byWorkload[f.Workload] = append(byWorkload[f.Workload], f)
			for _, key := range f.keys {
				if key.Kind == triage.ByRelease {
					byRelease[key] = append(byRelease[key], f)
				}
			}
		}
	}
	for _, f := range left {
		workloads, services := c.view.behind(f)
		reasons := gather(f, byWorkload, workloads)
		if len(reasons) == 0 {
			reasons = gather(f, byObject, services)
		}
		if len(reasons) == 0 && f.Workload.IsZero() {
			reasons = gather(f, byRelease, f.Keys)
		}
		if reason := weightiest(reasons, f.claimant); reason != nil {
			f.attached = true
			f.parent, f.through = reason, triage.Key{Kind: triage.ByOwner, Name: reason.owner().String()}
		}
	}
}

// unexplained returns the effects that the ladder does not explain.
func (c *claims) unexplained() []*fact {
	var left []*fact
	for _, f := range c.facts {
		if f.parent == nil && f.explains(c.now) && c.effect(f) {
			left = append(left, f)
		}
	}
	return left
}

// effect reports whether a signal follows from the pods that its object depends on.
func (c *claims) effect(f *fact) bool {
	return !f.ofPod() && (c.effects[f.Detector.ID] || f.Detector.Rung == triage.Effects) && !c.ownCauses[f.Detector.ID+" "+f.Cause]
}

// gather returns what is wrong with some objects, or with what has some keys, but for
// the effect itself.
func gather[K comparable](effect *fact, by map[K][]*fact, keys []K) []*fact {
	var all []*fact
	for _, key := range keys {
		for _, f := range by[key] {
			if f != effect && (f.counts() || f.Identity() == effect.claimant) {
				all = append(all, f)
			}
		}
	}
	return all
}

// weightiest returns the one of some reasons to which an effect belongs, nil for
// none: one of those that most pods have for their root.
func weightiest(reasons []*fact, before triage.Identity) *fact {
	pods, best := map[*fact]int{}, map[*fact]*fact{}
	for _, f := range reasons {
		top := f.origin()
		if f.ofPod() {
			pods[top]++
		}
		if best[top] == nil || f.Identity() == before || best[top].Identity() != before && compareFacts(f, best[top]) < 0 {
			best[top] = f
		}
	}
	var tops []*fact
	for top := range best {
		tops = append(tops, top)
	}
	if len(tops) == 0 {
		return nil
	}
	return best[slices.MinFunc(tops, func(a, b *fact) int {
		return cmp.Or(cmp.Compare(pods[b], pods[a]), compareFacts(a, b))
	})]
}

// origin is top for facts that may still explain each other in a circle.
func (f *fact) origin() *fact {
	for range 16 {
		if f.parent == nil {
			return f
		}
		f = f.parent
	}
	return f
}
