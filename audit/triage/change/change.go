package change

import (
	"cmp"
	"slices"
	"time"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Change is one thing that changed in the cluster, as an object or the watch tells.
type Change struct {
	// Time is when it happened, by the API server's clock, to the second; a bound
	// where Bound says so.
	Time      time.Time
	Bound     Bound
	Certainty Certainty
	Kind      Kind
	Action    Action
	Object    kube.Ref // what changed
	// Aspect is the part of the object: the name of a condition, of a taint, of a
	// subresource; "" for the object itself.
	Aspect string
	// Owner is the workload that it is about: the object itself, or what an
	// autoscaler scales. Zero where there is none.
	Owner kube.Ref
	// By is who did it, as recorded: a field manager, a user of Argo CD, the reason
	// of an event. "" if that is not known.
	By string
	// Revision is the one that it made, From the one before: "14" and "13", a
	// commit, a chart. "" where there are none, or it is not held any more.
	Revision string
	From     string
	// Cause is what somebody wrote down as the reason (kubernetes.io/change-cause),
	// which is a quote: it is often left over from an earlier change.
	Cause string
	Title string // one line: "rollout 13 → 14: memory limit 512Mi → 256Mi (web)"
	// Differences are in the order of their fields. None does not say that there
	// were none: see Compared.
	Differences []Difference
	// Compared is set if before and after were both known.
	Compared bool
	// Releases are the installations that the object is part of, as [ReleasesOf]
	// names them; nil if none is known.
	Releases []string
	// Founding is set for the creation of what came with its namespace, or with the
	// cluster (founding.go): it is news of the whole, and explains nothing by itself.
	Founding bool
}

// Bound says what the time of a change is.
type Bound int

// The bounds.
const (
	Exact     Bound = iota
	NotAfter        // it happened then at the latest
	NotBefore       // it happened then at the earliest
)

// String returns "", "at the latest" or "at the earliest", as it stands behind a time.
func (b Bound) String() string {
	return name(int(b), "", "at the latest", "at the earliest")
}

// Certainty is how a change is known.
type Certainty int

// The certainties, the best first.
const (
	Live     Certainty = iota // the watch delivered old and new
	Stated                    // an object records the time
	Inferred                  // follows from other objects; the time may be a bound
)

// String returns the certainty in lower case.
func (c Certainty) String() string { return name(int(c), "live", "stated", "inferred") }

// Kind is what sort of thing changed.
type Kind int

// The kinds of changes.
const (
	Rollout     Kind = iota // another pod template
	Restart                 // the same template once more (kubectl.kubernetes.io/restartedAt)
	Config                  // a ConfigMap or a Secret
	Scale                   // spec.replicas, by a person or a tool
	Autoscale               // an autoscaler acted, or is another one
	Node                    // joined, left, cordoned, tainted, a condition, a version, a reboot
	Policy                  // quota, LimitRange, NetworkPolicy, webhook, RBAC, admission policy, Pod Security labels
	Release                 // a Helm release
	Sync                    // Argo CD, Flux
	Certificate             // issued, renewed, expired
	Storage                 // claims, volumes and their classes
	Traffic                 // Services, Ingresses, Gateways and routes
	Workload                // one came, went, or was written without a new revision
	Leader                  // another replica of a controller leads
	Tag                     // the tag of an image came to mean another one
)

// String returns the kind in lower case.
func (k Kind) String() string {
	return name(int(k), "rollout", "restart", "config", "scale", "autoscale", "node", "policy", "release", "sync",
		"certificate", "storage", "traffic", "workload", "leader", "tag")
}

// Action is what happened to an object.
type Action int

// The actions.
const (
	Changed Action = iota
	Created
	Deleted // or being deleted
)

// String returns the action in lower case.
func (a Action) String() string { return name(int(a), "changed", "created", "deleted") }

func name(i int, names ...string) string {
	if i < 0 || i >= len(names) {
		return "unknown"
	}
	return names[i]
}

// sortChanges orders by time, the newest first.
func sortChanges(changes []Change) {
	slices.SortStableFunc(changes, func(a, b Change) int { return compareChanges(&a, &b) })
}

func compareChanges(a, b *Change) int {
	return cmp.Or(
		b.Time.Compare(a.Time),
		kube.CompareRefs(a.Object, b.Object),
		cmp.Compare(a.Kind, b.Kind),
		cmp.Compare(a.Aspect, b.Aspect),
		cmp.Compare(a.Revision, b.Revision),
		cmp.Compare(a.Title, b.Title),
	)
}
