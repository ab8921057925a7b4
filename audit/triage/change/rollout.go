package change

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// revision is a pod template that a workload has or had, however it is kept.
type revision struct {
	number  int64
	name    string // of the object that keeps it
	created time.Time
	// earlier has the numbers that it had before, where a rollback made it current
	// once more: "3" or "1,3".
	earlier string
	cause   string
	// idle is set if it certainly never had a pod.
	idle     bool
	template func() *corev1.PodTemplateSpec
}

// pair is two revisions, by the names of the objects that keep them.
type pair struct{ before, after string }

// workload is what has revisions.
type workload struct {
	ref    kube.Ref
	object metav1.Object // nil if the view does not hold it
	// rolledOut is when its last rollout began at the latest, zero if unknown.
	rolledOut time.Time
	// began returns when a revision that is older than the one before it was made
	// current, as far as that can be told.
	began func(c *kube.Cluster, r *revision, after time.Time) moment
}

// moment is when something happened, and how that is known.
type moment struct {
	at        time.Time
	bound     Bound
	certainty Certainty
	by        string
}

// restartedAt is the annotation of a template by which kubectl rollout restart makes
// pods anew, with nothing else changed.
const restartedAt = "kubectl.kubernetes.io/restartedAt"

// tellRollouts returns the rollouts that revisions tell of.
func tellRollouts(w workload, revisions []revision, s, held *space) []*told {
	slices.SortFunc(revisions, func(a, b revision) int {
		return cmp.Or(cmp.Compare(b.number, a.number), strings.Compare(a.name, b.name))
	})
	var found []*told
	for i := range revisions {
		r := &revisions[i]
		previous := before(revisions, r)
		if t := tellRollout(w, r, previous, i == 0); t != nil {
			t.complete = completing(w, r, previous, difference(r, previous, s, held), t.complete)
			found = append(found, t)
		}
	}
	return found
}

// before returns the revision that was current before one of a number, as far as it
// ever had pods: by its number, or by one that it had before a rollback. Its number is
// the one that it had then, 0 where a rollback took that away and only its age tells.
func before(revisions []revision, of *revision) *revision {
	var found *revision
	for _, r := range revisions {
		if r.name == of.name {
			continue
		}
		numbers := []int64{r.number}
		for text := range strings.SplitSeq(r.earlier, ",") {
			if earlier, err := strconv.ParseInt(text, 10, 64); err == nil {
				numbers = append(numbers, earlier)
			}
		}
		for _, had := range numbers {
			if !r.idle && had < of.number && (found == nil || had > found.number) {
				r.number = had
				found = new(revision)
				*found = r
			}
		}
	}
	if found != nil {
		return found
	}
	return older(revisions, of)
}

// older returns the newest revision that is older than one, without a number.
func older(revisions []revision, of *revision) *revision {
	var found *revision
	for _, r := range revisions {
		if r.name != of.name && !r.idle && r.created.Before(of.created) && (found == nil || r.created.After(found.created)) {
			r.number = 0
			found = new(revision)
			*found = r
		}
	}
	return found
}

// tellRollout returns the rollout that made a revision current, nil if the creation
// of the workload did, or nobody can say when.
func tellRollout(w workload, r, previous *revision, newest bool) *told {
	t := &told{
		Change: Change{
			Time: r.created, Certainty: Stated, Kind: Rollout, Object: w.ref, Owner: w.ref,
			Revision: strconv.FormatInt(r.number, 10), Cause: r.cause,
		},
		object: w.object,
	}
	if previous == nil && r.earlier == "" {
		if r.number <= 1 || w.object != nil && r.created.Sub(w.object.GetCreationTimestamp().Time) <= settling {
			return nil
		}
		return t
	}
	after := r.created
	if previous != nil {
		if previous.number > 0 {
			t.From = strconv.FormatInt(previous.number, 10)
		}
		if r.earlier == "" && !r.created.Before(previous.created) {
			return t
		}
		after = previous.created
	}
	if !newest {
		return nil // it was current twice, and the second time has left no trace
	}
	t.Time, t.Bound, t.Certainty = w.rolledOut, NotAfter, Inferred
	if t.Time.Before(after) {
		t.Time, t.Bound = after, NotBefore
	}
	t.complete = func(c *kube.Cluster, ch *Change) bool {
		if w.began == nil {
			return true
		}
		if m := w.began(c, r, after); !m.at.IsZero() {
			ch.Time, ch.Bound, ch.Certainty, ch.By = m.at, m.bound, m.certainty, m.by
		}
		return true
	}
	return t
}

// completing returns what fills in a rollout: who, what, and a title.
func completing(w workload, r, previous *revision, differences func() []Difference, timing func(*kube.Cluster, *Change) bool) func(*kube.Cluster, *Change) bool {
	return func(c *kube.Cluster, ch *Change) bool {
		if timing != nil && !timing(c, ch) {
			return false
		}
		if ch.By == "" && w.object != nil && ch.Bound == Exact {
			ch.By = writer(writes(w.object), ch.Time, time.Minute)
		}
		if previous == nil {
			ch.Title = rolloutTitle(ch, r) + ", the revision before is not kept"
			return true
		}
		ch.Differences = differences()
		ch.Compared = true
		marked, rest := withoutRestart(ch.Differences)
		if ch.Differences = rest; marked && len(rest) == 0 {
			ch.Kind, ch.Title = Restart, "restart (revision "+ch.Revision+")"
			return true
		}
		ch.Title = rolloutTitle(ch, r)
		return true
	}
}

func rolloutTitle(ch *Change, r *revision) string {
	title := "rollout "
	if r.earlier != "" || ch.Certainty == Inferred {
		title = "rollback "
	}
	if ch.From == "" {
		title += "to " + ch.Revision
	} else {
		title += ch.From + " → " + ch.Revision
	}
	if r.earlier != "" {
		title += " (revision " + lastNumber(r.earlier) + " again)"
	}
	if !ch.Compared {
		return title
	}
	return title + ": " + cmp.Or(summary(ch.Differences), "nothing that matters to the pods")
}

// lastNumber returns the last number of a list with commas.
func lastNumber(list string) string { return list[strings.LastIndex(list, ",")+1:] }

// withoutRestart takes the mark of a restart out of differences.
func withoutRestart(all []Difference) (marked bool, rest []Difference) {
	for _, d := range all {
		if d.Field == Annotation && strings.HasSuffix(d.Path, restartedAt) {
			marked = true
			continue
		}
		rest = append(rest, d)
	}
	return marked, rest
}

// difference returns what finds the differences of two revisions, at most once for
// as long as both are held.
func difference(r, previous *revision, s, before *space) func() []Difference {
	if previous == nil {
		return nil
	}
	key := pair{previous.name, r.name}
	if before != nil && before.diffs[key] != nil {
		s.keep(key, before.diffs[key])
		return before.diffs[key]
	}
	found := sync.OnceValue(func() []Difference {
		was, is := previous.template(), r.template()
		if len(was.Labels) == 0 || len(is.Labels) == 0 { // not held: a template without labels selects nothing
			was.Labels, is.Labels = nil, nil
		}
		return Diff(was, is)
	})
	s.keep(key, found)
	return found
}

func (s *space) keep(key pair, differences func() []Difference) {
	if s.diffs == nil {
		s.diffs = map[pair]func() []Difference{}
	}
	s.diffs[key] = differences
}

// titleOf returns the title of a rollout or restart of which the differences are
// known.
func titleOf(kind Kind, revisions string, differences []Difference) string {
	title := kind.String()
	if revisions != "" {
		title += " " + revisions
	}
	if said := summary(differences); said != "" && kind == Rollout {
		title += ": " + said
	}
	return title
}
