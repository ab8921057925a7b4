package change

import (
	"cmp"
	"slices"
	"time"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// together is how far apart two records of the same change are at the most: a client
// writes, a controller follows, an event is recorded.
const together = 2 * time.Minute

// same names what two records of one change have in common.
type same struct {
	object kube.Ref
	kind   Kind
	action Action
	aspect string
}

func sameOf(ch *Change) same {
	kind := ch.Kind
	if kind == Restart {
		kind = Rollout // one cannot be told from the other before both templates are held
	}
	return same{ch.Object, kind, ch.Action, ch.Aspect}
}

// settle joins what is told twice, and leaves out what follows from another change:
// that somebody wrote a Deployment where its rollout is told. It returns the rest, the
// newest first, in the memory of the list.
func settle(all []Change) []Change {
	if len(all) == 0 {
		return nil
	}
	sortChanges(all)
	near := nearby(all)
	gone := make([]bool, len(all))
	for i := range all {
		for _, j := range near[all[i].Object] {
			if i == j || gone[i] || gone[j] || all[i].Time.Sub(all[j].Time).Abs() > together {
				continue
			}
			gone[i] = follows(&all[i], &all[j])
			if i < j && !gone[i] && twice(&all[i], &all[j]) {
				all[i], gone[j] = joined(all[i], all[j]), true
			}
		}
	}
	kept := all[:0]
	for i := range all {
		if !gone[i] {
			kept = append(kept, all[i])
		}
	}
	sortChanges(kept)
	return slices.Clip(kept)
}

// nearby returns the places of the changes of each object, with those of what scales it.
func nearby(all []Change) map[kube.Ref][]int {
	places := map[kube.Ref][]int{}
	for i := range all {
		places[all[i].Object] = append(places[all[i].Object], i)
		if all[i].Kind == Autoscale && all[i].Aspect == "replicas" {
			places[all[i].Owner] = append(places[all[i].Owner], i)
		}
	}
	return places
}

// follows reports whether a change is no more than part of another one, at about the
// same time: the steps of a controller, or a write of which all else is told.
func follows(part, of *Change) bool {
	if part.Kind == Scale {
		return of.Kind == Autoscale && of.Owner == part.Object || part.step() && of.rolls() && of.Object == part.Object
	}
	if !part.written() || of.Object != part.Object {
		return false
	}
	switch part.Kind {
	case Workload:
		return of.rolls() || of.Kind == Scale || of.Action != Changed
	case Node:
		return of.Kind == Node && of.Aspect != "" && of.By == part.By
	default:
		return false
	}
}

// written reports whether all that is known is that somebody wrote the object.
func (ch *Change) written() bool {
	return ch.Action == Changed && ch.Aspect == "" && len(ch.Differences) == 0
}

func (ch *Change) rolls() bool { return ch.Kind == Rollout || ch.Kind == Restart }

// step reports whether a scaling is known by a controller's event alone.
func (ch *Change) step() bool { return ch.By == "" && ch.Certainty != Live }

// twice reports whether two records are of one change: it was seen and is remembered
// as well, or an event has it beside an object. Several people may write a ConfigMap
// within a minute.
func twice(a, b *Change) bool {
	if sameOf(a) != sameOf(b) || a.Revision != "" && b.Revision != "" && a.Revision != b.Revision {
		return false
	}
	if (a.Certainty == Live) != (b.Certainty == Live) {
		return true
	}
	recorded := a.Kind == Scale || a.Kind == Autoscale || a.Kind == Node
	return recorded && a.Certainty != Live && (a.Aspect != "" || a.Action != Changed)
}

// better reports whether one record of a change says more than another.
func better(a, b *Change) bool {
	return cmp.Or(cmp.Compare(a.Certainty, b.Certainty), cmp.Compare(len(b.Differences), len(a.Differences)), cmp.Compare(len(b.Title), len(a.Title))) < 0
}

// joined returns one change of two records of it: the surer one, with what only the
// other one tells.
func joined(a, b Change) Change {
	if better(&b, &a) {
		a, b = b, a
	}
	if b.Certainty == a.Certainty && b.Time.Before(a.Time) {
		a.Time = b.Time // a record follows what it records
	}
	fill := func(to *string, with string) {
		if *to == "" {
			*to = with
		}
	}
	revised := a.Revision == "" && b.Revision != ""
	fill(&a.By, b.By)
	fill(&a.Revision, b.Revision)
	fill(&a.From, b.From)
	fill(&a.Cause, b.Cause)
	if !a.Compared && b.Compared {
		a.Differences, a.Compared, a.Kind, a.Title = b.Differences, true, b.Kind, b.Title
	} else if revised && (a.Kind == Rollout || a.Kind == Restart) && b.From != "" {
		a.Title = titleOf(a.Kind, b.From+" → "+b.Revision, a.Differences)
	}
	if a.Owner.IsZero() {
		a.Owner = b.Owner
	}
	a.Founding = a.Founding || b.Founding
	if a.Releases == nil {
		a.Releases = b.Releases
	}
	return a
}
