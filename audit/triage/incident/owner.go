package incident

import (
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// owner is what signals are about in the end: a workload, or an object that has none. It
// is kept for as long as one of its signals is known, with what was worked out about it:
// signals point to it, so that nothing is looked up by its name.
type owner struct {
	ref   kube.Ref
	facts int // that are known
	place int // among all of them, by ref

	home      *seen // its namespace
	impact    dated[impact]
	revisions map[string]dated[int] // how many pods are of one

	roots  []*fact // that nothing explains, in the Update listed
	listed int
	units  []*unit // made of those that were the roots in the Update made
	of     []*fact
	made   int

	marked int // the sweep that last came by
}

// impact is what is left of an owner, if it is a workload that the view holds.
type impact struct {
	triage.Impact
	of *kube.Workload // nil if it is none
}

// owners are all of them.
type owners struct {
	byRef  map[kube.Ref]*owner
	sorted []*owner // by ref, unless untidy
	untidy bool
	sweep  int
}

func newOwners() *owners { return &owners{byRef: map[kube.Ref]*owner{}} }

// own tells a fact its owner.
func (w *weighing) own(f *fact) {
	ref := f.owner()
	if f.of != nil && f.of.ref == ref {
		return
	}
	w.leave(f)
	o := w.byRef[ref]
	if o == nil {
		o = &owner{ref: ref, home: w.space(ref.Namespace)}
		w.byRef[ref] = o
		w.sorted, w.untidy = append(w.sorted, o), true
	}
	o.facts++
	f.of = o
}

// leave takes a fact from its owner.
func (s *owners) leave(f *fact) {
	if f.of == nil {
		return
	}
	f.of.facts--
	if f.of.facts == 0 {
		delete(s.byRef, f.of.ref)
		s.untidy = true
	}
	f.of = nil
}

// all returns the owners in their order.
func (s *owners) all() []*owner {
	if !s.untidy {
		return s.sorted
	}
	s.sorted = slices.DeleteFunc(s.sorted, func(o *owner) bool { return o.facts == 0 })
	slices.SortFunc(s.sorted, func(a, b *owner) int { return kube.CompareRefs(a.ref, b.ref) })
	for place, o := range s.sorted {
		o.place = place
	}
	s.untidy = false
	return s.sorted
}

// first reports whether an owner was not yet come by in a sweep, and notes that.
func (o *owner) first(sweep int) bool {
	if o.marked == sweep {
		return false
	}
	o.marked = sweep
	return true
}

// begin begins to go through some owners.
func (s *owners) begin() int {
	s.sweep++
	return s.sweep
}
