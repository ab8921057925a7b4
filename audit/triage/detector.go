package triage

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Detector finds one kind of [Signal].
type Detector struct {
	// ID is a slug in lower case ("crash-loop"): its file and the folder of its
	// examples have the same name.
	ID string
	// Title is what is wrong, as a headline ("Containers crash again and again").
	Title string
	// About says in a few sentences what proves it, when it is no problem, and
	// where Kubernetes says so.
	About string
	// Reads are the resources it looks at. It says nothing where the view is blind
	// to one of them, and is asked again only where an object of them changed.
	Reads []kube.Resource
	// Helps are resources that make what it says better and are no reason to be
	// silent: events, as good as always.
	Helps []kube.Resource
	// Rung is where its signals stand on the way from root to symptom.
	Rung Rung
	// After is for how long it must hold before it counts; Signal.After goes first.
	After time.Duration
	// Hold is for how long it is still recovering after it has ceased; a minute if
	// zero. What restarts is held for ten, which is when the kubelet forgets its
	// back-off (twice its longest wait: client-go/util/flowcontrol, Backoff).
	Hold time.Duration
	// Paged is after how long the alerts of kubernetes-mixin page somebody for the
	// same, zero where they have none: by then it is certainly real.
	Paged time.Duration
	// Check looks at one namespace, or at the cluster, and reports what it sees. It
	// depends on nothing but the objects of Reads and Helps, and never on the time
	// of the view.
	Check func(*Pass)
	// Wide says that it looks at the cluster as a whole: Check is called once, with
	// the namespace "".
	Wide bool
	// CheckNode looks at the troubled pods of one node, in all namespaces; nil for a
	// detector that has nothing to say of what pods of a node have in common. It is
	// asked again only about nodes of which one of those changed.
	CheckNode func(*Pass)
}

// Rung is a step of the ladder from root to symptom: a signal may be explained by
// one of a lower number, not the other way around.
type Rung int

// The rungs, from what explains most to what explains least.
const (
	ControlPlane Rung = iota + 1 // API server, controller-manager, scheduler
	Zones                        // many nodes at once
	Nodes
	NodeAgents   // CNI, CSI and kube-proxy pods of a node
	NameServices // CoreDNS
	Admission    // webhooks, aggregated APIs, conversion
	Quotas       // quota, limits, Pod Security, ServiceAccounts: one namespace
	Storage
	Configuration // a missing ConfigMap, Secret or key
	Images
	Revisions    // what a rollout brought
	Dependencies // a workload that others call
	Capacity
	Effects // what follows from the pods: Services, budgets, deadlines
)

// hold is for how long a signal of the detector is recovering.
func (d *Detector) hold() time.Duration {
	if d.Hold == 0 {
		return time.Minute
	}
	return d.Hold
}

// concerns reports whether the detector looks at a resource.
func (d *Detector) concerns(r kube.Resource) bool {
	return slices.Contains(d.Reads, r) || slices.Contains(d.Helps, r)
}

var slug = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// Validate returns what is wrong with a set of detectors, nil if nothing.
func Validate(detectors []*Detector) error {
	var faults []error
	seen := map[string]bool{}
	for _, d := range detectors {
		fault := func(format string, args ...any) {
			faults = append(faults, fmt.Errorf("detector %q: "+format, append([]any{d.ID}, args...)...))
		}
		switch {
		case !slug.MatchString(d.ID):
			fault("its id is no slug")
		case seen[d.ID]:
			fault("is there twice")
		}
		seen[d.ID] = true
		if d.Title == "" || d.About == "" {
			fault("does not say what it is about")
		}
		if len(d.Reads) == 0 || d.Check == nil {
			fault("looks at nothing")
		}
		if d.Rung < ControlPlane || d.Rung > Effects {
			fault("stands on no rung")
		}
	}
	return errors.Join(faults...)
}
