package plan

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/score"
)

// MostSteps is how many steps a way has that was not given another bound.
const MostSteps = 500

// Goal is a score that is to be reached by fixes.
type Goal struct {
	// Namespace is whose score it is, [score.ClusterWide] among them; "" for that of
	// the cluster.
	Namespace string
	Score     float64 // 0 to 100
	// Sparing asks for the most points per pod that has to be made again; without it,
	// for the most points a step.
	Sparing bool
	Most    int // steps, 0 for [MostSteps]
}

// Step is one check that one object passes then.
type Step struct {
	// Findings are all that its object fails the check by, at least one. A fix of
	// another step may clear some of them as well.
	Findings []*score.Finding
	Title    string // of the fix of the first one
	// Gain is what it adds to the score of the goal, by scoring again without the
	// findings of all steps up to here; not rounded, and never negative. It is 0 for
	// all but the last of the findings that together hold the score down by a cap.
	Gain  float64
	Score float64 // after it, not rounded
	// Restarts is how many running pods have to be made again for it, and not for a
	// step before.
	Restarts int
}

// Way is a way to a goal.
type Way struct {
	Goal  Goal
	Steps []Step
	// Start and End are the scores before and after, as judged: one decimal.
	Start, End float64
	// Expected is what the score should be after the last step, not rounded: what is
	// judged may differ, since a fix may clear or raise more than its finding.
	From, Expected float64
	Reached        bool // End is at least the goal's score
	Bounded        bool // there are further steps, more than were asked for
	// Capped is the open severity that holds the namespace's score down in the end, 0
	// if none does, or for the goal of a cluster.
	Capped audit.Severity
	// Plan is the plan of the steps; it is empty if there is none.
	Plan *Plan
}

// errNoNamespace is the fault of a goal about a namespace that has no score.
var errNoNamespace = errors.New("it has no score")

// attempts is how often another way is sought where the judged score is short of the
// expected one.
const attempts = 4

// Fastest finds a short way to a goal: each step is the one that gains most then, by
// scoring again. Where an open finding caps the score, nothing else gains: all those of
// its severity are taken together if they can be fixed. It is greedy, so a shorter way
// may exist; what it says of the outcome is judged as in [Make], and steps that turn
// out not to help are left out. Options choose and hold back as for [Make].
func Fastest(before *score.Assessment, g Goal, o Options) (*Way, error) {
	o = o.filled()
	if g.Most <= 0 {
		g.Most = MostSteps
	}
	start, scored := g.of(before)
	if !scored {
		name := g.Namespace
		if name == "" {
			name = before.Cluster.Info.Name
		}
		return nil, fmt.Errorf("seeking the way of %q to %.1f: %w", name, g.Score, errNoNamespace)
	}
	failed := map[string]bool{}
	aim := g.Score
	for attempt := 1; ; attempt++ {
		w, further, err := g.way(before, aim, o, failed)
		if err != nil {
			return nil, err
		}
		w.Start = start
		if w.Reached || attempt == attempts || !w.learn(failed) && !further {
			return w, nil
		}
		aim = min(100, aim+max(0.1, w.Expected-w.End))
		if o.Target != nil { // as it was at first
			if _, err := o.Target.View(audit.Fix{}); err != nil {
				return nil, err
			}
		}
	}
}

// way seeks one way, and plans it; it reports whether there are further steps, of those
// that were asked for.
func (g Goal) way(before *score.Assessment, aim float64, o Options, failed map[string]bool) (*Way, bool, error) {
	s := newSearch(before, g, o, failed)
	steps := s.walk(aim)
	members := map[string]bool{}
	for _, step := range steps {
		for _, f := range step.Findings {
			members[f.Statement()] = true
		}
	}
	choose := o.Choose
	o.Choose = func(f *score.Finding) bool { return members[f.Statement()] && choose(f) }
	p, err := Make(before, o)
	if err != nil {
		return nil, false, err
	}
	w := &Way{Goal: g, Steps: steps, From: s.from, Expected: s.reached(), Bounded: s.bounded, Plan: p}
	w.nameSteps()
	w.End, _ = g.of(p.After)
	w.Reached = w.End >= g.Score
	if n := p.After.Namespace(g.Namespace); n != nil {
		w.Capped = n.Capped
	}
	return w, !s.exhausted && !s.bounded, nil
}

// nameSteps gives the steps whose fixes came with others their titles.
func (w *Way) nameSteps() {
	for i := range w.Steps {
		for _, a := range w.Plan.Applied {
			if w.Steps[i].Title == "" && a.Finding.Statement() == w.Steps[i].Findings[0].Statement() {
				w.Steps[i].Title = a.Fix.Title
			}
		}
	}
}

// learn notes the findings of steps that the plan left; it reports whether there are
// any.
func (w *Way) learn(failed map[string]bool) bool {
	before := len(failed)
	for _, c := range w.Plan.Conflicts {
		failed[c.Finding.Statement()] = true
	}
	for _, left := range [][]Left{w.Plan.Skipped, w.Plan.Held} {
		for _, l := range left {
			failed[l.Finding.Statement()] = true
		}
	}
	for _, f := range w.Plan.Undecided {
		failed[f.Statement()] = true
	}
	return len(failed) > before
}

// of returns what an assessment scores, and whether it scores at all.
func (g Goal) of(a *score.Assessment) (points float64, scored bool) {
	if g.Namespace == "" {
		return a.Score, a.Scored
	}
	n := a.Namespace(g.Namespace)
	if n == nil {
		return 0, false
	}
	return n.Score, n.Scored
}

// search walks towards a goal.
type search struct {
	Options
	before    *score.Assessment
	goal      Goal
	fixer     *audit.Fixer
	fields    []*field
	from      float64
	exhausted bool // there is no further step
	bounded   bool
}

func newSearch(before *score.Assessment, g Goal, o Options, failed map[string]bool) *search {
	if o.Target == nil {
		o.Target = View(before.Cluster)
	}
	s := &search{Options: o, before: before, goal: g, fixer: audit.NewFixer(before.Cluster)}
	for _, n := range before.Namespaces {
		if n.Scored && (g.Namespace == "" || n.Name == g.Namespace) {
			s.fields = append(s.fields, newField(before.Cluster, n, func(f *score.Finding) bool {
				return o.Choose(f) && !failed[f.Statement()]
			}))
		}
	}
	s.from = s.reached()
	return s
}

// reached is the score of the goal now, not rounded.
func (s *search) reached() float64 { return s.scoreBy(func(x float64) float64 { return x }) }

func (s *search) scoreBy(rounded func(float64) float64) float64 {
	if s.goal.Namespace != "" {
		return rounded(s.fields[0].standing.Score)
	}
	return rounded(s.before.ScoreIf(s.scores(rounded)))
}

func (s *search) scores(rounded func(float64) float64) func(*score.Namespace) float64 {
	now := make(map[*score.Namespace]float64, len(s.fields))
	for _, f := range s.fields {
		now[f.namespace] = rounded(f.standing.Score)
	}
	return func(n *score.Namespace) float64 { return now[n] }
}

// least is the smallest gain that is one: less is the noise of sums.
const least = 1e-9

// walk takes steps until the score is reached, or there is none that gains.
func (s *search) walk(aim float64) []Step {
	var steps []Step
	for s.scoreBy(score.Round) < aim {
		f, m := s.next()
		if f == nil {
			s.exhausted = true
			break
		}
		if len(steps)+len(m.candidates) > s.goal.Most {
			s.bounded = true
			break
		}
		was := s.reached()
		for _, c := range m.candidates {
			restarts := s.restarts(f, c)
			f.take(c, restarts > 0)
			is := s.reached()
			steps = append(steps, Step{c.findings, c.title, max(0, is-was), is, restarts})
			was = is
		}
		f.sought = false
	}
	return steps
}

// next returns the best step of all, or steps that gain only together; nil if there is
// none.
func (s *search) next() (*field, move) {
	for {
		counted := s.before.Counted(s.scores(func(x float64) float64 { return x }))
		var best *field
		worth := 0.0
		for _, f := range s.fields {
			weight := 1.0
			if s.goal.Namespace == "" {
				if weight = f.namespace.Weight(); !counted(f.namespace) {
					continue
				}
			}
			f.seek(s.goal.Sparing)
			if value := f.best.value * weight; f.best.value > least && value > worth {
				best, worth = f, value
			}
		}
		if best == nil {
			return nil, move{}
		}
		usable := true
		for _, c := range best.best.candidates {
			if !s.usable(c) {
				best.drop(c)
				usable = false
			}
		}
		if usable {
			return best, best.best
		}
		best.sought = false
	}
}

// usable asks for the fixes of a candidate. What was implied, and has none yet, is taken
// for one that will have: the plan shows it, and [Way.learn] hears of it.
func (s *search) usable(c *candidate) bool {
	c.fixes = nil
	for i, f := range c.findings {
		if !f.Fixable && f.Implied != "" {
			continue // its fix is known only when what implies it is gone
		}
		fixes := s.fixer.Fixes(f.Placed)
		if len(fixes) == 0 || s.Hold(f, fixes[0]) != "" || s.Target.Try(f.Subject, fixes[0]) != nil {
			return false
		}
		if i == 0 {
			c.title = fixes[0].Title
		}
		c.fixes = append(c.fixes, fixes[0])
	}
	return true
}

// restarts is how many pods a candidate makes again that no step has made again.
func (s *search) restarts(f *field, c *candidate) int {
	if f.restarted[c.subject] {
		return 0
	}
	for _, one := range c.fixes {
		for _, e := range one.Edits {
			if (e.Object.IsZero() || e.Object == c.subject) && isOfTemplate(e.Path) {
				return pods(s.before.Cluster, c.subject)
			}
		}
	}
	if len(c.fixes) == 0 {
		return c.pods
	}
	return 0
}

// compareCandidates orders candidates that gain the same: as the result has them or, to be
// sparing, by what they make again first.
func (f *field) compareCandidates(a, b *candidate, sparing bool) int {
	if sparing {
		if by := cmp.Compare(f.cost(a), f.cost(b)); by != 0 {
			return by
		}
	}
	return cmp.Compare(a.position, b.position)
}

// perPod is what a gain is worth where pods count: that of a step that makes none
// again is as it is.
func perPod(gain float64, pods int) float64 { return gain / float64(1+pods) }
