package palette

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/sahilm/fuzzy"
)

// Most is how many hits a search returns: more than anybody reads.
const Most = 200

// shortlist is how many of the items that only have the letters in order the fuzzy
// matcher is asked about.
const shortlist = 1000

// Hit is an item that was found.
type Hit struct {
	Item Item
	// At are the bytes of the text that matched, in ascending order; nil where that
	// cannot be told.
	At []int
}

// Result is what a search found. It never changes.
type Result struct {
	// Query is what was looked for.
	Query Query
	// Hits are the best, the best first, no more than Most.
	Hits []Hit
	// Matched is how many items match, Of how many there are.
	Matched, Of int

	index *Index
	kept  []int32 // all that match, in the order of the index
}

// candidate is an item on its way into the hits.
type candidate struct {
	index  int32
	class  class
	ago    int // how long ago it was chosen
	spread int
	score  int // by the fuzzy matcher
}

// Search looks for what matches. Before is an earlier result, nil for none, which
// shortens the search if the text has only grown since. It returns nil if the context
// ends.
func (x *Index) Search(ctx context.Context, q Query, before *Result) *Result {
	result := &Result{Query: q, Of: len(x.items), index: x}
	all := len(x.items)
	narrowed := before != nil && before.index == x && q.narrows(before.Query)
	if narrowed {
		all = len(before.kept)
	}
	order := func(a, b candidate) int { return x.compare(a, b, &q) }
	sure, loose := best{limit: Most, compare: order}, best{limit: shortlist, compare: order}
	for n := range all {
		if n%chunk == 0 && ctx.Err() != nil {
			return nil
		}
		i := int32(n) //nolint:gosec // far fewer
		if narrowed {
			i = before.kept[n]
		}
		class, spread := x.match(i, &q)
		switch class {
		case none:
			continue
		case inOrder:
			loose.add(candidate{index: i, class: class, ago: x.ago(i), spread: spread})
		case exact, prefix, substring:
			sure.add(candidate{index: i, class: class, ago: x.ago(i), spread: spread})
		}
		result.kept = append(result.kept, i)
	}
	result.Matched = len(result.kept)
	chosen := sure.sorted()
	if len(chosen) < Most {
		rest := x.score(loose.sorted(), &q)
		chosen = append(chosen, rest[:min(len(rest), Most-len(chosen))]...)
	}
	for _, c := range chosen {
		result.Hits = append(result.Hits, Hit{x.items[c.index], x.at(c, &q)})
	}
	return result
}

// compare orders candidates, the better first: by class, by when they were chosen
// last, by how they match, by kind, the shorter before the longer, and at last as the
// index has them.
func (x *Index) compare(a, b candidate, q *Query) int {
	order := cmp.Or(
		cmp.Compare(a.class, b.class),
		cmp.Compare(a.ago, b.ago),
		cmp.Compare(b.score, a.score),
		cmp.Compare(a.spread, b.spread),
		cmp.Compare(x.items[a.index].Kind, x.items[b.index].Kind),
	)
	if order == 0 && q.plain != "" {
		order = cmp.Compare(len(x.lower[a.index]), len(x.lower[b.index]))
	}
	return cmp.Or(order, cmp.Compare(a.index, b.index))
}

// never is longer ago than anything that was chosen.
const never = 1 << 16

// ago says how long ago an item was chosen.
func (x *Index) ago(i int32) int {
	if ago := x.recent[i]; ago > 0 {
		return ago
	}
	return never
}

// score asks the fuzzy matcher about candidates, and orders them by what it says.
func (x *Index) score(candidates []candidate, q *Query) []candidate {
	const unknown = -1 << 31 // what the matcher does not know stands last
	for i := range candidates {
		candidates[i].score = unknown
	}
	for _, m := range fuzzy.FindFromNoSort(q.pattern, texts{x, candidates}) {
		candidates[m.Index].score = m.Score
	}
	slices.SortFunc(candidates, func(a, b candidate) int { return x.compare(a, b, q) })
	return candidates
}

// texts are those of candidates.
type texts struct {
	*Index
	of []candidate
}

// String returns the text of a candidate.
func (t texts) String(i int) string { return t.lower[t.of[i].index] }

// Len returns how many candidates there are.
func (t texts) Len() int { return len(t.of) }

// at returns which bytes of the text of a candidate matched.
func (x *Index) at(c candidate, q *Query) []int {
	text := x.lower[c.index]
	if q.plain == "" || len(text) != len(x.items[c.index].Text) {
		return nil // a letter that has another length in lower case
	}
	if c.class == inOrder {
		if found := fuzzy.FindNoSort(q.pattern, []string{text}); len(found) == 1 {
			return found[0].MatchedIndexes
		}
		return nil
	}
	words := q.words
	start := 0
	if name := strings.LastIndexByte(text, '/') + 1; strings.HasPrefix(text[name:], q.plain) {
		start, words = name, []string{q.plain}
	}
	var at []int
	for _, word := range words {
		from := start + strings.Index(text[start:], word)
		for i := range len(word) {
			at = append(at, from+i)
		}
	}
	slices.Sort(at)
	return slices.Compact(at)
}

// best keeps the best of many candidates, and never more than twice as many as are
// wanted.
type best struct {
	limit   int
	compare func(a, b candidate) int
	kept    []candidate
	full    bool // kept[limit-1] is the worst that is worth a place
}

func (b *best) add(c candidate) {
	if b.full && b.compare(c, b.kept[b.limit-1]) >= 0 {
		return
	}
	if b.kept = append(b.kept, c); len(b.kept) >= 2*b.limit {
		b.sorted()
	}
}

// sorted returns the best, the best first.
func (b *best) sorted() []candidate {
	slices.SortFunc(b.kept, b.compare)
	if len(b.kept) >= b.limit {
		b.kept, b.full = b.kept[:b.limit], true
	}
	return b.kept
}
