package cause

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// What evidence earns.
const (
	decisivePoints   = 50
	structuralPoints = 35
	contrastPoints   = 25
	temporalPoints   = 20
	weakPoints       = 8
	weakCounted      = 2
	strongAgainst    = 35
	weakAgainst      = 10
	capped           = 79
)

// weighing gathers the evidence on one pattern.
type weighing struct {
	points, against                          int
	decisive, structural, contrast, temporal bool
	weak                                     int
	vetoed, blind                            bool
	// proved says that this time no log is needed.
	proved                         bool
	supporting, contrary, notKnown []line
}

// line is a piece of evidence with what it weighs.
type line struct {
	text   string
	weight int
}

// isDecisive notes that a component states the cause. It counts once, as all kinds
// of evidence do but the weak.
func (w *weighing) isDecisive(format string, args ...any) {
	w.speaks(&w.decisive, decisivePoints, format, args...)
}

// isStructural notes a mismatch that the objects prove.
func (w *weighing) isStructural(format string, args ...any) {
	w.speaks(&w.structural, structuralPoints, format, args...)
}

// isContrast notes that it fails here and not there.
func (w *weighing) isContrast(format string, args ...any) {
	w.speaks(&w.contrast, contrastPoints, format, args...)
}

func (w *weighing) speaks(once *bool, points int, format string, args ...any) {
	if !*once {
		*once = true
		w.points += points
	}
	w.supporting = append(w.supporting, line{fmt.Sprintf(format, args...), points})
}

// isWeak notes a hint; no more than two of them count.
func (w *weighing) isWeak(format string, args ...any) {
	if w.weak++; w.weak <= weakCounted {
		w.points += weakPoints
	}
	w.supporting = append(w.supporting, line{fmt.Sprintf(format, args...), weakPoints})
}

// isTemporal notes the change that explains it best, nil for none.
func (w *weighing) isTemporal(q *inquiry, r *change.Ranked) {
	if r == nil || w.temporal {
		return
	}
	points := int(math.Round(temporalPoints * r.Relevance))
	if points == 0 {
		return
	}
	w.temporal = true
	w.points += points
	w.supporting = append(w.supporting, line{q.told(r), points})
}

// veto says that it is not this.
func (w *weighing) veto() { w.vetoed = true }

// strongly notes what speaks against it.
func (w *weighing) strongly(format string, args ...any) {
	w.against += strongAgainst
	w.contrary = append(w.contrary, line{fmt.Sprintf(format, args...), strongAgainst})
}

// hardly notes what speaks against it a little.
func (w *weighing) hardly(format string, args ...any) {
	w.against += weakAgainst
	w.contrary = append(w.contrary, line{fmt.Sprintf(format, args...), weakAgainst})
}

// unknown notes what was not looked at, or cannot be.
func (w *weighing) unknown(format string, args ...any) {
	w.notKnown = append(w.notKnown, line{text: fmt.Sprintf(format, args...)})
}

// sees reports whether the objects of a resource are known; if not, it notes that,
// and the result is capped.
func (w *weighing) sees(q *inquiry, r kube.Resource, namespace string) bool {
	state, blind := q.Cluster.Blind(r, namespace)
	if !blind {
		return true
	}
	w.blind = true
	text := "not read: " + r.String()
	if state.Reason != "" {
		text += " (" + state.Reason + ")"
	}
	if !slices.Contains(w.notKnown, line{text: text}) {
		w.unknown("%s", text)
	}
	return false
}

// sum is what speaks for it, as much as counts, less what speaks against it: much
// evidence does not outweigh a contradiction.
func (w *weighing) sum() int { return min(w.points, most) - w.against }

// confidence is what the points come to.
func (w *weighing) confidence(logs bool) (int, Band) {
	ceiling := most
	if logs && !w.proved || w.blind || !w.decisive && (!w.structural || !w.contrast) {
		ceiling = capped
	}
	points := max(min(w.sum(), ceiling), 0)
	switch {
	case points >= certainFrom:
		return points, Certain
	case points >= likelyFrom:
		return points, Likely
	case points >= possibleFrom:
		return points, Possible
	}
	return points, NotDetermined
}

// texts returns lines, the strongest first, each once.
func texts(lines []line) []string {
	sorted := slices.Clone(lines)
	slices.SortStableFunc(sorted, func(a, b line) int { return cmp.Compare(b.weight, a.weight) })
	var all []string
	for _, l := range sorted {
		if !slices.Contains(all, l.text) {
			all = append(all, l.text)
		}
	}
	return all
}

// told says a change, and how long before the incident it was.
func (q *inquiry) told(r *change.Ranked) string {
	when := "as it began"
	if before := q.Since.Sub(r.Change.Time); before > 0 {
		when = triage.Span(before) + " before it began"
	}
	text := fmt.Sprintf("%s: %s, %s", short(r.Change.Object), r.Change.Title, when)
	if r.Change.By != "" && !strings.Contains(r.Change.Title, r.Change.By) {
		text += ", by " + r.Change.By
	}
	if r.Unsure || r.Change.Bound != change.Exact {
		text += " (its time is a bound)"
	}
	return text
}
