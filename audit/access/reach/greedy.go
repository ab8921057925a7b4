package reach

import (
	"cmp"
	"context"
	"slices"
)

// Price says what it costs to take a label away, in any unit; 0 and less say that
// it cannot be taken away. A nil Price is 1 for every label.
type Price func(Label) int

func (p Price) of(l Label) int64 {
	if p == nil {
		return 1
	}
	return int64(p(l))
}

func (p Price) sum(labels []Label) int64 {
	var sum int64
	for _, l := range labels {
		sum += p.of(l)
	}
	return sum
}

// Plan is a list of changes in the order in which they help most.
type Plan struct {
	Steps []PlanStep
	// Open is how many sources reach a sink before the first change, Closed how
	// many no longer do after the last.
	Open, Closed int
}

// PlanStep takes one label away. Closed is how many sources are closed by it and
// those before it together: where two changes help only together, the first of
// them adds nothing.
type PlanStep struct {
	Label  Label
	Closed int
}

// Greedy answers "which few changes close the most?" with at most limit labels. If
// the cheapest cut found has no more, that is the plan. Otherwise it is the better
// of two: each time the label that closes most sources, by exact trial, or each
// time the label that is used most. The first is better where few changes matter,
// the second where only several together close anything. What turns out to be of
// no use is left out. It is a good plan and not a proven best one. Of equal labels
// and plans the cheaper is taken.
//
// Sources that stay open whatever is taken away count as open. The error is that
// of the context.
func (d *Distances) Greedy(ctx context.Context, sources []Vertex, limit int, price Price) (Plan, error) {
	cut, err := d.minCut(ctx, sources, price, 0)
	if err != nil {
		return Plan{}, err
	}
	w := d.WhatIf(sources)
	if len(cut.Labels) <= limit {
		return w.Order(ctx, cut.Labels...)
	}
	permanent := newBitset(d.g.Vertices())
	for _, v := range cut.Permanent {
		permanent.set(int32(v))
	}
	closable := make([]Vertex, 0, len(w.sources))
	for _, v := range w.sources {
		if !permanent.has(v) {
			closable = append(closable, Vertex(v))
		}
	}
	tried, err := d.choose(ctx, closable, limit, price, true)
	if err != nil {
		return Plan{}, err
	}
	used, err := d.choose(ctx, closable, limit, price, false)
	if err != nil {
		return Plan{}, err
	}
	if cmp.Or(cmp.Compare(w.Gain(used...), w.Gain(tried...)), cmp.Compare(price.sum(tried), price.sum(used))) > 0 {
		tried = used
	}
	return w.Order(ctx, tried...)
}

// choose takes away a label at a time, by trial or by use alone, and returns those
// that were of use.
func (d *Distances) choose(ctx context.Context, sources []Vertex, limit int, price Price, try bool) ([]Label, error) {
	var chosen []Label
	sinks := d.sinks()
	for at := d; len(chosen) < limit; {
		ranking, err := at.candidates(ctx, sources, price)
		if err != nil {
			return nil, err
		}
		if len(ranking) == 0 {
			break
		}
		best := ranking[0].Label
		if try {
			if best, err = at.best(ctx, sources, ranking, price); err != nil {
				return nil, err
			}
		}
		chosen = append(chosen, best)
		at, err = d.g.Towards(ctx, sinks, append(slices.Clone(d.gone.labels), chosen...)...)
		if err != nil {
			return nil, err
		}
	}
	return d.WhatIf(sources).prune(ctx, chosen, price)
}

// candidates returns the ranking without what cannot be taken away, of equal ones
// the cheaper first.
func (d *Distances) candidates(ctx context.Context, sources []Vertex, price Price) ([]Rank, error) {
	ranking, err := d.Ranking(ctx, sources)
	if err != nil {
		return nil, err
	}
	ranking = slices.DeleteFunc(ranking, func(r Rank) bool { return price.of(r.Label) <= 0 })
	slices.SortStableFunc(ranking, func(a, b Rank) int {
		return cmp.Or(-cmp.Compare(a.Sources, b.Sources), cmp.Compare(price.of(a.Label), price.of(b.Label)))
	})
	return ranking, nil
}

// best returns the label that closes most, the most used if none closes any. A
// label's rank is at least its gain, so what ranks below the best gain need not be
// tried.
func (d *Distances) best(ctx context.Context, sources []Vertex, ranking []Rank, price Price) (Label, error) {
	var (
		w    = d.WhatIf(sources)
		tick = &watch{ctx: ctx, doing: "trying removals"}
		best = ranking[0].Label
		gain = 0
	)
	for _, r := range ranking {
		if r.Sources < max(float64(gain), 1)-rounding {
			break
		}
		if err := tick.err(); err != nil {
			return 0, err
		}
		n := w.Gain(r.Label)
		if n > gain || n == gain && n > 0 && price.of(r.Label) < price.of(best) {
			best, gain = r.Label, n
		}
	}
	return best, nil
}

// Order puts changes into the order in which they help most, each time the one
// that closes most on top of those before it, of equal ones the first named. The
// error is that of the context.
func (w *WhatIf) Order(ctx context.Context, labels ...Label) (Plan, error) {
	p := Plan{Open: w.Open()}
	left := slices.Clone(labels)
	tick := &watch{ctx: ctx, doing: "ordering changes"}
	done := make([]Label, 0, len(labels))
	for len(left) > 0 {
		best, most := 0, -1
		for i, l := range left {
			if err := tick.err(); err != nil {
				return Plan{}, err
			}
			if n := w.Gain(append(done, l)...); n > most {
				best, most = i, n
			}
		}
		done = append(done, left[best])
		p.Steps = append(p.Steps, PlanStep{left[best], most})
		p.Closed = most
		left = slices.Delete(left, best, best+1)
	}
	return p, nil
}
