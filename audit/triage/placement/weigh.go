package placement

import (
	"cmp"
	"slices"

	corev1 "k8s.io/api/core/v1"
)

// Kind is whether a pod finds a node.
type Kind string

// The kinds, from what time may heal to what it does not.
const (
	// Fits: a node has room; if the pod waits all the same, then for what this
	// package leaves aside.
	Fits Kind = "fits"
	// Blocked: nodes with room are cordoned, or tainted for the state they are in.
	Blocked Kind = "blocked"
	// Full: nodes could hold it, if other pods were not there.
	Full Kind = "full"
	// Never: no node that it may run on is large enough.
	Never Kind = "never"
	// Repelled: each node that it asks for has a taint that it does not tolerate.
	Repelled Kind = "repelled"
	// Unmatched: no node bears what it asks for, or there is no node.
	Unmatched Kind = "unmatched"
)

// Shortage is a resource of which too little is left on some node that the pod may
// run on.
type Shortage struct {
	Resource corev1.ResourceName
	Request  int64
	// Largest is the most that any of the nodes has for it, once all but the pods of
	// DaemonSets are gone; Free is the most that any has left now.
	Largest, Free int64
	// Nodes is how many of the nodes have too little of it left now.
	Nodes int
}

// Never reports whether no node has enough of the resource, even empty.
func (s Shortage) Never() bool { return s.Request > s.Largest }

// Weight is what became of the nodes for a pod.
type Weight struct {
	Kind Kind
	// Nodes is how many there are: Unmatched by selector and affinity, Repelling by
	// taints that stay, Candidates the rest, of which Momentary are cordoned or tainted
	// for the state they are in.
	Nodes, Unmatched, Repelling, Candidates, Momentary int
	// Shortages are of the candidates, those that never end first, then by how many
	// nodes, then by name. Of Never they may be empty of such: then each resource is
	// large enough somewhere, and nowhere all of them.
	Shortages []Shortage
	// Taints are those that are not tolerated, each once, the most frequent first; they
	// include those of the moment.
	Taints []TaintCount
}

// TaintCount is a taint that a pod does not tolerate.
type TaintCount struct {
	Taint corev1.Taint // without the time at which it was added
	Nodes int
}

// Weigh sets what a pod asks for against the nodes.
func Weigh(spec *corev1.PodSpec, rooms []Room) Weight {
	w := Weight{Nodes: len(rooms)}
	requests := Requests(spec)
	var candidates []*Room
	taints := map[corev1.Taint]int{}
	var fits, blocked, full bool
	for i := range rooms {
		room := &rooms[i]
		if matches, err := Matches(spec, room.Node); err != nil || !matches {
			w.Unmatched++
			continue
		}
		lasting, momentary := false, false
		for _, taint := range Untolerated(spec, room.Node) {
			taints[corev1.Taint{Key: taint.Key, Value: taint.Value, Effect: taint.Effect}]++
			if OfTheMoment(&taint) {
				momentary = true
			} else {
				lasting = true
			}
		}
		if lasting {
			w.Repelling++
			continue
		}
		candidates = append(candidates, room)
		if momentary {
			w.Momentary++
		}
		hasRoom := room.holds(requests, false)
		fits = fits || hasRoom && !momentary
		blocked = blocked || hasRoom && momentary
		full = full || room.holds(requests, true)
	}
	w.Candidates = len(candidates)
	w.Kind = w.kind(fits, blocked, full)
	w.Shortages = shortages(requests, candidates)
	w.Taints = counted(taints)
	return w
}

func (w *Weight) kind(fits, blocked, full bool) Kind {
	switch {
	case fits:
		return Fits
	case blocked:
		return Blocked
	case full:
		return Full
	case w.Candidates > 0:
		return Never
	case w.Repelling > 0:
		return Repelled
	}
	return Unmatched
}

func shortages(requests Amounts, candidates []*Room) []Shortage {
	var short []Shortage
	for name, request := range requests {
		s := Shortage{Resource: name, Request: request}
		for _, room := range candidates {
			s.Largest = max(s.Largest, room.free(name, true))
			free := room.free(name, false)
			s.Free = max(s.Free, free)
			if free < request {
				s.Nodes++
			}
		}
		if s.Nodes > 0 {
			short = append(short, s)
		}
	}
	slices.SortFunc(short, func(a, b Shortage) int {
		if a.Never() != b.Never() {
			if a.Never() {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(b.Nodes, a.Nodes), cmp.Compare(a.Resource, b.Resource))
	})
	return short
}

func counted(taints map[corev1.Taint]int) []TaintCount {
	var all []TaintCount
	for taint, nodes := range taints {
		all = append(all, TaintCount{taint, nodes})
	}
	slices.SortFunc(all, func(a, b TaintCount) int {
		return cmp.Or(cmp.Compare(b.Nodes, a.Nodes), cmp.Compare(a.Taint.Key, b.Taint.Key),
			cmp.Compare(a.Taint.Value, b.Taint.Value), cmp.Compare(a.Taint.Effect, b.Taint.Effect))
	})
	return all
}
