package blast

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Limits of the walk.
const (
	MaxDistance = 3   // steps from what is hit
	MaxFanOut   = 50  // dependents by one relation, beyond which an object is a hub
	MaxListed   = 100 // dependents that are listed
)

// Radius is what depends on objects that are hit. It never changes.
type Radius struct {
	// Dependents are what was reached, without what is hit: nearest first, then the
	// most certain, then by namespace, kind and name; at most [MaxListed].
	Dependents []Dependent
	// More is how many dependents are not listed.
	More int
	// HostNames are the names under which Ingresses and routes take traffic for what
	// is hit, sorted; "*" stands for any.
	HostNames []string
	// The counts are of what is hit and what depends on it, without hints and what is
	// optional: Hosts are those of HostNames, Services those that have or are what is
	// hit, ServicesDown of them those without an endpoint that answers, or whose
	// endpoints are all lost. Workloads are counted likewise, WorkloadsDown are those
	// of which every pod is lost. Pods are those of them that are reached.
	Hosts, Services, ServicesDown, Workloads, WorkloadsDown, Pods int
	// Zones are those of which every node is hit, sorted: topology.kubernetes.io/zone.
	Zones []string
	// Hubs are where the walk stopped, in the order of their names.
	Hubs []Hub
	// Blind are the resources that would have been looked at and could not be read, in
	// the order of [kube.Resources].
	Blind []kube.Resource
}

// Dependent is one object that depends on what is hit.
type Dependent struct {
	Object kube.Ref
	// Through is what it depends on: the last step of the way, or the workload of the
	// pod that was the last step.
	Through   kube.Ref
	Relation  Relation
	Certainty Certainty // of the weakest step
	Distance  int       // steps, from 1 to [MaxDistance]
	When      When
	// Optional is set where pods start without what they refer to.
	Optional bool
	// Lost is how much of it is lost: "2 of 6 endpoints", "3 of 3 pods"; "" where that
	// is no question.
	Lost string
	// Whole reports that all of it is lost: every pod, every endpoint.
	Whole bool
	// Detail is how it depends, as the object has it: "env, volume", the hosts of an
	// Ingress, the rules of a webhook. It may be "".
	Detail string
}

// Hub is an object with more than [MaxFanOut] dependents by one relation. Through one
// that is not hit itself none of them was reached, and from one that is hit the walk
// did not go further.
type Hub struct {
	Object   kube.Ref
	Relation Relation
	Count    int // of dependents
}

// String returns the impact in one line: "potential impact: 2 hosts, 3 services (1 at
// 0), 4 workloads, 23 pods". Potential, because no traffic is measured. It has no text
// of the cluster.
func (r *Radius) String() string {
	var parts []string
	add := func(n int, one, note string) {
		switch {
		case n == 1:
			parts = append(parts, "1 "+one+note)
		case n > 1:
			parts = append(parts, fmt.Sprintf("%d %ss%s", n, one, note))
		}
	}
	down := ""
	if r.ServicesDown > 0 {
		down = fmt.Sprintf(" (%d at 0)", r.ServicesDown)
	}
	add(r.Hosts, "host", "")
	add(r.Services, "service", down)
	add(r.Workloads, "workload", "")
	add(r.Pods, "pod", "")
	if len(parts) == 0 {
		parts = append(parts, "nothing that is known of")
	}
	line := "potential impact: " + strings.Join(parts, ", ")
	if len(r.Blind) > 0 {
		names := make([]string, len(r.Blind))
		for i, resource := range r.Blind {
			names[i] = resource.String()
		}
		line += "; not read: " + strings.Join(names, ", ")
	}
	return line
}

func compareDependents(a, b Dependent) int {
	return cmp.Or(cmp.Compare(a.Distance, b.Distance), cmp.Compare(a.Certainty, b.Certainty), kube.CompareRefs(a.Object, b.Object))
}

func compareHubs(a, b Hub) int {
	return cmp.Or(kube.CompareRefs(a.Object, b.Object), cmp.Compare(a.Relation, b.Relation))
}

// blindOf puts resources that could not be read in order.
func blindOf(found map[kube.Resource]bool) []kube.Resource {
	if len(found) == 0 {
		return nil
	}
	return slices.DeleteFunc(kube.Resources(), func(r kube.Resource) bool { return !found[r] })
}
