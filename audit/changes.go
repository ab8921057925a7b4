package audit

import (
	"maps"
	"reflect"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// changes is what differs between two views, as far as verdicts depend on it.
type changes struct {
	// everything is set where there is no view before, or one of another cluster.
	everything bool
	// later is set where time has passed.
	later bool
	// names is set where there are other namespaces than before.
	names bool
	// blindness has the resources of which more or less can be read than before.
	blindness map[kube.Resource]bool
	// wide has the resources without namespaces that changed.
	wide map[kube.Resource]bool
	// spaces has what changed, by namespace.
	spaces map[string]*touch
}

// touch is what changed in a namespace; its Namespace object belongs to it.
type touch struct {
	// resources are those of which an object changed. Pods are among them only
	// for more than their status.
	resources map[kube.Resource]bool
	// workloads is set if the list of workloads is not what it was.
	workloads bool
	// owners are the workloads of which a pod changed in any way.
	owners map[kube.Ref]bool
}

// compare finds out what changed; before is nil at first.
func compare(before, after *kube.Cluster) *changes {
	ch := &changes{blindness: map[kube.Resource]bool{}, wide: map[kube.Resource]bool{}, spaces: map[string]*touch{}}
	if before == nil || !sameCluster(before.Info, after.Info) {
		ch.everything, ch.later, ch.names = true, true, true
		return ch
	}
	ch.later = !before.Time.Equal(after.Time)
	ch.names = !slices.Equal(before.NamespaceNames(), after.NamespaceNames())
	ch.compareStates(before.States(), after.States())
	for c := range kube.Changes(before, after) {
		switch {
		case c.Resource == kube.Namespaces:
			ch.touch(c.Name).resources[c.Resource] = true
		case c.Resource == kube.Nodes && sameNode(c.Before, c.After):
		case !c.Resource.Namespaced:
			ch.wide[c.Resource] = true
		case c.Resource == kube.Pods:
			ch.comparePods(before, after, c)
		default:
			ch.touch(c.Namespace).resources[c.Resource] = true
		}
	}
	for namespace, t := range ch.spaces {
		if t.owners != nil || slices.ContainsFunc(kube.WorkloadResources(), func(r kube.Resource) bool { return t.resources[r] }) {
			t.workloads = !sameSlice(before.WorkloadsIn(namespace), after.WorkloadsIn(namespace))
		}
	}
	return ch
}

func sameCluster(a, b kube.Info) bool {
	return a.Name == b.Name && a.Server == b.Server && a.Version == b.Version && a.User == b.User &&
		a.Offline == b.Offline && slices.Equal(a.Scope, b.Scope) && (a.Scope == nil) == (b.Scope == nil)
}

// sameSlice reports whether two slices are the same memory.
func sameSlice[T any](a, b []T) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

func (ch *changes) touch(namespace string) *touch {
	t := ch.spaces[namespace]
	if t == nil {
		t = &touch{resources: map[kube.Resource]bool{}}
		ch.spaces[namespace] = t
	}
	return t
}

// compareStates notes the resources whose objects are unknown, or known, where
// they were not.
func (ch *changes) compareStates(before, after []kube.State) {
	type place struct {
		resource  kube.Resource
		namespace string
	}
	type ignorance struct {
		phase  kube.Phase
		reason string
	}
	unknown := func(states []kube.State) map[place]ignorance {
		m := make(map[place]ignorance, len(states))
		for _, s := range states {
			why := ignorance{kube.Synced, ""} // a state that is not blind hides one that is
			if s.Blind() || s.Phase == kube.Absent {
				why = ignorance{s.Phase, s.Reason}
			}
			m[place{s.Resource, s.Namespace}] = why
		}
		return m
	}
	was, is := unknown(before), unknown(after)
	for p, why := range is {
		if old, known := was[p]; !known || old != why {
			ch.blindness[p.resource] = true
		}
	}
	for p := range was {
		if _, known := is[p]; !known {
			ch.blindness[p.resource] = true
		}
	}
}

// comparePods notes a change of a pod.
func (ch *changes) comparePods(before, after *kube.Cluster, c kube.Change) {
	t := ch.touch(c.Namespace)
	if t.owners == nil {
		t.owners = map[kube.Ref]bool{}
	}
	was, _ := c.Before.(*kube.Pod)
	is, _ := c.After.(*kube.Pod)
	if was != nil {
		if w := before.WorkloadOf(was); w != nil {
			t.owners[w.Ref] = true
		}
	}
	if is != nil {
		if w := after.WorkloadOf(is); w != nil {
			t.owners[w.Ref] = true
		}
	}
	if was == nil || is == nil || !sameButStatus(was, is) {
		t.resources[kube.Pods] = true
	}
}

// sameButStatus reports whether two pods differ in their status at the most,
// and not in whether they have ended.
func sameButStatus(a, b *kube.Pod) bool {
	return a.Spec == b.Spec && a.Node == b.Node && a.Owner == b.Owner && a.UID() == b.UID() &&
		a.Deleted().Equal(b.Deleted()) && a.Finished() == b.Finished() &&
		maps.Equal(a.Labels, b.Labels) && maps.Equal(a.Annotations, b.Annotations)
}

// has reports whether an object of a resource changed in a namespace.
func (ch *changes) has(r kube.Resource, namespace string) bool {
	t := ch.spaces[namespace]
	return t != nil && t.resources[r]
}

// podsChanged reports whether a pod of a workload changed in any way.
func (ch *changes) podsChanged(w kube.Ref) bool {
	t := ch.spaces[w.Namespace]
	return t != nil && t.owners[w]
}

// sameNode reports whether a node has done no more than show that it lives.
func sameNode(before, after kube.Object) bool {
	a, _ := before.(*corev1.Node)
	b, _ := after.(*corev1.Node)
	if a == nil || b == nil {
		return false
	}
	if a.UID != b.UID || !a.CreationTimestamp.Equal(&b.CreationTimestamp) || !a.DeletionTimestamp.Equal(b.DeletionTimestamp) ||
		!maps.Equal(a.Labels, b.Labels) || !maps.Equal(a.Annotations, b.Annotations) || !reflect.DeepEqual(a.Spec, b.Spec) {
		return false
	}
	return slices.EqualFunc(a.Status.Conditions, b.Status.Conditions, sameCondition) &&
		reflect.DeepEqual(a.Status.Capacity, b.Status.Capacity) && reflect.DeepEqual(a.Status.Allocatable, b.Status.Allocatable) &&
		reflect.DeepEqual(a.Status.NodeInfo, b.Status.NodeInfo)
}

// sameCondition reports whether a condition says the same, at whatever time it
// was last heard.
func sameCondition(a, b corev1.NodeCondition) bool {
	return a.Type == b.Type && a.Status == b.Status && a.Reason == b.Reason && a.Message == b.Message &&
		a.LastTransitionTime.Equal(&b.LastTransitionTime)
}

// concern reports whether a rule has to judge all its subjects in a namespace
// again, for something beside the subjects themselves.
func (ch *changes) concern(r *Rule, subjects roll, namespace string) bool {
	if ch.everything || ch.concernEverywhere(r) {
		return true
	}
	t := ch.spaces[namespace]
	if t == nil {
		return false
	}
	for resource := range r.reads() {
		ownPods := resource == kube.Pods && subjects.kind == workloads
		if t.resources[resource] && !ownPods {
			return true
		}
	}
	return false
}

// concernEverywhere reports whether something changed that a rule depends on in
// every namespace.
func (ch *changes) concernEverywhere(r *Rule) bool {
	if len(ch.blindness) == 0 && len(ch.wide) == 0 {
		return false
	}
	for resource := range r.reads() {
		if ch.blindness[resource] || ch.wide[resource] {
			return true
		}
	}
	return slices.ContainsFunc(r.Subjects, func(resource kube.Resource) bool { return ch.blindness[resource] })
}

// concernAnywhere reports whether anything changed that a rule depends on.
func (ch *changes) concernAnywhere(r *Rule) bool {
	if ch.names || ch.concernEverywhere(r) {
		return true
	}
	for _, t := range ch.spaces {
		if t.owners != nil && slices.Contains(r.Reads, kube.Pods) {
			return true
		}
		for resource := range t.resources {
			if slices.Contains(r.Subjects, resource) || slices.Contains(r.Reads, resource) || slices.Contains(r.Consults, resource) {
				return true
			}
		}
	}
	return slices.ContainsFunc(r.Subjects, func(resource kube.Resource) bool { return ch.wide[resource] })
}

// subjects reports whether the subjects of a listing may have changed in a namespace.
func (ch *changes) subjects(of listing, namespace string) bool {
	if ch.everything {
		return true
	}
	if of.kind == objects && !of.resource.Namespaced && of.resource != kube.Namespaces {
		return ch.wide[of.resource]
	}
	if of.kind == mixed && namespace == "" {
		return len(ch.wide) > 0
	}
	t := ch.spaces[namespace]
	if t == nil {
		return false
	}
	switch of.kind {
	case workloads:
		return t.workloads || t.owners != nil
	case objects:
		return t.resources[of.resource]
	case mixed:
		return t.workloads || slices.ContainsFunc(of.mixes, func(r kube.Resource) bool { return t.resources[r] })
	case namespaces, own:
	}
	return true // a namespace may come and go with any object in it
}
