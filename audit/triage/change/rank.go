package change

import (
	"cmp"
	"slices"
	"time"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Symptom is what changes are to explain.
type Symptom struct {
	Mechanism Mechanism
	Onset     time.Time // when it began, by the API server's clock
	Subject   kube.Ref  // the workload, node or other object that suffers
	// Namespace is the one in which it is seen, "" for what has none.
	Namespace string
	Nodes     []string // on which it is seen, or on which its pods are
	// References are what the subject refers to and what limits it: ConfigMaps, Secrets,
	// claims and their classes, its ServiceAccount, the Service that selects it, its
	// autoscaler and budget, what a message names, such as a quota or a webhook
	// configuration, and whatever else a signal was read from.
	References []kube.Ref
	Releases   []string // of which the subject is part: see [ReleasesOf]
	// Revisions says how the revisions of the subject fare, by their numbers as in
	// [Change.Revision]: nil or without an entry where that is not known.
	Revisions map[string]Health
}

// Health is how the pods of a revision fare.
type Health int

// The states of a revision.
const (
	Untold Health = iota
	Healthy
	Failing
)

// Contrast is what the health of two revisions says of the rollout between them.
type Contrast int

// What it may say.
const (
	NoContrast Contrast = iota
	// Convicted: the new revision fails while the one before is healthy.
	Convicted
	// Acquitted: the revision before fails as well, or the new one does not.
	Acquitted
)

// String returns the contrast in lower case, "" for none.
func (c Contrast) String() string { return name(int(c), "", "convicted", "acquitted") }

// Ranked is a change with how well it explains a symptom.
type Ranked struct {
	Change *Change
	// Relevance is Mechanism times Scope times Proximity, 0 to 1; 0 for what cannot
	// be the cause: a reaction, or a rollout that is acquitted.
	Relevance float64
	Mechanism float64 // whether such a change does this, 0 to 1
	Scope     float64 // how near it is to the subject, 0 to 1
	Proximity float64 // how shortly before the onset, 0 to 1
	Contrast  Contrast
	// Reaction is set for what came after the onset.
	Reaction bool
	// Unsure is set where the bound of the time leaves open whether it came before.
	Unsure bool
}

// grace is how much later than the onset a change may be recorded and still be its
// cause: a probe fails before the controller has written down what it did.
const grace = time.Minute

// Rank returns the changes that may have to do with a symptom: first those that may
// explain it, by contrast, relevance and time, then what is acquitted, then what came
// after, each the latest first. Changes out of reach are left out, and so is what came
// with its namespace and is not referred to; whether anything
// was recorded at all, and what could not be read, is for the caller to say.
func Rank(changes []Change, s Symptom) []Ranked {
	var all []Ranked
	for i := range changes {
		r := Ranked{Change: &changes[i]}
		r.Scope = s.scope(r.Change)
		if r.Scope == 0 || r.Change.Founding && r.Scope < referred {
			continue
		}
		r.Mechanism = s.mechanism(r.Change)
		r.Contrast = s.contrast(r.Change)
		r.Proximity, r.Reaction, r.Unsure = s.proximity(r.Change)
		if r.Contrast == Convicted && !r.Reaction {
			r.Mechanism, r.Proximity = 1, 1 // it fails there and not here, whenever that began
		}
		if !r.Reaction && r.Contrast != Acquitted {
			r.Relevance = r.Mechanism * r.Scope * r.Proximity
		}
		all = append(all, r)
	}
	slices.SortStableFunc(all, func(a, b Ranked) int {
		return cmp.Or(
			cmp.Compare(a.place(), b.place()),
			cmp.Compare(b.Relevance, a.Relevance),
			compareChanges(a.Change, b.Change),
		)
	})
	return all
}

// place is where a ranked change stands before relevance counts.
func (r *Ranked) place() int {
	switch {
	case r.Reaction:
		return 3
	case r.Contrast == Convicted:
		return 0
	case r.Contrast == Acquitted:
		return 2
	}
	return 1
}

// contrast compares the revisions of a rollout of the subject.
func (s *Symptom) contrast(ch *Change) Contrast {
	if !ch.rolls() || ch.Object != s.Subject && ch.Owner != s.Subject || ch.Revision == "" {
		return NoContrast
	}
	is, was := s.Revisions[ch.Revision], s.Revisions[ch.From]
	switch {
	case is == Failing && was == Healthy:
		return Convicted
	case is == Failing && was == Failing, is == Healthy:
		return Acquitted
	}
	return NoContrast
}

// farther is the weight of what happened at an unknown time before another one: as if
// it had been some two hours.
const farther = 0.4

// proximity weighs how long before the onset a change was.
func (s *Symptom) proximity(ch *Change) (weight float64, reaction, unsure bool) {
	before := s.Onset.Sub(ch.Time)
	if before < -grace {
		if ch.Bound == NotAfter { // or long before
			return farther, false, true
		}
		return 0, true, false
	}
	if ch.Bound == NotAfter && before <= 2*time.Hour {
		return farther, false, true
	}
	unsure = ch.Bound == NotBefore
	switch {
	case before <= 5*time.Minute:
		return 1, false, unsure
	case before <= 30*time.Minute:
		return 0.7, false, unsure
	case before <= 2*time.Hour:
		return 0.4, false, unsure
	case before <= 24*time.Hour:
		return 0.2, false, unsure
	}
	return 0.1, false, unsure
}

// referred is the scope of what the subject refers to.
const referred = 0.9

// scope weighs how near a change is to the subject.
func (s *Symptom) scope(ch *Change) float64 {
	switch {
	case ch.Object == s.Subject, !ch.Owner.IsZero() && ch.Owner == s.Subject:
		return 1
	case slices.Contains(s.References, ch.Object):
		return referred
	case slices.ContainsFunc(ch.Releases, func(release string) bool { return slices.Contains(s.Releases, release) }):
		return 0.7
	}
	inNamespace := s.Namespace != "" && (ch.Object.Namespace == s.Namespace || ch.Object == kube.Namespaces.Ref("", s.Namespace))
	switch area := areaOf(ch); {
	case area == Node:
		return s.nodeScope(ch)
	case s.Mechanism == NodeTrouble && infrastructure(ch):
		return 0.6
	case inNamespace:
		return 0.3
	case ch.Object.Namespace == "" && ch.Object.Kind != kube.Namespaces.Kind && ch.Object.Kind != kube.PersistentVolumes.Kind:
		return 0.6
	}
	return 0
}

// nodeScope weighs a change of a node. The capacity of a cluster is that of all its
// nodes.
func (s *Symptom) nodeScope(ch *Change) float64 {
	if slices.Contains(s.Nodes, ch.Object.Name) || s.Mechanism == Capacity {
		return 0.6
	}
	return 0
}
