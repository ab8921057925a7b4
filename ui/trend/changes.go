package trend

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
)

const (
	mostChanges = 100 // kept
	mostAtOnce  = 40  // kept of one comparison, the worst of it
)

// Change is an open finding that came, or one that went. What only informs is none: it
// comes and goes with the load.
type Change struct {
	Time      time.Time // of the view in which it was seen
	Came      bool      // false if it went
	Severity  audit.Severity
	Rule      string // its ID
	Namespace string // where it counts; [score.ClusterWide] for the cluster
	Subject   kube.Ref
}

// Changes returns at most so many of the newest changes, the newest first and those
// that were seen at once worst first, and how many findings came and went since the
// session began.
func (l *Log) Changes(count int) (newest []Change, came, went int) {
	l.guard.RLock()
	defer l.guard.RUnlock()
	return slices.Clone(l.changes[:min(max(count, 0), len(l.changes))]), l.came, l.went
}

// place is what makes a finding the same in two assessments.
type place struct {
	rule            *audit.Rule
	subject         kube.Ref
	namespace       string
	container, path string
}

func placeOf(f *score.Finding) place {
	return place{f.Rule, f.Subject, f.Namespace, f.Container, f.Path}
}

// compare returns what is other in an assessment than in the last one: the worst of
// it, and how much it is.
func (l *Log) compare(a *score.Assessment) (changes []Change, came, went int) {
	note := func(n *score.Namespace, f *score.Finding, isNew bool) {
		changes = append(changes, Change{a.Cluster.Time, isNew, f.Severity, f.Rule.ID, n.Name, f.Subject})
	}
	known := 0
	for _, n := range a.Namespaces {
		before := l.namespaces[n.Name]
		var old []*score.Finding
		if before != nil {
			known++
			if before.of == n {
				continue
			}
			old = before.of.Findings
		}
		gone, fresh := differ(old, n.Findings)
		came, went = came+len(fresh), went+len(gone)
		for _, f := range fresh {
			note(n, f, true)
		}
		for _, f := range gone {
			note(n, f, false)
		}
	}
	if known < len(l.namespaces) {
		for _, n := range l.left(a) {
			gone, _ := differ(n.Findings, nil)
			went += len(gone)
			for _, f := range gone {
				note(n, f, false)
			}
		}
	}
	slices.SortStableFunc(changes, func(a, b Change) int { return cmp.Compare(b.Severity, a.Severity) })
	return changes[:min(len(changes), mostAtOnce):min(len(changes), mostAtOnce)], came, went
}

// left returns the namespaces that an assessment does not have any more, by name.
func (l *Log) left(a *score.Assessment) []*score.Namespace {
	left := maps.Clone(l.namespaces)
	for _, n := range a.Namespaces {
		delete(left, n.Name)
	}
	var list []*score.Namespace
	for _, name := range slices.Sorted(maps.Keys(left)) {
		list = append(list, left[name].of)
	}
	return list
}

// differ returns the findings that count and that only one of two lists has. What both begin
// and end with is skipped: most of a namespace stays as it is.
func differ(before, after []*score.Finding) (gone, fresh []*score.Finding) {
	before, after = trim(before, after)
	count := make(map[place]int, len(before))
	for _, f := range before {
		if counts(f) {
			count[placeOf(f)]++
		}
	}
	for _, f := range after {
		switch p := placeOf(f); {
		case !counts(f):
		case count[p] > 0:
			count[p]--
		default:
			fresh = append(fresh, f)
		}
	}
	for _, f := range before {
		if p := placeOf(f); counts(f) && count[p] > 0 {
			count[p]--
			gone = append(gone, f)
		}
	}
	return gone, fresh
}

// trim takes off what two lists both begin and end with.
func trim(before, after []*score.Finding) (otherBefore, otherAfter []*score.Finding) {
	for len(before) > 0 && len(after) > 0 && same(before[0], after[0]) {
		before, after = before[1:], after[1:]
	}
	for len(before) > 0 && len(after) > 0 && same(before[len(before)-1], after[len(after)-1]) {
		before, after = before[:len(before)-1], after[:len(after)-1]
	}
	return before, after
}

// counts reports whether it is told that a finding came or went.
func counts(f *score.Finding) bool { return f.Open() && f.Severity > audit.Info }

// same reports whether two findings are one that counts as it did.
func same(a, b *score.Finding) bool {
	return a.Rule == b.Rule && counts(a) == counts(b) && placeOf(a) == placeOf(b)
}
