package reach

import (
	"encoding/binary"
	"slices"
)

// Support names what makes an edge hold: a conjunction of requirements, each of
// which is met while at least one of its labels is left.
type Support int32

// Always is the support of an edge that no removal breaks.
const Always Support = 0

// clauseEnd stands behind the labels of each requirement.
const clauseEnd Label = -1

// supportTable keeps supports one behind the other, each as the labels of its
// requirements with clauseEnd behind each requirement.
type supportTable struct {
	terms []Label
	end   []int32
}

func (t *supportTable) count() int { return len(t.end) }

func (t *supportTable) add(terms []Label) Support {
	t.terms = append(t.terms, terms...)
	t.end = append(t.end, int32(len(t.terms)))
	return Support(len(t.end) - 1)
}

func (t *supportTable) of(s int32) []Label {
	if s == 0 {
		return nil
	}
	return t.terms[t.end[s-1]:t.end[s]]
}

// sorted returns the same supports in an order that depends on nothing but their
// labels, and the new name of each.
func (t *supportTable) sorted() (supportTable, []Support) {
	order := make([]int32, t.count())
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int { return slices.Compare(t.of(a), t.of(b)) })
	s := supportTable{make([]Label, 0, len(t.terms)), make([]int32, 0, len(t.end))}
	renamed := make([]Support, t.count())
	for _, old := range order {
		renamed[old] = s.add(t.of(old))
	}
	return s, renamed
}

// byLabel lists the supports in which each label stands, label after label.
func (t *supportTable) byLabel(labels int) (start, supports []int32) {
	start = make([]int32, labels+1)
	each := func(visit func(Label, int32)) {
		for s := range int32(t.count()) {
			for _, l := range t.of(s) {
				if l != clauseEnd {
					visit(l, s)
				}
			}
		}
	}
	each(func(l Label, _ int32) { start[l+1]++ })
	for l := range labels {
		start[l+1] += start[l]
	}
	supports = make([]int32, start[labels])
	at := slices.Clone(start)
	each(func(l Label, s int32) {
		supports[at[l]] = s
		at[l]++
	})
	return start, supports
}

// split takes terms apart into requirements.
func split(terms []Label) [][]Label {
	var all [][]Label
	for len(terms) > 0 {
		end := slices.Index(terms, clauseEnd)
		all = append(all, slices.Clone(terms[:end]))
		terms = terms[end+1:]
	}
	return all
}

// key returns terms as what a map can be asked for.
func key(terms []Label) string {
	b := make([]byte, 0, 4*len(terms))
	for _, l := range terms {
		b = binary.BigEndian.AppendUint32(b, uint32(l))
	}
	return string(b)
}

// removal is a set of labels that are gone, and the supports that this breaks.
type removal struct {
	g       *Graph
	gone    bitset
	broken  bitset
	labels  []Label
	touched []int32
}

func (g *Graph) newRemoval(labels []Label) *removal {
	r := &removal{g: g, gone: newBitset(g.Labels()), broken: newBitset(g.supports.count())}
	r.remove(labels)
	return r
}

// remove takes labels away, of which those that the graph does not have make no
// difference, and returns the supports that broke by it.
func (r *removal) remove(labels []Label) []int32 {
	was := len(r.labels)
	for _, l := range labels {
		if l >= 0 && int(l) < r.g.Labels() && !r.gone.has(int32(l)) {
			r.gone.set(int32(l))
			r.labels = append(r.labels, l)
		}
	}
	before := len(r.touched)
	for _, l := range r.labels[was:] {
		for _, s := range r.g.labelSupport[r.g.labelStart[l]:r.g.labelStart[l+1]] {
			if !r.broken.has(s) && !r.holds(s) {
				r.broken.set(s)
				r.touched = append(r.touched, s)
			}
		}
	}
	return r.touched[before:]
}

// restore puts back what was removed since there were so many labels gone and
// supports broken.
func (r *removal) restore(labels, touched int) {
	for _, l := range r.labels[labels:] {
		r.gone.clear(int32(l))
	}
	for _, s := range r.touched[touched:] {
		r.broken.clear(s)
	}
	r.labels, r.touched = r.labels[:labels], r.touched[:touched]
}

// putBack makes a label not gone, and returns the supports that this mends. It is
// for a removal that is never restored.
func (r *removal) putBack(l Label) []int32 {
	r.gone.clear(int32(l))
	var mended []int32
	for _, s := range r.g.labelSupport[r.g.labelStart[l]:r.g.labelStart[l+1]] {
		if r.broken.has(s) && r.holds(s) {
			r.broken.clear(s)
			mended = append(mended, s)
		}
	}
	return mended
}

// takeAgain undoes putBack.
func (r *removal) takeAgain(l Label, mended []int32) {
	r.gone.set(int32(l))
	for _, s := range mended {
		r.broken.set(s)
	}
}

func (r *removal) holds(s int32) bool {
	met := false
	for _, l := range r.g.supports.of(s) {
		switch {
		case l != clauseEnd:
			met = met || !r.gone.has(int32(l))
		case !met:
			return false
		default:
			met = false
		}
	}
	return true
}

// left returns the requirements of a support with the labels that are not gone.
func (r *removal) left(s int32) [][]Label {
	all := split(r.g.supports.of(s))
	for i := range all {
		all[i] = slices.DeleteFunc(all[i], func(l Label) bool { return r.gone.has(int32(l)) })
	}
	return all
}

// breaks tells whether an edge no longer holds.
func (r *removal) breaks(edge int32) bool { return r.broken.has(r.g.support[edge]) }
