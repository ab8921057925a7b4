package incident

import (
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
	before []triage.Signal
	gone   map[triage.Identity]time.Time // since when an object is missing, of those disbelieved
}

func newMemory() memory { return memory{gone: map[triage.Identity]time.Time{}} }

// keep returns what was detected, and of what was known before what must not be
// taken for well: a detector that is blind says nothing, and objects that are gone
// all at once may be back in a moment.
func (m *memory) keep(c *kube.Cluster, detected []triage.Signal, now time.Time) []triage.Signal {
	seen := make(map[triage.Identity]bool, len(detected))
	for i := range detected {
		seen[detected[i].Identity()] = true
	}
	var unseen, missing []triage.Signal
	for i := range m.before {
		s := &m.before[i]
		switch {
		case seen[s.Identity()]:
			delete(m.gone, s.Identity())
		case blind(c, s):
			unseen = append(unseen, *s)
		case !c.Has(s.Object):
			missing = append(missing, *s)
		default:
			delete(m.gone, s.Identity())
		}
	}
	all := detected
	if len(unseen)+len(missing) > 0 {
		all = append(append([]triage.Signal(nil), detected...), unseen...)
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
	m.before = all
	return all
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
