package cause

import (
	"cmp"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// notDetermined is the pattern of a cause that nobody knows.
const notDetermined = "not-determined"

// candidate is a pattern that holds, with what it weighs.
type candidate struct {
	pattern  *Pattern
	subject  *subject
	weighing weighing
	points   int
	band     Band
}

// Diagnose says what is likely to have caused an incident.
func Diagnose(c *Case) *Diagnosis {
	q := newInquiry(c)
	d := &Diagnosis{}
	if len(q.live) == 0 {
		d.Causes = []Cause{{
			Pattern: notDetermined, Title: "not determined",
			Unknown: []string{"the incident has no signal that still holds"},
			Fix:     "Nothing is left to mend; its past is in the timeline.",
		}}
		q.changes(d, change.Unexplained)
		return d
	}
	all := q.candidates()
	mechanism := q.mechanismOf()
	if len(all) > 0 && all[0].band > NotDetermined {
		mechanism = cmp.Or(all[0].pattern.Mechanism, mechanism)
		d.Causes = append(d.Causes, q.cause(&all[0]))
		if len(all) > 1 && all[1].band > NotDetermined && all[0].points-all[1].points < closeBy {
			d.Causes = append(d.Causes, q.cause(&all[1]))
		}
	} else {
		d.Causes = []Cause{q.unclear(all)}
	}
	q.changes(d, mechanism)
	return d
}

// candidates returns the patterns that hold, the best first.
func (q *inquiry) candidates() []candidate {
	var all []candidate
	for _, p := range Patterns() {
		s := q.about(q.of(p.Signals...))
		if s == nil || !p.gate(q, s) {
			continue
		}
		one := candidate{pattern: p, subject: s}
		w := &one.weighing
		for _, r := range p.Reads {
			w.sees(q, r, s.namespace())
		}
		p.weigh(q, s, w)
		if w.vetoed {
			continue
		}
		q.rooted(&one)
		if p.Unchecked != "" {
			w.unknown("not checked: %s", p.Unchecked)
		}
		one.points, one.band = w.confidence(p.Logs)
		all = append(all, one)
	}
	slices.SortStableFunc(all, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.points, a.points), cmp.Compare(b.weighing.points-b.weighing.against, a.weighing.points-a.weighing.against))
	})
	return all
}

// rooted notes against a pattern that it explains symptoms alone: the root of the
// incident stands above all that it is about.
func (q *inquiry) rooted(one *candidate) {
	root := q.live[0]
	for _, s := range one.subject.signals {
		if s.Identity() == root.Identity() || s.Detector.Rung <= root.Detector.Rung {
			return
		}
	}
	// The signals that a pattern knows may be of the root and left out by its gate.
	if slices.Contains(one.pattern.Signals, root.Detector.ID) || slices.Contains(one.pattern.Explains, root.Detector.ID) {
		return
	}
	one.weighing.strongly("does not explain the root: %s", sentenceOf(root))
}

// sentenceOf says a signal as part of a sentence: "node n1 is short of disk".
func sentenceOf(s *triage.Watched) string {
	if strings.HasPrefix(s.Message, "the ") {
		return short(s.Object) + ": " + s.Message
	}
	return short(s.Object) + " " + s.Message
}

// short names an object as kubectl does, and what has no namespace by its kind.
func short(ref kube.Ref) string {
	if ref.Namespace == "" {
		return strings.ToLower(ref.Kind) + " " + ref.Name
	}
	return ref.Short()
}

func (q *inquiry) cause(one *candidate) Cause {
	p, s, w := one.pattern, one.subject, &one.weighing
	fix := p.fix(q, s)
	commands, spare := settled(p.commands(q, s))
	undoes := slices.ContainsFunc(commands, func(c Command) bool { return c.Writes && slices.Contains(c.Args, "undo") })
	if release := q.managed(s.workload); undoes && release != "" {
		fix += " " + s.name() + " is part of " + release + ": change it there, or what is done by hand is undone."
	}
	return Cause{
		Pattern: p.ID, Title: p.title(q, s), Confidence: one.points, Band: one.band,
		For: texts(w.supporting), Against: texts(w.contrary), Unknown: texts(w.notKnown),
		Fix: fix, Commands: commands, spare: append(spare, q.anyway(s)...),
	}
}

// unclear is what is said where no pattern is possible: which came nearest, and the
// check that tells most.
func (q *inquiry) unclear(all []candidate) Cause {
	root := q.live[0]
	c := Cause{Pattern: notDetermined, Title: "not determined", Fix: "Look first: no known cause has enough evidence."}
	if len(all) > 0 {
		nearest := q.cause(&all[0])
		c.Confidence = nearest.Confidence
		c.For, c.Against, c.Unknown = nearest.For, nearest.Against, nearest.Unknown
		c.Commands, c.spare = nearest.Commands, nearest.spare
		c.Unknown = append([]string{"nearest: " + nearest.Title}, c.Unknown...)
		return titled(c)
	}
	c.Unknown = []string{"no known pattern fits " + sentenceOf(root)}
	for _, resource := range q.unseen() {
		c.Unknown = append(c.Unknown, "not read: "+resource)
	}
	s := q.about([]*triage.Watched{root})
	if r, held := kube.ResourceOf(root.Object.Group, root.Object.Kind); held && !r.IsZero() {
		c.Commands = append(c.Commands, q.describe(root.Object, "what it says of itself, and its events"))
	}
	if s.pod != nil && triage.Started(s.pod) {
		c.Commands = append(c.Commands, q.logs(s, "what it writes", "--since=10m"))
	}
	if s.workload != nil {
		c.Commands = append(c.Commands, q.podsOf(s.workload, "how many pods of it are hit"))
	}
	c.Commands, c.spare = settled(append(c.Commands, q.complaints(root.Object.Namespace)))
	c.spare = append(c.spare, q.anyway(s)...)
	return titled(c)
}

// titled names the check that tells most: the first.
func titled(c Cause) Cause {
	if len(c.Commands) > 0 {
		c.Title += ": check " + c.Commands[0].About
	}
	return c
}
