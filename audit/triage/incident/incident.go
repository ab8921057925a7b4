package incident

import (
	"slices"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Report is what is broken at one moment.
type Report struct {
	Time time.Time // by the API server's clock
	// Incidents are those that are open or recovering, the worst first, and after
	// them those that were resolved within [triage.Remembered], the last one first.
	Incidents []*Incident
	// Suspects are signals that hold, but not for long enough to count.
	Suspects []triage.Watched
	// Notes has the signals of no consequence that belong to no incident, nil if
	// there are none. It is always S4 and bears the same ID.
	Notes *Incident
	// Signals is how many signals fire. Explained is how many of them have a reason
	// in common with another: those alone in their incident, and the notes, are not.
	Signals, Explained int
	// Known is how many signals are known at all, suspects and what is over among them.
	Known int
	// Blind are the detectors that cannot see all they read. What they saw before is
	// neither forgotten nor resolved.
	Blind []triage.Unknown
}

// State is how far an incident has come.
type State int

// The states of an incident.
const (
	Open       State = iota // a signal fires
	Recovering              // none does, but not for long enough to trust that
	Resolved                // it is over
)

// String returns the state in lower case, as reports print it.
func (s State) String() string { return [...]string{"open", "recovering", "resolved"}[s] }

// Incident is one thing to mend, and all that is wrong because of it. It belongs to
// the Report: nobody may change it. While it is open or recovering and nothing of it
// changes it is the same pointer in the next Report.
type Incident struct {
	// ID is short, stays while members come and go and while an incident that was
	// resolved reopens, and is not given to another one as long as this one is known.
	ID string
	// Aliases are the IDs of incidents that turned out to be this one, sorted.
	Aliases []string
	// Severity is that of the worst signal that fires, or last did.
	Severity triage.Severity
	// Title is one line, who is hit first: "web 0/6 available: crashes 4 s after its
	// start (rev 14)". It has words of the cluster: whoever shows it cleans it.
	Title string
	// Where is the namespace of all members, the node that is its root, or "cluster".
	Where string
	// Root is what explains it: a workload, a node, or what the members share.
	Root triage.Key
	// Shared is what the workload at its root, or one of its members, does for all
	// others ("cluster DNS"), "" if nothing.
	Shared string
	// Since is when the first of its signals began; Estimated that this is worked
	// out, or that it was merely first seen then.
	Since     time.Time
	Estimated bool
	State     State
	// Flapping says that one of its signals, or all of it, came back again and again.
	Flapping bool
	Ended    time.Time // when its last signal ceased; zero while it is open
	// Members are the workloads and other objects hit, the worst first. A Service that
	// depends on two incidents is a member of both.
	Members []kube.Ref
	// Pods is how many pods show it now. A pod counts for one incident alone: for
	// that which explains most.
	Pods int
	// Signals are all of it: the root first, then what else is wrong by itself, then
	// the symptoms, and at the end what is over.
	Signals []Signal
	// Lines has the signals that are not over once for all pods of a revision.
	Lines []Line
	// Possible are the IDs of incidents of which this may be a symptom: a workload
	// that names a Service without endpoints, say. They are told and not joined.
	Possible []string
	// History is how many pods showed it in each of the last 60 minutes, the last one
	// being this minute. It is as long as it was observed, and nil for the notes.
	History []int
}

// Signal is a signal of an incident, and what explains it.
type Signal struct {
	triage.Watched
	Severity triage.Severity // by its impact: the Severity of the detector is in Watched
	// By is the signal that explains it, zero for a root.
	By triage.Identity
	// Through is what it has in common with that, the zero Key for a root and where
	// the whole cluster is concerned.
	Through triage.Key
	// Mutual says that each of the two may explain the other, and neither their times
	// nor the ladder tell which.
	Mutual bool
}

// Line is the same signal on pods of one revision, or on one other object.
type Line struct {
	Signal        // the oldest of them
	Count  int    // how many objects show it
	Of     int    // how many pods of that revision there are; 0 where that has no meaning
	Rev    string // "14" as Deployments count, "" where nothing counts
}

// Watched returns the signals of the incident that are not over, in their order.
func (i *Incident) Watched() []triage.Watched {
	var all []triage.Watched
	for n := range i.Signals {
		if i.Signals[n].State != triage.Resolved {
			all = append(all, i.Signals[n].Watched)
		}
	}
	return all
}

// Symptom reports whether something else explains the signal.
func (s *Signal) Symptom() bool { return s.By != triage.Identity{} }

// Is reports whether an ID is that of the incident, or was that of one that turned
// out to be the same.
func (i *Incident) Is(id string) bool {
	return i.ID == id || slices.Contains(i.Aliases, id)
}
