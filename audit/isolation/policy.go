package isolation

import (
	"cmp"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// pod is what policies know a pod by.
type pod struct {
	labels    map[string]string
	namespace home
	account   string
}

// home is the namespace of a pod.
type home struct {
	name   string
	labels map[string]string // with the one of its name
	known  bool              // false where there is a namespace of which only the name is known
}

var homes = kube.DeriveFor(func(c *kube.Cluster, namespace string) home {
	h := home{name: namespace, labels: map[string]string{}}
	if n, ok := c.Namespaces.Get("", namespace); ok {
		h.known = true
		maps.Copy(h.labels, n.Labels)
	}
	// The API server sets it on every namespace; manifests leave it out.
	h.labels[corev1.LabelMetadataName] = namespace
	return h
}).From(kube.Namespaces)

func homeOf(c *kube.Cluster, namespace string) home { return homes.Of(c, namespace) }

// selectedBy reports whether a selector of namespaces selects it, and why that
// cannot be told.
func (h home) selectedBy(s labels.Selector) (bool, string) {
	if s.Matches(labels.Set(h.labels)) {
		return true, ""
	}
	if !h.known && !s.Empty() {
		return false, "the labels of namespace " + h.name + " are not in the view"
	}
	return false, ""
}

// tier is when a policy is asked.
type tier int

const (
	admin    tier = iota // before those of namespaces
	ordinary             // together with all others
	baseline             // where no ordinary one isolates
)

// policy is a policy of any kind, read and understood.
type policy struct {
	ref     kube.Ref
	tier    tier
	selects func(*pod) (yes bool, doubt string)
	// selectsAll reports whether it selects each pod of a namespace, whatever its
	// labels; nil if it never does.
	selectsAll func(home) (yes bool, doubt string)
	effects    [2]effect // by Direction
	// demanded are labels that each pod has which it selects; nil where that is
	// not known.
	demanded map[string]string
}

// effect is what a policy does in one direction.
type effect struct {
	isolates bool // what no step allows is denied
	steps    []step
}

// applies reports whether the policy says anything of the direction.
func (e effect) applies() bool { return e.isolates || len(e.steps) > 0 }

// step is one rule of a policy. Those of all policies that select a pod are asked
// in order, and the first one that traffic matches decides; where rules only
// allow, no order matters.
type step struct {
	order  float64
	action action
	broad  bool // it matches all traffic
}

type action int

const (
	allow action = iota
	deny
	pass // leave it to the tiers that follow
)

// set is the policies of one place.
type set struct {
	// byLabel has policies by the rarest of the labels that they demand, open
	// those that demand none: two thousand workloads and as many policies make
	// four million pairs.
	byLabel map[label][]*policy
	open    []*policy
	doubt   string // why there may be more; "" if there are not
}

type label struct{ key, value string }

func (s *set) index(policies []*policy) {
	count := map[label]int{}
	for _, one := range policies {
		for key, value := range one.demanded {
			count[label{key, value}]++
		}
	}
	s.byLabel = map[label][]*policy{}
	for _, one := range policies {
		var rarest label
		for key, value := range one.demanded {
			if l := (label{key, value}); rarest.key == "" || count[l] < count[rarest] {
				rarest = l
			}
		}
		if rarest.key == "" {
			s.open = append(s.open, one)
			continue
		}
		s.byLabel[rarest] = append(s.byLabel[rarest], one)
	}
}

// selecting calls yield with the policies that may select a pod of these labels.
func (s *set) selecting(labels map[string]string, yield func(*policy)) {
	for _, one := range s.open {
		yield(one)
	}
	if len(s.byLabel) == 0 {
		return
	}
	for key, value := range labels {
		for _, one := range s.byLabel[label{key, value}] {
			yield(one)
		}
	}
}

// combine works out one direction of the pods that policies select.
func combine(selected []*policy, d Direction) Verdict {
	var by [3][]*policy
	for _, one := range selected {
		if one.effects[d].applies() {
			by[one.tier] = append(by[one.tier], one)
		}
	}
	v := combineOrdinary(by[ordinary], d)
	switch decided, action := decide(by[admin], d); {
	case decided == nil || action == pass: // what comes after is asked
	case action == deny && v.Level < Restricted:
		return Verdict{Level: Restricted, Policies: []kube.Ref{decided.ref}}
	case action == allow && v.Level > Open:
		return Verdict{Level: AllowsAll, Policies: []kube.Ref{decided.ref}}
	}
	if decided, action := decide(by[baseline], d); decided != nil && action == deny && v.Level == Open {
		return Verdict{Level: Restricted, Policies: []kube.Ref{decided.ref}}
	}
	return v
}

// combineOrdinary works out the union of what policies allow.
func combineOrdinary(policies []*policy, d Direction) Verdict {
	var v Verdict
	var steps []step
	for _, one := range policies {
		steps = append(steps, one.effects[d].steps...)
		if one.effects[d].isolates {
			v.Policies = append(v.Policies, one.ref)
		}
	}
	slices.SortStableFunc(steps, func(a, b step) int { return cmp.Compare(a.order, b.order) })
	if len(v.Policies) > 0 {
		v.Level = level(steps)
	}
	return v
}

// level says what is left of traffic after the steps, in their order.
func level(steps []step) Level {
	var allowed, denied bool
	for _, s := range steps {
		switch {
		case s.broad && s.action == deny && allowed:
			return Restricted
		case s.broad && s.action == deny:
			return Denied
		case s.broad && denied: // what passes on is allowed by what comes after Calico's tiers
			return Restricted
		case s.broad:
			return AllowsAll
		case s.action == deny:
			denied = true
		default:
			allowed = true
		}
	}
	if allowed {
		return Restricted
	}
	return Denied
}

// decide returns the policy of administrators that settles what becomes of all
// traffic between pods, nil if none does: the first broad step in the order of
// priorities.
func decide(policies []*policy, d Direction) (*policy, action) {
	var first *policy
	var found step
	for _, one := range policies {
		for _, s := range one.effects[d].steps {
			if s.broad && (first == nil || s.order < found.order) {
				first, found = one, s
			}
		}
	}
	return first, found.action
}
