package audit

import (
	"cmp"
	"fmt"
	"slices"
	"sync"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// judged is a rule and the category that it counts for.
type judged struct {
	rule     *Rule
	category string
}

// group is the rules that judge the same subjects one by one, and what they
// last said.
type group struct {
	listing   listing
	rules     []judged
	index     map[*Rule]int
	ownPods   mask // the rules that look at the pods of a workload
	resources map[schema.GroupKind]*kube.Resource
	spaces    map[string]*space // by namespace

	mu   sync.Mutex
	held map[string]*stance // by its verdicts: with those, and with nothing else
}

// space is what rules say of one namespace. It never changes.
type space struct {
	records []*record // in the order of the listing
	tallies []*Tally  // by rule; shared with other namespaces
}

// record is what the rules of a group say of one subject. It never changes. There are
// more of them than of anything but pods, and nearly all say nothing: so the name of
// the subject is that of what was judged, and only findings have a [Place].
type record struct {
	value    any            // what was judged
	resource *kube.Resource // of an object; nil where the value tells
	*stance
}

// subject names what was judged.
func (r *record) subject() kube.Ref {
	switch v := r.value.(type) {
	case *kube.Workload:
		return v.Ref
	case kube.Object:
		return r.resource.Ref(v.GetNamespace(), v.GetName())
	case string:
		return kube.Namespaces.Ref("", v)
	}
	panic(fmt.Sprintf("judging %T, which has no name", r.value))
}

// stance is what the rules of a group say of a subject. Those of which they say
// the same, without a finding, share one.
type stance struct {
	verdicts []verdict // by rule
	whys     []why     // of the verdicts that are unknown, by rule
	findings []Placed  // ordered by [CompareFindings]
}

// why is the reason for which the verdict of a rule is unknown.
type why struct {
	rule int // its index in the group
	text string
}

// task is a subject that some rules are due to judge.
type task struct {
	subject       Subject
	place         *Place  // of its findings, nil before the first
	before, after *record // before is nil for a new subject
	due           mask
	at            int // where it is among the records
}

// revision is how the records of a namespace changed.
type revision struct{ gone, come []*record }

func newGroup(l listing) *group {
	g := &group{
		listing: l, index: map[*Rule]int{}, spaces: map[string]*space{}, held: map[string]*stance{},
		resources: map[schema.GroupKind]*kube.Resource{},
	}
	for _, r := range append(slices.Clone(l.mixes), l.resource) {
		g.resources[schema.GroupKind{Group: r.Group, Kind: r.Kind}] = &r
	}
	return g
}

func (g *group) add(r judged) {
	g.index[r.rule] = len(g.rules)
	g.rules = append(g.rules, r)
	g.ownPods = append(g.ownPods, g.listing.kind == workloads && slices.Contains(r.rule.Reads, kube.Pods))
}

// judge brings a namespace up to date with the view of the pass. The space is nil if
// there was nothing to do, and changed is false if all is as it was.
func (g *group) judge(p *Pass, ch *changes, namespace string, watch Stopwatch) (after *space, rev revision, changed bool) {
	before, due := g.spaces[namespace], make(mask, len(g.rules))
	for i, r := range g.rules {
		due[i] = ch.concern(r.rule, g.listing.roll, namespace)
	}
	if before != nil && due.none() && !ch.subjects(g.listing, namespace) {
		return nil, revision{}, false
	}
	if before == nil {
		before = &space{}
	}
	after = &space{}
	tallies := make([]Tally, len(g.rules))
	for i, r := range g.rules {
		tallies[i] = newTally(p.Cluster, r, namespace)
	}
	todo, rev := g.match(p, ch, namespace, before, after, due)
	g.judgeAll(p, tallies, todo, watch)
	for _, t := range todo {
		t.after.findings = ordered(t.after.findings)
		slices.SortFunc(t.after.whys, func(a, b why) int { return cmp.Compare(a.rule, b.rule) })
		t.after.stance = g.shared(t.after.stance)
		if t.before != nil && t.before.says(t.after.stance) {
			t.after.stance = t.before.stance // so that nobody has to look at its findings again
			continue
		}
		rev.come = append(rev.come, t.after)
		if t.before != nil {
			rev.gone = append(rev.gone, t.before)
		}
	}
	after.count(tallies, p.shared)
	return after, rev, len(rev.gone) > 0 || len(rev.come) > 0 || !slices.EqualFunc(before.tallies, after.tallies, sameTally)
}

// match lists the subjects of a namespace, takes over the records of those that
// nothing changed for, and returns what is to be judged, and the records of
// subjects that are no more.
func (g *group) match(p *Pass, ch *changes, namespace string, before, after *space, due mask) (todo []task, rev revision) {
	todo = p.todo[:0]
	defer func() { p.todo = todo }()
	known := before.records
	renamed := g.listing.kind == namespaces // a name stays the same whatever becomes of the object
	for subject, value := range g.listing.in(p.Cluster, namespace) {
		var held *record
		for len(known) > 0 && held == nil {
			by := kube.CompareRefs(known[0].subject(), subject.Ref)
			if by > 0 {
				break
			}
			if by < 0 {
				rev.gone = append(rev.gone, known[0])
			} else {
				held = known[0]
			}
			known = known[1:]
		}
		t := task{subject: subject, before: held, due: due, at: len(after.records)}
		switch {
		case held == nil || held.value != value || renamed && ch.has(kube.Namespaces, namespace):
			t.due = full(len(g.rules))
		case ch.podsChanged(subject.Ref):
			t.due = due.or(g.ownPods)
		}
		if held != nil && t.due.none() {
			after.records = append(after.records, held)
			continue
		}
		t.after = g.draft(held, subject, value, t.due)
		if held != nil && len(held.findings) > 0 {
			t.place = held.findings[0].Place
		}
		todo = append(todo, t)
		after.records = append(after.records, t.after)
	}
	rev.gone = append(rev.gone, known...)
	return todo, rev
}

// draft returns a record with what the rules that are not due said before.
func (g *group) draft(held *record, subject Subject, value any, due mask) *record {
	r := &record{value: value, resource: g.resourceOf(subject.Ref, value), stance: &stance{verdicts: make([]verdict, len(g.rules))}}
	if held == nil {
		return r
	}
	copy(r.verdicts, held.verdicts)
	for _, w := range held.whys {
		if !due[w.rule] {
			r.whys = append(r.whys, w)
		}
	}
	for i := range held.findings {
		if !due[g.index[held.findings[i].Rule]] {
			r.findings = append(r.findings, held.findings[i])
		}
	}
	return r
}

// resourceOf returns the resource of a subject; nil where the value names it.
func (g *group) resourceOf(subject kube.Ref, value any) *kube.Resource {
	switch value.(type) {
	case *kube.Workload, string:
		return nil
	}
	if r := g.resources[schema.GroupKind{Group: subject.Group, Kind: subject.Kind}]; r != nil {
		return r
	}
	r, _ := kube.ResourceOf(subject.Group, subject.Kind) // that of constraints has many kinds
	return &r
}

// judgeAll has each rule judge the subjects that it is due for.
func (g *group) judgeAll(p *Pass, tallies []Tally, todo []task, watch Stopwatch) {
	for i := range g.rules {
		subjects := 0
		watch.Begin()
		for at := range todo {
			t := &todo[at]
			if !t.due[i] {
				continue
			}
			if tallies[i].Coverage == 0 {
				t.after.verdicts[i] = unread
				continue
			}
			subjects++
			t.after.verdicts[i] = p.judge(&g.rules[i], t)
			t.after.findings = append(t.after.findings, p.found...)
			if t.after.verdicts[i] == unknown {
				t.after.whys = append(t.after.whys, why{i, p.shared.text(p.why)})
			}
		}
		watch.End(g.rules[i].rule, subjects)
	}
}

// count fills in the tallies, which are as if nothing had been judged yet.
func (s *space) count(tallies []Tally, shared *sharing) {
	for _, r := range s.records {
		whys := r.whys
		for i, v := range r.verdicts {
			text := ""
			if v == unknown {
				text, whys = whys[0].text, whys[1:]
			}
			tallies[i].count(v, text)
		}
	}
	s.tallies = make([]*Tally, len(tallies))
	for i := range tallies {
		s.tallies[i] = shared.tally(tallies[i].settled())
	}
}

// mostHeld is how many stances of a group are remembered.
const mostHeld = 1 << 12

// shared returns the one stance that says the same, if there is neither a finding nor
// a reason in it; else the stance with the verdicts of that one.
func (g *group) shared(s *stance) *stance {
	key := make([]byte, len(s.verdicts))
	for i, v := range s.verdicts {
		key[i] = byte(v)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	held, ok := g.held[string(key)]
	if !ok {
		if len(g.held) >= mostHeld {
			clear(g.held)
		}
		held = &stance{verdicts: s.verdicts}
		g.held[string(key)] = held
	}
	if len(s.findings) == 0 && len(s.whys) == 0 {
		return held
	}
	s.verdicts = held.verdicts
	return s
}

// ordered returns findings in order and in memory of their size: they are kept
// for as long as nothing changes.
func ordered(findings []Placed) []Placed {
	slices.SortStableFunc(findings, func(a, b Placed) int { return CompareFindings(&a, &b) })
	if len(findings) == cap(findings) {
		return findings
	}
	return append(make([]Placed, 0, len(findings)), findings...)
}

// says reports whether two stances on a subject are the same.
func (s *stance) says(other *stance) bool {
	return s == other || slices.Equal(s.verdicts, other.verdicts) && slices.Equal(s.whys, other.whys) &&
		slices.EqualFunc(s.findings, other.findings, sameFinding)
}

// mask marks rules of a group.
type mask []bool

func full(n int) mask {
	m := make(mask, n)
	for i := range m {
		m[i] = true
	}
	return m
}

func (m mask) none() bool { return !slices.Contains(m, true) }

func (m mask) or(other mask) mask {
	both := slices.Clone(m)
	for i := range both {
		both[i] = both[i] || other[i]
	}
	return both
}
