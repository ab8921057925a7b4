package blast

import (
	"cmp"
	"maps"
	"slices"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Of returns what depends on objects that are hit: workloads and what they own, pods,
// nodes, claims, volumes, storage classes, ConfigMaps, Secrets, ServiceAccounts,
// Services, Ingresses, routes, Gateways, APIServices. An object of another kind, or one
// that the view does not hold, is walked from as far as others name it: a ConfigMap that
// somebody deleted has dependents.
//
// Down says of an object whether it serves nothing now: a pod that is not ready, a node
// that is silent, a workload without an available pod. It decides what counts as lost
// and is asked again and again. Nil stands for: all that is hit is down, and nothing
// else.
func Of(c *kube.Cluster, hit []kube.Ref, down func(kube.Ref) bool) *Radius {
	w := newWalk(c, hit, down)
	w.run()
	return w.result()
}

// edge leads from an object to one that depends on it.
type edge struct {
	to        kube.Ref
	pod       *kube.Pod // the pod that to names; nil for anything else
	relation  Relation
	certainty Certainty
	when      When
	optional  bool
	free      bool // is no step: between a pod and its workload
	last      bool // the walk does not go on from there
	detail    string
	hosts     []string // that come this way
}

// arrival is one way to an object. Its edge is the last step, with the certainty of the
// weakest one, and with when of the last to be hit.
type arrival struct {
	edge
	through  kube.Ref
	distance int
}

// class is the quality of a way: a way of a better class is better in both.
func (a *arrival) class() int { return int(a.when)*3 + int(a.certainty) }

// better has, for each class, those which are as good or better, as bits.
var better = [...]uint8{
	0b000001, 0b000011, 0b000111,
	0b001001, 0b011011, 0b111111,
}

// counted reports whether what is reached takes part in the counts.
func (a *arrival) counted() bool { return a.certainty < Hint && !a.optional }

// compare orders ways to the same object, the one to be told first: one that is counted,
// then one by which it is hit now.
func (a *arrival) compare(b *arrival) int {
	return cmp.Or(last(!a.counted(), !b.counted()), cmp.Compare(a.when, b.when), cmp.Compare(a.certainty, b.certainty),
		last(a.optional, b.optional), cmp.Compare(a.distance, b.distance), cmp.Compare(a.relation, b.relation),
		kube.CompareRefs(a.through, b.through), cmp.Compare(a.detail, b.detail))
}

// last orders what is so after what is not.
func last(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// walk is one question.
type walk struct {
	c    *kube.Cluster
	down func(kube.Ref) bool
	told bool // somebody has said what is down
	hit  map[kube.Ref]bool

	spaces  *spaces
	edges   map[kube.Ref][]edge
	passed  map[kube.Ref]uint8 // the classes in which the walk went on from an object
	reached map[kube.Ref]*arrival
	pods    map[*kube.Pod]bool
	hosts   map[string]bool
	hubs    []Hub
	blind   map[kube.Resource]bool
	asked   map[asked]bool
	users   map[kube.Ref][]*kube.Workload // of claims
	pinned  map[kube.Ref][]edge           // by node: claims that cannot leave the nodes that are hit
	zones   []string
}

func newWalk(c *kube.Cluster, hit []kube.Ref, down func(kube.Ref) bool) *walk {
	w := &walk{
		c: c, hit: make(map[kube.Ref]bool, len(hit)), down: down, told: down != nil, spaces: spacesOf.Of(c),
		edges: map[kube.Ref][]edge{}, passed: map[kube.Ref]uint8{}, reached: map[kube.Ref]*arrival{},
		pods: map[*kube.Pod]bool{}, hosts: map[string]bool{}, blind: map[kube.Resource]bool{}, asked: map[asked]bool{},
		users: map[kube.Ref][]*kube.Workload{},
	}
	for _, ref := range hit {
		w.hit[ref] = true
	}
	if down == nil {
		w.down = func(ref kube.Ref) bool { return w.hit[ref] }
	}
	return w
}

func (w *walk) run() {
	layer := w.start()
	for distance := 0; distance <= MaxDistance; distance++ {
		var next []arrival
		for i := 0; i < len(layer); i++ { // grows by steps that are free
			from := layer[i]
			if w.beaten(&from) {
				continue
			}
			for _, e := range w.edgesOf(&from) {
				if !e.free && distance == MaxDistance || e.certainty == Hint && from.certainty == Hint {
					continue
				}
				to := w.step(&from, e)
				w.note(&to)
				switch {
				case to.last:
				case e.free:
					layer = append(layer, to)
				default:
					next = append(next, to)
				}
			}
		}
		layer = next
	}
}

// start returns what is hit.
func (w *walk) start() []arrival {
	roots := slices.SortedFunc(maps.Keys(w.hit), kube.CompareRefs)
	w.pinned, w.zones = w.lostPlaces(roots)
	layer := make([]arrival, 0, len(roots))
	for _, ref := range roots {
		a := arrival{edge: edge{to: ref}}
		if ref.Kind == kube.Pods.Kind && ref.Group == "" {
			a.pod, _ = w.c.Pods.Get(ref.Namespace, ref.Name)
		}
		w.note(&a)
		for _, host := range routingOf.Of(w.c).hosts[ref] {
			w.hosts[host] = true
		}
		layer = append(layer, a)
	}
	return layer
}

// beaten reports whether the walk went on from an object already, by a way that was as
// short and as good; if not, it does now.
func (w *walk) beaten(a *arrival) bool {
	if w.passed[a.to]&better[a.class()] != 0 {
		return true
	}
	w.passed[a.to] |= 1 << a.class()
	return false
}

// step follows an edge.
func (w *walk) step(from *arrival, e edge) arrival {
	to := arrival{edge: e, through: from.to, distance: from.distance}
	to.certainty, to.when = max(from.certainty, e.certainty), max(from.when, e.when)
	if !e.free {
		to.distance++
	}
	if from.pod == nil || w.hit[from.to] {
		return to
	}
	owner := w.c.WorkloadOf(from.pod)
	switch {
	case owner == nil || owner.Ref == from.to:
	case owner.Ref == e.to: // a pod is no row: its workload is reached as it was
		to.through, to.relation, to.detail, to.optional = from.through, from.relation, from.detail, from.optional
	default:
		to.through = owner.Ref
	}
	return to
}

// note takes down what was reached.
func (w *walk) note(a *arrival) {
	if a.counted() {
		for _, host := range a.hosts {
			w.hosts[host] = true
		}
	}
	if a.pod != nil {
		if a.counted() && !a.pod.Finished() {
			w.pods[a.pod] = true
		}
		if owner := w.c.WorkloadOf(a.pod); owner == nil || owner.Ref != a.to {
			return
		}
	}
	if w.hit[a.to] {
		return
	}
	if best := w.reached[a.to]; best == nil || a.compare(best) < 0 {
		kept := *a
		w.reached[a.to] = &kept
	}
}

// edgesOf returns what depends on an object. It stops at hubs, of which it takes a note.
func (w *walk) edgesOf(a *arrival) []edge {
	if edges, known := w.edges[a.to]; known {
		return edges
	}
	edges := w.find(a)
	hubs := map[Relation]int{}
	for relation, count := range w.fanOut(edges) {
		if count > MaxFanOut {
			hubs[relation] = count
			w.hubs = append(w.hubs, Hub{Object: a.to, Relation: relation, Count: count})
		}
	}
	if len(hubs) > 0 {
		if !w.hit[a.to] {
			edges = slices.DeleteFunc(edges, func(e edge) bool { return hubs[e.relation] > 0 })
		}
		for i := range edges {
			edges[i] = w.ending(edges[i], hubs)
		}
	}
	w.edges[a.to] = edges
	return edges
}

// ending makes an edge of a hub the last: to a pod it is one to its workload.
func (w *walk) ending(e edge, hubs map[Relation]int) edge {
	if hubs[e.relation] == 0 {
		return e
	}
	e.last = true
	if e.pod == nil {
		return e
	}
	w.pods[e.pod] = w.pods[e.pod] || !e.pod.Finished() && e.certainty < Hint && !e.optional
	if owner := w.c.WorkloadOf(e.pod); owner != nil {
		e.to, e.pod = owner.Ref, nil
	}
	return e
}

// fanOut counts the dependents by relation, pods as their workloads. What stands on a
// node, and the pods of a workload, are no users of it: they are what it is.
func (w *walk) fanOut(edges []edge) map[Relation]int {
	if len(edges) <= MaxFanOut {
		return nil
	}
	found := map[Relation]map[kube.Ref]bool{}
	for i := range edges {
		e := &edges[i]
		if e.free || e.relation == RunsOn || e.relation == PinnedTo {
			continue
		}
		to := e.to
		if e.pod != nil {
			if owner := w.c.WorkloadOf(e.pod); owner != nil {
				to = owner.Ref
			}
		}
		if found[e.relation] == nil {
			found[e.relation] = map[kube.Ref]bool{}
		}
		found[e.relation][to] = true
	}
	counts := make(map[Relation]int, len(found))
	for relation, objects := range found {
		counts[relation] = len(objects)
	}
	return counts
}

// asked is a resource in a namespace, "" for all of them.
type asked struct {
	resource  kube.Resource
	namespace string
}

// look takes down which of the resources that are looked at could not be read.
func (w *walk) look(namespace string, resources ...kube.Resource) {
	for _, r := range resources {
		if w.blind[r] || w.asked[asked{r, namespace}] {
			continue
		}
		w.asked[asked{r, namespace}] = true
		if blindTo(w.c, r, namespace) {
			w.blind[r] = true
		}
	}
}

// blindTo reports whether a resource could not be read in a namespace, or, for "", in
// any.
func blindTo(c *kube.Cluster, r kube.Resource, namespace string) bool {
	if namespace != "" {
		s, blind := c.Blind(r, namespace)
		return blind && !s.Moot()
	}
	return slices.ContainsFunc(c.States(), func(s kube.State) bool { return s.Resource == r && s.Blind() && !s.Moot() })
}
