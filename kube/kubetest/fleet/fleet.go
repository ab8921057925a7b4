// Package fleet makes clusters of any size that look like those that people run.
//
// # Design
//
// A [Fleet] of N pods has N/10 workloads, most of them Deployments with the
// ReplicaSets of two past rollouts, in one namespace for every 300 pods, on one
// node for every 100. Around them is what belongs to them: Services and their
// EndpointSlices, ServiceAccounts, ConfigMaps and Secrets, autoscalers,
// disruption budgets, roles and bindings, quotas, some Events. Pods have the
// status, the token volume and the managed fields that a controller manager and a
// kubelet leave on them. One workload in three is careful, one careless, one in
// between, so that the rules find about as much as in real clusters.
//
// Objects are made when they are asked for, one by one, and always the same: it
// takes no memory to have a fleet of a million pods. Nothing here is random.
//
// It is for benchmarks and tests, with a server ([Fleet.Objects], which the
// testbed can be filled with) and without ([Fleet.Builder]).
package fleet

import (
	"fmt"
	"iter"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Fleet is a cluster that does not exist.
type Fleet struct{ pods int }

// Object is an object of the API that can be encoded as an API server stores it.
type Object interface {
	kube.Object
	metav1.Object
	Marshal() ([]byte, error)
}

// Of returns the fleet of so many pods, rounded up to whole workloads.
func Of(pods int) Fleet { return Fleet{pods} }

// replicas is how many pods a workload has.
const replicas = 10

// Began is when everything was made.
func Began() time.Time { return time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC) }

// Workloads returns the number of workloads with pods.
func (f Fleet) Workloads() int { return (f.pods + replicas - 1) / replicas }

// Pods returns the number of pods.
func (f Fleet) Pods() int { return f.Workloads() * replicas }

// Namespaces returns the number of namespaces.
func (f Fleet) Namespaces() int { return max(1, (f.pods+299)/300) }

// Nodes returns the number of nodes.
func (f Fleet) Nodes() int { return max(3, (f.pods+99)/100) }

// Objects yields every object with its resource, what others refer to first.
func (f Fleet) Objects() iter.Seq2[kube.Resource, Object] {
	return func(yield func(kube.Resource, Object) bool) {
		p := &printing{fleet: f, yield: yield, more: true}
		p.cluster()
		for n := 0; n < f.Namespaces() && p.more; n++ {
			p.namespace(n)
		}
		for w := 0; w < f.Workloads() && p.more; w++ {
			p.workload(w)
		}
	}
}

// Builder returns a Builder that was given every object, all of them read.
func (f Fleet) Builder() (*kube.Builder, error) {
	b := kube.NewBuilder(kube.Info{Name: "fleet", Version: "v1.37.1"})
	for r, o := range f.Objects() {
		if err := b.Set(r, o); err != nil {
			return nil, fmt.Errorf("building a fleet: %w", err)
		}
	}
	for _, r := range kube.Resources() {
		b.SetState(kube.State{Resource: r, Phase: kube.Synced})
	}
	return b, nil
}

// Change returns a pod after the i-th change of a status: it lost or regained
// its readiness, and counts a restart more.
func (f Fleet) Change(i int) *corev1.Pod {
	n := i * 7919 % f.Pods() // a prime: the changes jump through the fleet
	pod := f.pod(n/replicas, n%replicas)
	at := metav1.NewTime(Began().Add(time.Duration(i) * time.Second))
	status := corev1.ConditionFalse
	if i/f.Pods()%2 == 1 {
		status = corev1.ConditionTrue
	}
	for j := range pod.Status.Conditions {
		c := &pod.Status.Conditions[j]
		if c.Type == corev1.PodReady || c.Type == corev1.ContainersReady {
			c.Status, c.LastTransitionTime = status, at
		}
	}
	pod.Status.ContainerStatuses[0].RestartCount += int32(1 + i/f.Pods()) //nolint:gosec // small
	pod.Status.ContainerStatuses[0].Ready = status == corev1.ConditionTrue
	return pod
}

// printing makes the objects of a fleet until nobody wants more.
type printing struct {
	fleet Fleet
	yield func(kube.Resource, Object) bool
	more  bool
}

func (p *printing) print(r kube.Resource, o Object) {
	if p.more {
		p.more = p.yield(r, o)
	}
}

// identified fills in what an API server gives to every object.
func identified(m metav1.ObjectMeta, kind string) metav1.ObjectMeta {
	m.UID = uid(kind + "/" + m.Namespace + "/" + m.Name)
	m.CreationTimestamp = metav1.NewTime(Began())
	m.Generation = 1
	return m
}

// uid returns an ID that looks random and is always the same.
func uid(text string) types.UID {
	hash := [2]uint64{14695981039346656037, 1099511628211}
	for _, c := range []byte(text) {
		hash[0] = (hash[0] ^ uint64(c)) * 1099511628211
		hash[1] = (hash[1] + uint64(c)) * 6364136223846793005
	}
	return types.UID(fmt.Sprintf("%08x-%04x-4%03x-a%03x-%012x",
		uint32(hash[0]), uint16(hash[0]>>32), hash[0]>>48&0xfff, hash[1]>>48&0xfff, hash[1]&0xffffffffffff)) //nolint:gosec // parts of a hash
}

// owned is a reference to a controller.
func owned(r kube.Resource, namespace, name string) []metav1.OwnerReference {
	version := r.Version
	if r.Group != "" {
		version = r.Group + "/" + r.Version
	}
	return []metav1.OwnerReference{{
		APIVersion: version, Kind: r.Kind, Name: name, UID: uid(r.Kind + "/" + namespace + "/" + name),
		Controller: new(true), BlockOwnerDeletion: new(true),
	}}
}
