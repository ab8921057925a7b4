package plan

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fix"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Options are what is to be planned, and how changes are tried.
type Options struct {
	// Choose reports whether a finding is to be fixed; nil means all of them.
	// Accepted findings never are.
	Choose func(*score.Finding) bool
	// Hold returns why a fix is held back, "" for one that is taken; nil means
	// [Restrained]. What it returns ends a sentence.
	Hold func(*score.Finding, audit.Fix) string
	// Prefer returns which of the fixes of a finding is tried first, from 0; nil means
	// the first. Where it cannot be made, does not help or brings a worse finding back,
	// the others are tried, best first. One that is held back is not replaced.
	Prefer func(*score.Finding) int
	// Judge assesses a view as the first one was assessed.
	Judge func(*kube.Cluster) (*score.Assessment, error)
	// Target says what changes lead to; nil means [View] of the first view.
	Target Target
}

// Target is what is changed.
type Target interface {
	// Try returns why a fix of the newest view cannot be made.
	Try(subject kube.Ref, f audit.Fix) error
	// View returns the view after a fix of the first view. It is the newest then.
	View(f audit.Fix) (*kube.Cluster, error)
}

// Applied is a fix that is part of a plan.
type Applied struct {
	// Finding is what it clears: of the first view, or one that came with another
	// fix of the plan.
	Finding *score.Finding
	Fix     audit.Fix
	// Ways are all fixes that it has, best first; Instead those that were to be tried
	// before Fix and cannot be made or do not help.
	Ways    []audit.Fix
	Instead []Rejected

	draft *draft // the fix alone
	round int
	rank  int // in its round: how many findings are worse
}

// Left is a finding that was chosen, has a fix, and is not fixed by the plan.
type Left struct {
	Finding *score.Finding
	Fix     audit.Fix
	Why     string // in words that end a sentence
}

// Conflict is a fix that was left out because another finding would be back.
type Conflict struct {
	Finding *score.Finding
	Fix     audit.Fix
	With    *score.Finding // what is fixed instead
}

// Restrained says why a fix of a finding should be made only by somebody who asked for
// it: it changes what the cluster itself runs on ([kube.Platform]), which mostly needs
// the power that a rule finds too much (kube-proxy is privileged), or it is [Drastic]. It
// is "" for others.
func Restrained(f *score.Finding, x audit.Fix) string {
	if f.Home().Group == score.Platform {
		return "it changes what the cluster itself runs on"
	}
	return Drastic(x)
}

// Drastic says why a fix should be made only by somebody who asked for it: it deletes
// objects, which takes rights away and which nothing takes back that was not saved, or
// it creates network policies, which cut what they do not allow, or the rule itself
// calls it tentative. It is "" for others.
func Drastic(f audit.Fix) string {
	if len(f.Delete) > 0 {
		return "it deletes " + named(f.Delete)
	}
	if CutsConnections(f) {
		return "it cuts connections"
	}
	return f.Tentative
}

// CutsConnections reports whether a fix creates network policies.
func CutsConnections(f audit.Fix) bool {
	return slices.ContainsFunc(f.New, func(o audit.Object) bool {
		ref, ok := fix.RefOf(o)
		return ok && ref.Kind == kube.NetworkPolicies.Kind
	})
}

// Plan is a set of changes and what they would do.
type Plan struct {
	Before, After *score.Assessment
	// Fix is all of it, a fix of the first view; each of its edits names its object.
	Fix     audit.Fix
	Applied []*Applied // in the order in which they are made
	Objects []Object   // what is changed, by [kube.CompareRefs]
	// Conflicts, Skipped and Held are what was chosen, has a fix, and is left: because
	// another finding would be back, because the fix cannot be made or does not help,
	// and because it is held back. Undecided has no fix that is known
	// to be right: a person must decide.
	Conflicts []Conflict
	Skipped   []Left
	Held      []Left
	Undecided []*score.Finding
	// Cleared are the open findings of before that are gone, Raised those that come.
	Cleared, Raised []*score.Finding
	// Restarts is how many running pods have to be made again.
	Restarts int
}

// Empty reports whether the plan changes nothing.
func (p *Plan) Empty() bool { return len(p.Objects) == 0 }

// mostRounds bounds how often is judged again. Three rounds are common.
const mostRounds = 12

// Make makes the plan of an assessment. The error is of [Options.Judge], or of
// [Target.View] where it fails whatever is changed.
func Make(before *score.Assessment, o Options) (*Plan, error) {
	o = o.filled()
	m := &maker{Options: o, before: before, banned: map[way]ban{}}
	for {
		if m.Target = o.Target; m.Target == nil {
			m.Target = View(before.Cluster)
		}
		p, done, err := m.attempt()
		if err != nil {
			return nil, err
		}
		if done {
			p.effects()
			return p, nil
		}
		if o.Target != nil { // as it was at first
			if _, err := o.Target.View(audit.Fix{}); err != nil {
				return nil, err
			}
		}
	}
}

// filled returns the options with what nil means.
func (o Options) filled() Options {
	if o.Choose == nil {
		o.Choose = func(*score.Finding) bool { return true }
	}
	if o.Hold == nil {
		o.Hold = Restrained
	}
	return o
}

type maker struct {
	Options
	before *score.Assessment
	banned map[way]ban
}

// attempt makes a plan; false if a fix has to be banned and all begins anew.
func (m *maker) attempt() (*Plan, bool, error) {
	p := &Plan{Before: m.before, After: m.before}
	implied := false
	for round := range mostRounds {
		d, taken, err := m.round(p.After, implied, round)
		if err != nil {
			return nil, false, err
		}
		if d.empty() && implied {
			break
		}
		if d.empty() {
			implied = true // what follows from a finding that nobody can fix
			continue
		}
		first := p.Fix
		view, err := m.view(p, d)
		if err != nil {
			return nil, false, m.blame(first, taken, err)
		}
		last := p.After
		if p.After, err = m.Judge(view); err != nil {
			return nil, false, err
		}
		p.Applied = append(p.Applied, taken...)
		if m.forbid(p, last, round) {
			return nil, false, nil
		}
	}
	m.leftovers(p)
	return p, true, nil
}

// view takes a draft into a plan, and returns the view after all of it.
func (m *maker) view(p *Plan, d *draft) (*kube.Cluster, error) {
	merged, err := merge(p.Fix, d.fix)
	if err != nil {
		return nil, err
	}
	p.Fix = merged
	return m.Target.View(merged)
}

// blame bans the first of the fixes of a round, worst finding first, that cannot be made
// after those before it, although it can alone: what is said twice in a text by an anchor
// is one such case. It returns the error if it is none of them.
func (m *maker) blame(first audit.Fix, taken []*Applied, err error) error {
	taken = slices.SortedFunc(slices.Values(taken), func(a, b *Applied) int { return cmp.Compare(a.rank, b.rank) })
	var why error
	last := sort.Search(len(taken), func(i int) bool {
		d := newDraft()
		for _, a := range taken[:i+1] {
			if _, err := d.add(a.Finding.Subject, a.Fix); err != nil {
				return true
			}
		}
		_, failed := m.view(&Plan{Fix: first}, d)
		if failed != nil {
			why = failed
		}
		return failed != nil
	})
	if last == len(taken) {
		return err
	}
	if why == nil {
		why = err
	}
	m.banned[wayOf(taken[last].Finding, taken[last].Fix)] = ban{why: why.Error()}
	return nil
}

// candidates returns the findings that are to be fixed, worst first.
func (m *maker) candidates(a *score.Assessment) []*score.Finding {
	var all []*score.Finding
	for _, n := range a.Namespaces {
		for _, f := range n.Findings {
			if f.Accepted == nil && m.Choose(f) {
				all = append(all, f)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b *score.Finding) int {
		return cmp.Or(cmp.Compare(b.Severity, a.Severity), cmp.Compare(b.Points, a.Points), audit.CompareFindings(a.Placed, b.Placed))
	})
	return all
}

// round takes the fixes of an assessment that are independent of each other.
func (m *maker) round(a *score.Assessment, implied bool, number int) (*draft, []*Applied, error) {
	d, fixer := newDraft(), audit.NewFixer(a.Cluster)
	var taken []*Applied
	for _, f := range m.candidates(a) {
		if !f.Fixable || f.Implied != "" && !implied {
			continue
		}
		ways := fixer.Fixes(f.Placed)
		fixes := m.inOrder(f, ways)
		if len(fixes) == 0 || m.Hold(f, fixes[0]) != "" {
			continue
		}
		c, usable := m.pick(f, fixes)
		if !usable || m.Hold(f, c.fix) != "" {
			continue // leftovers says why
		}
		ok, err := d.add(f.Subject, c.fix)
		if err != nil {
			return nil, nil, err
		}
		if ok {
			taken = append(taken, &Applied{
				Finding: f, Fix: c.fix, Ways: ways, Instead: c.instead, draft: c.alone, round: number, rank: len(taken),
			})
		}
	}
	d, err := ordered(taken)
	return d, taken, err
}

// ordered sorts the fixes of a round by rule and place, and returns them as one draft.
// Any order is as good as another, and this one does not depend on what a finding
// costs: a diff stays the same where only that has changed.
func ordered(taken []*Applied) (*draft, error) {
	slices.SortStableFunc(taken, func(a, b *Applied) int {
		return cmp.Or(strings.Compare(a.Finding.Rule.ID, b.Finding.Rule.ID), audit.CompareFindings(a.Finding.Placed, b.Finding.Placed))
	})
	d := newDraft()
	for _, a := range taken {
		if _, err := d.add(a.Finding.Subject, a.Fix); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// forbid bans the fixes of the newest round that did not help or undid an earlier one,
// and reports whether there are any.
func (m *maker) forbid(p *Plan, last *score.Assessment, round int) bool {
	was, is := m.counted(last), m.counted(p.After)
	any := false
	for _, a := range p.Applied {
		key := a.Finding.Statement()
		switch {
		case is[key] == 0:
		case a.round == round && is[key] >= was[key]:
			m.banned[wayOf(a.Finding, a.Fix)] = ban{why: "the finding stays after its fix"}
			any = true
		case a.round < round && was[key] == 0:
			if other := culprit(p.Applied, a, round); other != nil {
				// Whichever came first: or a plan of the view after this one would go back.
				worse, lesser := a, other
				if compareUrgency(worse.Finding, lesser.Finding) > 0 {
					worse, lesser = lesser, worse
				}
				m.banned[wayOf(lesser.Finding, lesser.Fix)] = ban{with: worse.Finding}
				any = true
			}
		}
	}
	return any
}

// culprit returns the fix of a round, of several the least urgent, that changes what
// a fix of an earlier one is about; nil if there is none.
func culprit(all []*Applied, a *Applied, round int) *Applied {
	var found *Applied
	for _, other := range all {
		if other.round == round && touches(other.draft, a.draft) && (found == nil || other.rank > found.rank) {
			found = other
		}
	}
	return found
}

// compareUrgency orders findings that contradict each other, the one to fix first. What
// they cost does not count, which is another thing in each view.
func compareUrgency(a, b *score.Finding) int {
	return cmp.Or(
		cmp.Compare(b.Severity, a.Severity), strings.Compare(a.Rule.ID, b.Rule.ID), audit.CompareFindings(a.Placed, b.Placed),
	)
}

// counted counts candidates by what they say.
func (m *maker) counted(a *score.Assessment) map[string]int {
	counts := map[string]int{}
	for _, f := range m.candidates(a) {
		counts[f.Statement()]++
	}
	return counts
}

// leftovers tells of what was chosen and is still found.
func (m *maker) leftovers(p *Plan) {
	fixer := audit.NewFixer(p.After.Cluster)
	for _, f := range m.candidates(p.After) {
		var fixes []audit.Fix
		if f.Fixable {
			fixes = m.inOrder(f, fixer.Fixes(f.Placed))
		}
		if len(fixes) == 0 {
			if f.Implied == "" {
				p.Undecided = append(p.Undecided, f)
			}
			continue
		}
		if why := m.Hold(f, fixes[0]); why != "" {
			p.Held = append(p.Held, Left{f, fixes[0], why})
			continue
		}
		c, usable := m.pick(f, fixes)
		switch {
		case usable && m.Hold(f, c.fix) != "":
			p.Held = append(p.Held, Left{f, c.fix, m.Hold(f, c.fix)})
		case usable:
			p.Skipped = append(p.Skipped, Left{f, c.fix, fmt.Sprintf("it is not settled after %d rounds", mostRounds)})
		default:
			m.reject(p, f, c.instead)
		}
	}
}

// reject tells of a finding none of whose fixes can be taken: of a conflict if there is
// one, else of what is wrong with the first.
func (m *maker) reject(p *Plan, f *score.Finding, all []Rejected) {
	for _, r := range all {
		if with := m.banned[wayOf(f, r.Fix)].with; with != nil {
			p.Conflicts = append(p.Conflicts, Conflict{f, r.Fix, with})
			return
		}
	}
	p.Skipped = append(p.Skipped, Left{f, all[0].Fix, all[0].Why})
}

func named(refs []kube.Ref) string {
	names := make([]string, len(refs))
	for i, ref := range refs {
		names[i] = ref.String()
	}
	return strings.Join(names, ", ")
}

// errOfManifest is the fault of a fix that is about how an object is written down.
var errOfManifest = errors.New("it is about the manifest, and changes nothing in a cluster")

// objects is the target of objects as a view has them.
type objects struct{ first, newest *kube.Cluster }

// View is the target that a view's objects are.
func View(c *kube.Cluster) Target { return &objects{c, c} }

// Try makes the fix, and forgets it.
func (t *objects) Try(subject kube.Ref, f audit.Fix) error {
	if slices.ContainsFunc(f.Edits, func(e audit.Edit) bool { return e.Path == "apiVersion" || e.Path == "kind" }) {
		return errOfManifest
	}
	_, err := fix.Outcome(t.newest, subject, f)
	return err
}

// View changes the objects of the first view.
func (t *objects) View(f audit.Fix) (*kube.Cluster, error) {
	changes, err := fix.Outcome(t.first, kube.Ref{}, f)
	if err != nil {
		return nil, err
	}
	if t.newest, err = t.first.With(changes...); err != nil {
		return nil, err
	}
	return t.newest, nil
}
