package reach

import (
	"context"
	"slices"
)

// proof brings a cut and the lower bound of what any cut costs together. What a
// path needs, one label for each requirement of its steps, is a set of which a cut
// must have one; so the cheapest choice that hits some such sets costs no more
// than the cheapest cut, and is that cut if it leaves no way open. Otherwise the
// ways that it leaves open are further sets to hit.
type proof struct {
	n     *gates
	price Price
	best  []Label
	cost  int64
	bound int64
	// passed is how much the packing that proves bound takes of each label.
	passed []int64
	sets   [][]Label
}

// close goes on until best is proved or a better cut found and proved, or it has
// tried long enough.
func (p *proof) close(ctx context.Context, w *WhatIf, rounds int) error {
	pruned, err := w.prune(ctx, p.best, p.price)
	if err != nil {
		return err
	}
	p.best, p.cost = pruned, p.price.sum(pruned)
	if err := p.pack(ctx); err != nil {
		return err
	}
	d := p.n.d
	sinks := d.sinks()
	for round := 0; round < rounds && p.bound < p.cost; round++ {
		chosen, ok, err := p.hit(ctx)
		if err != nil || !ok {
			return err
		}
		sum := p.price.sum(chosen)
		if p.bound = max(p.bound, sum); p.bound >= p.cost {
			return nil
		}
		at, err := d.g.Towards(ctx, sinks, append(slices.Clone(d.gone.labels), chosen...)...)
		if err != nil {
			return err
		}
		if !p.learn(at) { // nothing is open: the cheapest choice is a cut
			p.best, p.cost = chosen, sum
		}
	}
	return nil
}

// pack adds paths of the graph to the packing, until every path has a label that
// is full. It raises the bound where ways of the network were no paths.
func (p *proof) pack(ctx context.Context) error {
	d := p.n.d
	sinks := d.sinks()
	gone := slices.Clone(d.gone.labels)
	for l := range Label(d.g.Labels()) {
		if p.passed[l] > 0 && p.passed[l] >= p.price.of(l) {
			gone = append(gone, l)
		}
	}
	for p.bound < p.cost {
		at, err := d.g.Towards(ctx, sinks, gone...)
		if err != nil {
			return err
		}
		full := len(gone)
		for _, v := range p.n.sources {
			path, ok := at.Path(Vertex(v))
			if !ok {
				continue
			}
			set := p.needs(path, at.gone)
			room := int64(endless)
			for _, l := range set {
				room = min(room, p.price.of(l)-p.passed[l])
			}
			if room == 0 {
				continue // filled by the source before
			}
			p.bound += room
			for _, l := range set {
				if p.passed[l] += room; p.passed[l] == p.price.of(l) {
					gone = append(gone, l)
				}
			}
		}
		if len(gone) == full {
			return nil
		}
	}
	return nil
}

// hit returns the cheapest choice of labels that has one of each set; false if
// that is too hard. Sets that have no label in common with others are a question
// of their own.
func (p *proof) hit(ctx context.Context) ([]Label, bool, error) {
	var all []Label
	for _, sets := range parts(p.sets) {
		h := hitting{price: p.price, w: &watch{ctx: ctx, doing: "proving a cut"}}
		for _, l := range p.best { // a cut hits every set
			if slices.ContainsFunc(sets, func(s []Label) bool { return slices.Contains(s, l) }) {
				h.chosen = append(h.chosen, l)
			}
		}
		h.least = p.price.sum(h.chosen)
		h.hit(sets, nil, 0)
		if err := h.w.err(); err != nil {
			return nil, false, err
		}
		if h.tries > hittingTries {
			return nil, false, nil
		}
		all = append(all, h.chosen...)
	}
	return all, true, nil
}

// parts divides sets into those that are joined by common labels.
func parts(sets [][]Label) [][][]Label {
	leader := make([]int, len(sets))
	find := func(i int) int {
		for leader[i] != i {
			leader[i] = leader[leader[i]]
			i = leader[i]
		}
		return i
	}
	seen := map[Label]int{}
	for i, s := range sets {
		leader[i] = i
		for _, l := range s {
			if j, ok := seen[l]; ok {
				leader[find(i)] = find(j)
			}
			seen[l] = i
		}
	}
	var divided [][][]Label
	at := map[int]int{}
	for i, s := range sets {
		k, ok := at[find(i)]
		if !ok {
			k = len(divided)
			at[find(i)] = k
			divided = append(divided, nil)
		}
		divided[k] = append(divided[k], s)
	}
	return divided
}

// learn adds what ways that are still open need, and tells whether there are any.
func (p *proof) learn(at *Distances) bool {
	open := 0
	for _, v := range p.n.sources {
		path, ok := at.Path(Vertex(v))
		if !ok {
			continue
		}
		if set := p.needs(path, at.gone); !slices.ContainsFunc(p.sets, func(s []Label) bool { return slices.Equal(s, set) }) {
			p.sets = append(p.sets, set)
		}
		if open++; open == proofPaths {
			break
		}
	}
	return open > 0
}

// needs returns a set of labels that hold a path up: of each requirement that can
// be broken the first label that is not gone.
func (p *proof) needs(path Path, gone *removal) []Label {
	var set []Label
	for _, step := range path.Steps {
		if m := p.n.of[step.Support]; m >= 0 {
			for _, labels := range p.n.makings[m].needs {
				at := slices.IndexFunc(labels, func(l Label) bool { return !gone.gone.has(int32(l)) })
				set = append(set, labels[at])
			}
		}
	}
	slices.Sort(set)
	return slices.Compact(set)
}

// hittingTries bounds the search for one cheapest choice.
const hittingTries = 5_000

// hitting finds the cheapest choice of labels that has one of each set, by branch
// and bound. It is not interested in what costs least at the start or more.
type hitting struct {
	price  Price
	least  int64
	chosen []Label
	tries  int
	w      *watch
}

// hit chooses on, from sets of which none has been hit yet.
func (h *hitting) hit(sets [][]Label, chosen []Label, cost int64) {
	h.tries++
	if h.tries > hittingTries || h.w.stopped() {
		return
	}
	if len(sets) == 0 {
		if cost < h.least {
			h.least, h.chosen = cost, slices.Clone(chosen)
		}
		return
	}
	smallest := slices.MinFunc(sets, func(a, b []Label) int { return len(a) - len(b) })
	if cost+h.apart(sets) >= h.least {
		return
	}
	for i, l := range smallest {
		var left [][]Label
		possible := true
		for _, s := range sets {
			if slices.Contains(s, l) {
				continue
			}
			// What came before l was tried already: now it is not to be chosen.
			s = slices.DeleteFunc(slices.Clone(s), func(k Label) bool { return slices.Contains(smallest[:i], k) })
			possible = possible && len(s) > 0
			left = append(left, s)
		}
		if possible {
			h.hit(left, append(slices.Clip(chosen), l), cost+h.price.of(l))
		}
	}
}

// apart returns what sets that share no label cost at the least.
func (h *hitting) apart(sets [][]Label) int64 {
	var (
		sum  int64
		seen = map[Label]bool{}
	)
	for _, s := range sets {
		if slices.ContainsFunc(s, func(l Label) bool { return seen[l] }) {
			continue
		}
		least := int64(endless)
		for _, l := range s {
			seen[l] = true
			least = min(least, h.price.of(l))
		}
		sum += least
	}
	return sum
}
