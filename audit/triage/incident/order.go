package incident

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// calm is for how long incidents keep their places: who reads a list must not have it
// move under the eyes.
const calm = 5 * time.Second

// order keeps the places of incidents.
type order struct {
	places map[string]int // by ID, of those that were told
	sorted time.Time      // when the places were last given
	stale  bool           // some would have another place
}

// sort puts incidents into their order. Those that were told keep their places among
// each other for a while; a new one goes where it belongs at once.
func (o *order) sort(incidents []*Incident, reaches map[*Incident][4]int, now time.Time) {
	slices.SortFunc(incidents, func(a, b *Incident) int { return compareIncidents(a, b, reaches[a], reaches[b]) })
	fresh := o.places == nil || now.Sub(o.sorted) >= calm
	if !fresh {
		held := o.hold(incidents)
		o.stale = !slices.Equal(held, incidents)
		copy(incidents, held)
	} else if !o.same(incidents) || o.stale {
		o.sorted, o.stale = now, false
	}
	o.places = make(map[string]int, len(incidents))
	for place, i := range incidents {
		o.places[i.ID] = place
	}
}

// same reports whether those that were told are in the order in which they were.
func (o *order) same(incidents []*Incident) bool {
	last := -1
	for _, i := range incidents {
		if place, known := o.places[i.ID]; known {
			if place < last {
				return false
			}
			last = place
		}
	}
	return true
}

// hold returns the incidents, which are in order, with those that are not over and
// were told before in the order in which they were.
func (o *order) hold(incidents []*Incident) []*Incident {
	var known []*Incident
	at := make([]int, 0, len(incidents)) // places of known ones
	for n, i := range incidents {
		if _, told := o.places[i.ID]; told && i.State != Resolved {
			known, at = append(known, i), append(at, n)
		}
	}
	slices.SortStableFunc(known, func(a, b *Incident) int { return cmp.Compare(o.places[a.ID], o.places[b.ID]) })
	held := slices.Clone(incidents)
	for n, i := range known {
		held[at[n]] = i
	}
	return held
}

// next is when the places may change, zero if all are as they should be.
func (o *order) next() time.Time {
	if !o.stale {
		return time.Time{}
	}
	return o.sorted.Add(calm)
}

// compareIncidents orders what is not over before what is; of the former the worst
// first, then what hits more, then the newest, then what is shared; of the latter
// what ended last. What they hit is told by reach.
func compareIncidents(a, b *Incident, x, y [4]int) int {
	over := compareBool(a.State == Resolved, b.State == Resolved)
	if over == 0 && a.State == Resolved {
		return cmp.Or(b.Ended.Compare(a.Ended), strings.Compare(a.ID, b.ID))
	}
	return cmp.Or(
		over,
		cmp.Compare(a.Severity, b.Severity),
		slices.Compare(y[:], x[:]),
		b.Since.Compare(a.Since),
		compareBool(a.Shared == "", b.Shared == ""),
		strings.Compare(a.ID, b.ID),
	)
}

// reach counts what an incident hits by its signals: routes, Services and workloads; the
// last is for its pods. A Service that is a member of two counts for one.
func (c *cast) reach(members []kube.Ref, facts []*fact) [4]int {
	objects, sweep := map[kube.Ref]bool{}, c.v.begin()
	for _, f := range facts {
		if f.Object.Kind == kube.Services.Kind {
			objects[f.Object] = true
		}
		if !f.Workload.IsZero() {
			f.of.first(sweep)
		}
	}
	counts := [4]int{}
	for _, ref := range members {
		switch ref.Kind {
		case kube.Ingresses.Kind, kube.Gateways.Kind, kube.HTTPRoutes.Kind, kube.GRPCRoutes.Kind:
			counts[0]++
		case kube.Services.Kind:
			if objects[ref] {
				counts[1]++
			}
		default:
			if o := c.v.byRef[ref]; o != nil && o.marked == sweep {
				counts[2]++
			}
		}
	}
	return counts
}
