package platform

import (
	"slices"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Level orders capabilities by what is wanted first.
type Level int

// The levels, each of which builds on those before. Level 0 is that none is reached.
const (
	Maintained  Level = iota + 1 // it goes on running: versions, certificates, storage, what lets traffic in
	Recoverable                  // trouble is seen, and what is lost comes back
	Governed                     // what runs is what people decided
)

// String returns the level in one word, "none" for 0.
func (l Level) String() string {
	return [...]string{"none", "maintained", "recoverable", "governed"}[l]
}

// Levels returns all levels, the first first.
func Levels() []Level { return []Level{Maintained, Recoverable, Governed} }

// Capability is something that a cluster in production is run with.
type Capability struct {
	ID    string // a kebab-case slug that never changes
	Title string
	Level Level
	About string // why one wants it, in a sentence
	// Advice says what to do where nothing of it was found.
	Advice string
	// Reads are the resources without which nobody can say that it is not there.
	Reads []kube.Resource
	// Hidden says where the provider of a managed cluster may have it, so that an API
	// server does not show it; "" if one that is there is always seen.
	Hidden string
	// Rules are the IDs of the rules that judge what the traces are of: where they judged
	// something, it is known how the capability does. Their findings are its problems.
	Rules []string
	// Others are the IDs of further rules whose findings are problems of the capability,
	// and that alone say nothing about how it does.
	Others []string
	// Find returns what a view has of it, in a fixed order.
	Find func(*kube.Cluster) []Trace
}

// Trace is a sign that a cluster has a capability.
type Trace struct {
	What string // the product or the kind, as it writes itself: "Flux", "StorageClass"
	// Ref is an object by which it shows, zero for what is no object.
	Ref kube.Ref
	// State is Healthy or Problems if the trace says how it does, and CannotTell if rules
	// have to, or nobody can.
	State State
	Says  string // what is to say of it: "3 of 3 pods are available"; "" for nothing
	// Objects is how many objects the trace is of, each of which [Capability.Rules] are to
	// judge; 0 if it is of none.
	Objects int
}

// String returns the trace in a line: what it is, where, and what it says.
func (t Trace) String() string {
	text := t.What
	if t.Ref != (kube.Ref{}) {
		text += " (" + t.Ref.String() + ")"
	}
	if t.Says != "" {
		text += ": " + t.Says
	}
	return text
}

// All returns every capability, by level.
func All() []Capability {
	all := []Capability{
		upgrades(), metrics(), storage(), ingress(), certificates(),
		monitoring(), logging(), backup(), scaling(),
		gitops(), secrets(), policies(), delivery(), serviceMesh(), controlPlane(),
	}
	slices.SortStableFunc(all, func(a, b Capability) int { return int(a.Level - b.Level) })
	return all
}
