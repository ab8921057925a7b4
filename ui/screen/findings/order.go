package findings

import (
	"cmp"
	"context"
	"slices"
	"sort"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
)

// chunk is after how many findings it is looked whether the list is still wanted.
const chunk = 8192

// order is what the findings are sorted by: a column, then what they cost, then
// their namespace, then their place in it. It is the same whatever else there is,
// so that a new finding moves no other.
type order struct {
	column     string
	descending bool
}

// entry is a finding with what it is sorted by, made once and not with each
// comparison.
type entry struct {
	finding        *score.Finding
	text           string
	number, points float64
	position       int32
}

func (o order) entry(f *score.Finding, position int) entry {
	e := entry{finding: f, points: f.Points, position: int32(position)} //nolint:gosec // far fewer
	switch o.column {
	case "sev":
		const below = 100 // every severity: what follows from others is milder than all
		e.number = float64(f.Severity)
		if !f.Open() {
			e.number -= below
		}
	case "points":
		e.number = f.Points
	case "ns":
		e.text = f.Namespace
	case "object":
		e.text = screen.Place(f)
	case "message":
		e.text = screen.Wrong(f)
	default:
		e.text = f.Rule.ID
	}
	return e
}

func (o order) compare(a, b entry) int {
	column := cmp.Or(cmp.Compare(a.number, b.number), strings.Compare(a.text, b.text))
	if o.descending {
		column = -column
	}
	return cmp.Or(column, cmp.Compare(b.points, a.points), cmp.Compare(a.position, b.position))
}

// sort returns findings sorted; they come namespace by namespace, in the order of
// names. It sorts in chunks, for sorting cannot be interrupted; if the context ends
// it returns nil.
func (o order) sort(ctx context.Context, findings []*score.Finding) []*score.Finding {
	entries := make([]entry, len(findings))
	for i, f := range findings {
		entries[i] = o.entry(f, i)
	}
	var runs [][]entry
	for run := range slices.Chunk(entries, chunk) {
		if ctx.Err() != nil {
			return nil
		}
		slices.SortFunc(run, o.compare)
		runs = append(runs, run)
	}
	for len(runs) > 1 {
		var merged [][]entry
		for pair := range slices.Chunk(runs, 2) {
			if ctx.Err() != nil {
				return nil
			}
			merged = append(merged, o.mergeRuns(pair))
		}
		runs = merged
	}
	sorted := make([]*score.Finding, 0, len(findings))
	for _, run := range runs {
		for _, e := range run {
			sorted = append(sorted, e.finding)
		}
	}
	return sorted
}

// mergeRuns makes one sorted run of a pair, or returns a single one.
func (o order) mergeRuns(pair [][]entry) []entry {
	if len(pair) == 1 {
		return pair[0]
	}
	a, b := pair[0], pair[1]
	merged := make([]entry, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if o.compare(a[0], b[0]) <= 0 {
			merged, a = append(merged, a[0]), a[1:]
		} else {
			merged, b = append(merged, b[0]), b[1:]
		}
	}
	return append(append(merged, a...), b...)
}

// merge puts a few sorted findings between many, which are of other namespaces.
// The place of each is searched by halving: what stays is moved, not compared.
func (o order) merge(many, few []*score.Finding) []*score.Finding {
	switch {
	case len(few) == 0:
		return many
	case len(many) == 0:
		return few
	}
	merged := make([]*score.Finding, 0, len(many)+len(few))
	for _, f := range few {
		e := o.entry(f, 0)
		at := sort.Search(len(many), func(i int) bool {
			other := o.entry(many[i], 0)
			return cmp.Or(o.compare(e, other), strings.Compare(f.Home().Name, many[i].Home().Name)) < 0
		})
		merged = append(append(merged, many[:at]...), f)
		many = many[at:]
	}
	return append(merged, many...)
}
