package object

import (
	"cmp"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// mostOwners bounds the way up from an object, which nobody keeps from being a circle.
const mostOwners = 8

// ownersOf returns the controllers above an object, the nearest first. The last may be one
// that the view does not hold.
func ownersOf(c *kube.Cluster, ref kube.Ref) []kube.Ref {
	var owners []kube.Ref
	for range mostOwners {
		o, ok := c.Find(ref)
		if !ok {
			break
		}
		owner := ownerOf(o)
		if owner.IsZero() {
			break
		}
		ref = kube.Ref{Group: owner.Group, Kind: owner.Kind, Namespace: ref.Namespace, Name: owner.Name}
		if owner.Kind == kube.Nodes.Kind { // a static pod
			ref.Namespace = ""
		}
		owners = append(owners, ref)
	}
	return owners
}

func ownerOf(o kube.Object) kube.Owner {
	switch held := o.(type) {
	case *kube.Pod:
		return held.Owner
	case *kube.ReplicaSet:
		return held.Owner
	case metav1.Object:
		if owner := metav1.GetControllerOfNoCopy(held); owner != nil {
			version, _ := schema.ParseGroupVersion(owner.APIVersion) // what does not parse has no group
			return kube.Owner{Group: version.Group, Kind: owner.Kind, Name: owner.Name}
		}
	}
	return kube.Owner{}
}

// podsOf returns the pods that an object is, makes or has, those in trouble first.
func podsOf(c *kube.Cluster, ref kube.Ref) []*kube.Pod {
	var pods []*kube.Pod
	o, ok := c.Find(ref)
	if !ok {
		o = nil
	}
	switch held := o.(type) {
	case *kube.Pod:
		pods = append(pods, held)
	case *corev1.Service:
		for _, w := range c.WorkloadsServed(held) {
			pods = append(pods, c.PodsOf(w)...)
		}
	case *policyv1.PodDisruptionBudget:
		for _, w := range c.WorkloadsSelected(held.Namespace, held.Spec.Selector) {
			pods = append(pods, c.PodsOf(w)...)
		}
	default:
		if w := c.Workload(ref); w != nil {
			pods = slices.Clone(c.PodsOf(w))
			break
		}
		owner := kube.Owner{Group: ref.Group, Kind: ref.Kind, Name: ref.Name}
		for _, p := range c.Pods.In(ref.Namespace) {
			if p.Owner == owner {
				pods = append(pods, p)
			}
		}
	}
	slices.SortStableFunc(pods, func(a, b *kube.Pod) int {
		return cmp.Or(cmp.Compare(wellness(a), wellness(b)), cmp.Compare(restarts(b), restarts(a)), strings.Compare(a.Name, b.Name))
	})
	return pods
}

// wellness orders pods: those in trouble, those that are ready, those that have ended.
func wellness(p *kube.Pod) int {
	switch {
	case p.Finished():
		return 2
	case p.Status.Ready:
		return 1
	}
	return 0
}

func restarts(p *kube.Pod) int32 {
	var sum int32
	for i := range p.Status.Containers {
		sum += p.Status.Containers[i].Restarts
	}
	return sum
}

// setsOf returns the ReplicaSets of a Deployment, those with replicas first and the newest
// of them.
func setsOf(c *kube.Cluster, ref kube.Ref) []*kube.ReplicaSet {
	owner := kube.Owner{Group: ref.Group, Kind: ref.Kind, Name: ref.Name}
	var sets []*kube.ReplicaSet
	for _, r := range c.ReplicaSets.In(ref.Namespace) {
		if r.Owner == owner {
			sets = append(sets, r)
		}
	}
	slices.SortStableFunc(sets, func(a, b *kube.ReplicaSet) int {
		return cmp.Or(cmp.Compare(min(1, b.Replicas), min(1, a.Replicas)), b.Created().Compare(a.Created()), strings.Compare(a.Name, b.Name))
	})
	return sets
}

// jobsOf returns the Jobs of a CronJob, the newest first.
func jobsOf(c *kube.Cluster, ref kube.Ref) []kube.Ref {
	var jobs []kube.Ref
	for _, j := range slices.Backward(c.Jobs.In(ref.Namespace)) {
		if owner := metav1.GetControllerOfNoCopy(j); owner != nil && owner.Kind == ref.Kind && owner.Name == ref.Name {
			jobs = append(jobs, kube.Jobs.Ref(j.Namespace, j.Name))
		}
	}
	return jobs
}

// mostKin is of how many pods below an object events are told and logs can be chosen.
const mostKin = 200

// kinOf returns an object and those below it that events may be about.
func kinOf(c *kube.Cluster, ref kube.Ref) []kube.Ref {
	kin := []kube.Ref{ref}
	if ref.Kind == kube.Deployments.Kind {
		for _, r := range setsOf(c, ref) {
			kin = append(kin, kube.ReplicaSets.Ref(r.Namespace, r.Name))
		}
	}
	if ref.Kind == kube.CronJobs.Kind {
		kin = append(kin, jobsOf(c, ref)...)
	}
	for _, p := range podsOf(c, ref) {
		if p.Ref() != ref {
			kin = append(kin, p.Ref())
		}
	}
	return kin
}

// runsOf returns the containers whose logs can be read, of the pods in trouble first; the
// main containers of a pod come before the others.
func runsOf(c *kube.Cluster, ref kube.Ref) []run {
	var runs []run
	pods := podsOf(c, ref)
	for _, p := range pods[:min(len(pods), mostKin)] {
		for _, kind := range []kube.ContainerKind{kube.Main, kube.Sidecar, kube.Init, kube.Ephemeral} {
			for container := range kube.ContainersOf(p.Spec, "spec") {
				if container.Kind == kind {
					runs = append(runs, run{p.Name, container.Name})
				}
			}
		}
	}
	return runs
}
