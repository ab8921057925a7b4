package incident

import (
	"slices"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// A list that is read anew may look as if nearly everything were deleted: if so many
// objects with signals are gone at once, and that share of all in percent, their
// signals are believed to hold for a while.
const (
	massDeletion = 10
	massShare    = 50
	disbelief    = 10 * time.Second
)

// memory keeps signals that are not seen any more only because nobody can look.
type memory struct {
	before []*triage.Signal
	gone   map[triage.Identity]time.Time // since when an object is missing, of those disbelieved
}

func newMemory() memory { return memory{gone: map[triage.Identity]time.Time{}} }

// keep returns what was detected, and of what was known before what must not be
// taken for well: a detector that is blind says nothing, and objects that are gone
// all at once may be back in a moment.
func (m *memory) keep(c *kube.Cluster, detected []*triage.Signal, now time.Time) []*triage.Signal {
	var unseen, missing []*triage.Signal
	for _, s := range vanished(m.before, detected) {
		switch {
		case blind(c, s):
			unseen = append(unseen, s)
		case !c.Has(s.Object):
			missing = append(missing, s)
		default:
			delete(m.gone, s.Identity())
		}
	}
	m.see(detected)
	all := detected
	if len(unseen)+len(missing) > 0 {
		all = slices.Concat(detected, unseen)
	}
	mass := len(missing) >= massDeletion && 100*len(missing) >= massShare*len(m.before)
	for _, s := range missing {
		since, disbelieved := m.gone[s.Identity()]
		switch {
		case !disbelieved && mass:
			m.gone[s.Identity()] = now
			all = append(all, s)
		case disbelieved && now.Sub(since) < disbelief:
			all = append(all, s)
		default:
			delete(m.gone, s.Identity())
		}
	}
	if len(all) > len(detected) {
		slices.SortStableFunc(all, triage.CompareIdentities)
	}
	m.before = all
	return all
}

// see notes that signals are there again.
func (m *memory) see(detected []*triage.Signal) {
	for id := range m.gone {
		if _, seen := slices.BinarySearchFunc(detected, id, func(s *triage.Signal, id triage.Identity) int { return compareIdentities(s.Identity(), id) }); seen {
			delete(m.gone, id)
		}
	}
}

// vanished returns the signals of which none has the Identity any more. Both are in
// the order of that, and nearly all are the same.
func vanished(before, now []*triage.Signal) []*triage.Signal {
	var gone []*triage.Signal
	for _, s := range before {
		for len(now) > 0 && now[0] != s && triage.CompareIdentities(now[0], s) < 0 {
			now = now[1:]
		}
		if len(now) == 0 || now[0] != s && now[0].Identity() != s.Identity() {
			gone = append(gone, s)
		}
	}
	return gone
}

// blind reports whether the detector of a signal cannot look where its object is.
func blind(c *kube.Cluster, s *triage.Signal) bool {
	namespace := s.Object.Namespace
	if s.Detector.Wide {
		namespace = ""
	}
	for _, r := range s.Detector.Reads {
		if _, is := triage.Unseen(c, r, namespace); is {
			return true
		}
	}
	return false
}

// next is when the first of the missing is given up, zero if none is.
func (m *memory) next() time.Time {
	var next time.Time
	for _, since := range m.gone {
		if at := since.Add(disbelief); next.IsZero() || at.Before(next) {
			next = at
		}
	}
	return next
}
