package cause

import (
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Case is an incident as far as its cause is asked for. Nothing of it is changed.
type Case struct {
	Cluster *kube.Cluster
	// Context is the context of the kubeconfig that commands name; "" where the view
	// is of a file or a recording, and they name none.
	Context string
	// Signals are those of the incident, its root first.
	Signals []triage.Watched
	// Root is what explains them, as far as they were grouped by it.
	Root triage.Key
	// Others are all other signals of the cluster, for and against.
	Others []triage.Watched
	// Changes are those of the last hours in the whole cluster.
	Changes []change.Change
	// Since is when the incident began, by the API server's clock.
	Since time.Time
	// Blind are the detectors that do not see all they read.
	Blind []triage.Unknown
}

// Diagnosis is what there is to say of the cause of an incident.
type Diagnosis struct {
	// Causes has the best first, and the second if it is less than 15 points behind.
	// It is never empty: what is not determined says which check would tell most.
	Causes []Cause
	// Changes are the best three that may explain the incident, nil if there are none.
	Changes []change.Ranked
	// Reactions are what came after it began, the latest first, nil if nothing did.
	Reactions []change.Ranked
	// Unchanged says that no change is recorded that may explain it, and what could
	// not be read; "" if there is one.
	Unchanged string
}

// Cause is one that is likely, as far as Band says.
type Cause struct {
	Pattern    string // its ID, or "not-determined"
	Title      string // "the new revision 14 of deploy/web is broken"
	Confidence int    // points, 0 to 95
	Band       Band
	// For, Against and Unknown are evidence, one line each, the strongest first. One
	// of the last two has a line.
	For, Against, Unknown []string
	Fix                   string
	// Commands are three that only read, and after them those that write.
	Commands []Command

	spare []Command // that only read, in the place of those that are denied
}

// Band is how far a cause is to be trusted.
type Band int

// The bands.
const (
	NotDetermined Band = iota
	Possible
	Likely
	Certain // called "cause": nothing is ever called confirmed
)

// String returns the band as people read it.
func (b Band) String() string {
	if b < NotDetermined || b > Certain {
		return "unknown"
	}
	return [...]string{"not determined", "possible", "likely", "cause"}[b]
}

// From how many points on a band begins, and where caps are.
const (
	certainFrom  = 80
	likelyFrom   = 60
	possibleFrom = 40
	most         = 95
	// closeBy is by how much the second cause may be behind to be shown.
	closeBy = 15
)

// Command is one to type next.
type Command struct {
	// Text is for a POSIX-like shell (sh of POSIX.1-2024, bash, zsh): printable ASCII
	// whatever the names in it.
	Text string
	// Args are the same without a shell, the program first.
	Args []string
	// Writes is set for what changes the cluster: never to be bound to a key.
	Writes bool
	// Sensitive is set where the output may hold secrets, as logs do.
	Sensitive bool
	// About says in a few words what it shows or does.
	About string
	// Needs is what a caller must be allowed to do for it to work.
	Needs []kube.Right
}
