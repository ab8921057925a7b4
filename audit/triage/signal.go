package triage

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Signal is one thing that is wrong with one object.
type Signal struct {
	Detector *Detector
	// Object shows it: a Pod, a Node, a Deployment that gets no pods.
	Object kube.Ref
	// Workload is the top of the object's owner chain, zero where there is none.
	Workload kube.Ref
	// Container is the container of the pod that it is about, or another part of the
	// object that has a name (a webhook); "" for the object itself.
	Container string
	// Cause is a slug that tells the ways apart in which the same goes wrong
	// ("not-found", "credentials"); "unparsed" where a component said what nobody
	// knows how to read, "" where there is only one way.
	Cause string
	// Message says it in one line, without the object's name and without any value
	// that may be secret: "crashes 4 s after its start, exit 1, 9 restarts".
	Message string
	// Raw is what a component said, in its own words; "" if nothing. It is text of
	// the cluster: whoever shows it makes it harmless first.
	Raw string

	// Since is from when it holds, by the API server's clock and by what objects
	// say. It may be in the future: a lease that is not renewed goes stale. Zero
	// where no object says: it then counts from when it was first seen.
	Since time.Time
	// Estimated says that Since is worked out and not recorded: shown with "~".
	Estimated bool
	// After is for how long it must have held before it counts; the detector's if zero.
	After time.Duration
	// Until is when it ceases to hold although nothing changes: a crash of an hour
	// ago. Zero for never.
	Until time.Time

	// Severity is how bad it is by itself; zero if that is for [Impact] to say.
	Severity Severity
	// Least is how bad it is at the least where Impact says: a new revision that cannot
	// start is a problem also while the old one serves. Zero for no floor.
	Least Severity
	// Mild says that it is of no consequence while the workload is being rolled
	// out, which explains it: it then is S4.
	Mild bool
	// Keys are what may explain it beyond its owner, its revision, its node and its
	// image, which [KeysOf] finds for each pod.
	Keys []Key
}

// Identity tells signals apart: the same object, wrong in the same way. The way it
// came to that (Cause) may change while it lasts.
type Identity struct {
	Detector  string
	Object    kube.Ref
	Container string
}

// Identity returns what the signal is known by from view to view.
func (s *Signal) Identity() Identity {
	return Identity{s.Detector.ID, s.Object, s.Container}
}

// after is how long the signal must have held before it counts.
func (s *Signal) after() time.Duration { return cmp.Or(s.After, s.Detector.After) }

// Holds reports whether the signal is true at a time.
func (s *Signal) Holds(now time.Time) bool {
	return !s.Since.After(now) && (s.Until.IsZero() || s.Until.After(now))
}

// compareSignals orders by detector, object and container, which is all that
// tells the signals of one view apart.
func compareSignals(a, b *Signal) int {
	if by := compareIdentities(a, b); by != 0 {
		return by
	}
	return strings.Compare(a.Cause, b.Cause)
}

// compareIdentities orders as the Identity of signals has it. Most are told apart by
// their detector: the rest is looked at only where it is the same.
func compareIdentities(a, b *Signal) int {
	if a == b {
		return 0
	}
	if a.Detector != b.Detector {
		if by := strings.Compare(a.Detector.ID, b.Detector.ID); by != 0 {
			return by
		}
	}
	if by := kube.CompareRefs(a.Object, b.Object); by != 0 {
		return by
	}
	return strings.Compare(a.Container, b.Container)
}

// CompareIdentities orders signals as reports list them: by detector, object and
// container.
func CompareIdentities(a, b *Signal) int { return compareIdentities(a, b) }

// sameSignal reports whether two signals say the same.
func sameSignal(a, b *Signal) bool {
	return a == b || a.Detector == b.Detector && a.Object == b.Object && a.Container == b.Container && a.Workload == b.Workload && sayAlike(a, b)
}

func sayAlike(a, b *Signal) bool {
	return a.Cause == b.Cause && a.Message == b.Message && a.Raw == b.Raw && a.After == b.After &&
		a.Since.Equal(b.Since) && a.Until.Equal(b.Until) && a.Estimated == b.Estimated &&
		a.Severity == b.Severity && a.Least == b.Least && a.Mild == b.Mild && slices.Equal(a.Keys, b.Keys)
}
