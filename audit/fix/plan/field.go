package plan

import (
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// field is one namespace on the way to a goal. Candidates of which the change is the
// same gain the same, so each change is scored once a step, however many there are.
type field struct {
	cluster   *kube.Cluster
	namespace *score.Namespace
	choose    func(*score.Finding) bool
	trial     *score.Trial
	standing  score.Standing
	changes   []string // in order
	classes   map[string][]*candidate
	ofSubject map[kube.Ref][]*candidate
	restarted map[kube.Ref]bool
	dropped   map[*score.Finding]bool // of candidates that cannot be taken
	// stuck counts the checks, by severity, that objects fail and no step mends.
	stuck    [audit.Critical + 1]int
	position int

	sought bool // best is that of the standing
	best   move
}

// candidate is a check that an object fails, and could pass.
type candidate struct {
	subject  kube.Ref
	findings []*score.Finding
	change   score.Change
	stuck    bool // it cannot be taken, and only counts
	position int
	pods     int // that its fix makes again, as far as its findings tell
	fixes    []audit.Fix
	title    string
}

func (c *candidate) severity() audit.Severity { return c.findings[0].Severity }

// move is what is done next: one candidate, or several that gain together.
type move struct {
	candidates []*candidate
	value      float64 // gain a step, or a pod; 0 for no move
}

func newField(cluster *kube.Cluster, n *score.Namespace, choose func(*score.Finding) bool) *field {
	f := &field{
		cluster: cluster, namespace: n, choose: choose, trial: n.Trial(), classes: map[string][]*candidate{},
		ofSubject: map[kube.Ref][]*candidate{}, restarted: map[kube.Ref]bool{}, dropped: map[*score.Finding]bool{},
	}
	f.standing = f.trial.Standing()
	seen := map[kube.Ref]bool{}
	for _, finding := range n.Findings {
		if !seen[finding.Subject] {
			seen[finding.Subject] = true
			f.enter(finding.Subject)
		}
	}
	return f
}

// enter makes the candidates of an object.
func (f *field) enter(subject kube.Ref) {
	for _, group := range f.trial.Open(subject) {
		c := &candidate{subject: subject, findings: group, position: f.position}
		f.position++
		c.stuck = slices.ContainsFunc(group, func(one *score.Finding) bool {
			return !one.Fixable && one.Implied == "" || f.dropped[one] || !f.choose(one)
		})
		f.ofSubject[subject] = append(f.ofSubject[subject], c)
		if c.stuck {
			f.stuck[c.severity()]++
			continue
		}
		if slices.ContainsFunc(group, func(one *score.Finding) bool { return isOfTemplate(one.Path) }) {
			c.pods = pods(f.cluster, subject)
		}
		c.change = f.trial.Change(group)
		text := c.change.String()
		if _, known := f.classes[text]; !known {
			at, _ := slices.BinarySearch(f.changes, text)
			f.changes = slices.Insert(f.changes, at, text)
		}
		f.classes[text] = append(f.classes[text], c)
	}
}

// leave takes the candidates of an object out.
func (f *field) leave(subject kube.Ref) {
	for _, c := range f.ofSubject[subject] {
		if c.stuck {
			f.stuck[c.severity()]--
			continue
		}
		text := c.change.String()
		f.classes[text] = slices.DeleteFunc(f.classes[text], func(other *candidate) bool { return other == c })
	}
	delete(f.ofSubject, subject)
}

// take makes a step.
func (f *field) take(c *candidate, restarts bool) {
	f.trial.Remove(c.findings)
	f.standing = f.trial.Standing()
	if restarts {
		f.restarted[c.subject] = true
	}
	f.leave(c.subject)
	f.enter(c.subject)
}

// drop says that a candidate cannot be taken.
func (f *field) drop(c *candidate) {
	for _, one := range c.findings {
		f.dropped[one] = true
	}
	f.leave(c.subject)
	f.enter(c.subject)
}

// cost is how many pods a candidate makes again that no step has made again.
func (f *field) cost(c *candidate) int {
	if f.restarted[c.subject] {
		return 0
	}
	return c.pods
}

// seek finds the best move, unless it is known.
func (f *field) seek(sparing bool) {
	if f.sought {
		return
	}
	f.sought, f.best = true, move{}
	for _, text := range f.changes {
		class := f.classes[text]
		if len(class) == 0 {
			continue
		}
		gain := f.trial.If(class[0].change).Score - f.standing.Score
		if gain <= least {
			continue
		}
		first := slices.MinFunc(class, func(a, b *candidate) int { return f.compareCandidates(a, b, sparing) })
		value := gain
		if sparing {
			value = perPod(gain, f.cost(first))
		}
		if value > f.best.value {
			f.best = move{[]*candidate{first}, value}
		}
	}
	if together := f.uncap(sparing); together.value > f.best.value {
		f.best = together
	}
}

// uncap returns the move that takes all findings of the severity which caps the score,
// none if they cannot all be taken, or if the score would fall on the way.
func (f *field) uncap(sparing bool) move {
	capped := f.standing.Capped
	if capped == 0 || f.stuck[capped] > 0 {
		return move{}
	}
	var all []*candidate
	for _, text := range f.changes {
		for _, c := range f.classes[text] {
			if c.severity() == capped {
				all = append(all, c)
			}
		}
	}
	slices.SortFunc(all, func(a, b *candidate) int { return f.compareCandidates(a, b, sparing) })
	trial := f.trial.Clone()
	restarts, made := 0, map[kube.Ref]bool{}
	last := f.standing.Score
	for _, c := range all {
		trial.Remove(c.findings)
		is := trial.Standing().Score
		if is < last-least {
			return move{}
		}
		last = is
		if !made[c.subject] {
			restarts += f.cost(c)
			made[c.subject] = f.cost(c) > 0
		}
	}
	value := (last - f.standing.Score) / float64(max(1, len(all)))
	if sparing {
		value = perPod(last-f.standing.Score, restarts)
	}
	return move{all, value}
}

// isOfTemplate reports whether a field is in the template of pods.
func isOfTemplate(path string) bool { return strings.HasPrefix(path, "spec.template.") }

// pods counts the running pods of an object that are made again when their template
// changes.
func pods(c *kube.Cluster, ref kube.Ref) int {
	w := c.Workload(ref)
	if w == nil || !w.Held || w.RunsToCompletion() || ref.Kind == kube.Pods.Kind {
		return 0
	}
	count := 0
	for _, pod := range c.PodsOf(w) {
		if !pod.Finished() {
			count++
		}
	}
	return count
}
