package placement

import (
	"iter"
	"maps"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	helpers "k8s.io/component-helpers/resource"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Amounts is how much of each resource: thousandths of a CPU, bytes, pieces. What is
// absent is zero.
type Amounts map[corev1.ResourceName]int64

// amounts returns a list of quantities as numbers.
func amounts(list corev1.ResourceList) Amounts {
	of := make(Amounts, len(list))
	for name, quantity := range list {
		if name == corev1.ResourceCPU {
			of[name] = quantity.MilliValue()
		} else {
			of[name] = quantity.Value()
		}
	}
	return of
}

// Quantity writes an amount of a resource as the API does.
func Quantity(name corev1.ResourceName, amount int64) string {
	if name == corev1.ResourceCPU {
		return resource.NewMilliQuantity(amount, resource.DecimalSI).String()
	}
	if name == corev1.ResourceMemory || name == corev1.ResourceEphemeralStorage {
		return resource.NewQuantity(amount, resource.BinarySI).String()
	}
	return resource.NewQuantity(amount, resource.DecimalSI).String()
}

// Requests returns what a pod asks for: its requests as the scheduler counts them
// (init containers and sidecars, overhead, requests of the whole pod), and one of
// "pods".
func Requests(spec *corev1.PodSpec) Amounts {
	of := amounts(helpers.PodRequests(&corev1.Pod{Spec: *spec}, helpers.PodResourcesOptions{}))
	maps.DeleteFunc(of, func(_ corev1.ResourceName, amount int64) bool { return amount <= 0 })
	of[corev1.ResourcePods] = 1
	return of
}

// Room is what a node has to give.
type Room struct {
	Node *corev1.Node
	// Allocatable is what pods may have of it, in all.
	Allocatable Amounts
	// Requested is what the pods on it request that have not ended, and Daemons the
	// part of those that belong to DaemonSets, which will be there in any case.
	Requested, Daemons Amounts
}

// Rooms returns the room of each node, in the order of the nodes. It looks at each pod
// once, and at each spec of pods once, which replicas share.
func Rooms(nodes iter.Seq[*corev1.Node], pods iter.Seq[*kube.Pod]) []Room {
	var rooms []Room
	byName := map[string]int{}
	for node := range nodes {
		byName[node.Name] = len(rooms)
		rooms = append(rooms, Room{Node: node, Allocatable: amounts(node.Status.Allocatable), Requested: Amounts{}, Daemons: Amounts{}})
	}
	sums := sums{resources: map[corev1.ResourceName]int{}, bySpec: map[*corev1.PodSpec][]sum{}}
	requested, daemons := make([][]int64, len(rooms)), make([][]int64, len(rooms))
	for pod := range pods {
		at, placed := byName[pod.Node]
		if !placed || pod.Finished() {
			continue
		}
		requests := sums.of(pod.Spec)
		requested[at] = add(requested[at], requests)
		if pod.Owner.Kind == kube.DaemonSets.Kind {
			daemons[at] = add(daemons[at], requests)
		}
	}
	for name, number := range sums.resources {
		for i := range rooms {
			if number < len(requested[i]) {
				rooms[i].Requested[name] = requested[i][number]
			}
			if number < len(daemons[i]) {
				rooms[i].Daemons[name] = daemons[i][number]
			}
		}
	}
	return rooms
}

// sums numbers resources, so that adding up for each pod takes no map.
type sums struct {
	resources map[corev1.ResourceName]int
	bySpec    map[*corev1.PodSpec][]sum
}

type sum struct {
	resource int
	amount   int64
}

// of returns what a spec requests.
func (s *sums) of(spec *corev1.PodSpec) []sum {
	requests, known := s.bySpec[spec]
	if known {
		return requests
	}
	for name, amount := range Requests(spec) {
		number, numbered := s.resources[name]
		if !numbered {
			number = len(s.resources)
			s.resources[name] = number
		}
		requests = append(requests, sum{number, amount})
	}
	s.bySpec[spec] = requests
	return requests
}

func add(to []int64, requests []sum) []int64 {
	for _, r := range requests {
		for r.resource >= len(to) {
			to = append(to, 0)
		}
		to[r.resource] += r.amount
	}
	return to
}

// free returns how much of a resource is left, now or once all but the DaemonSets'
// pods are gone; not less than nothing.
func (r *Room) free(name corev1.ResourceName, empty bool) int64 {
	used := r.Requested
	if empty {
		used = r.Daemons
	}
	return max(r.Allocatable[name]-used[name], 0)
}

// holds reports whether a node has room for what is requested.
func (r *Room) holds(requests Amounts, empty bool) bool {
	for name, amount := range requests {
		if amount > r.free(name, empty) {
			return false
		}
	}
	return true
}
