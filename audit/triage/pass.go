package triage

import (
	"slices"
	"sync"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Pass is one detector's look at one namespace, at one node, or at the cluster.
type Pass struct {
	Cluster   *kube.Cluster
	Namespace string // "" for the cluster, and for a node
	Node      string // "" for a namespace, and for the cluster

	detector *Detector
	patients *patients
	found    []*Signal
}

// patients are the troubled pods of a namespace or of the cluster, found once for all
// detectors.
type patients struct{ pods, living func() []*kube.Pod }

func newPatients(c *kube.Cluster, pods func() []*kube.Pod) *patients {
	pods = sync.OnceValue(pods)
	return &patients{pods, sync.OnceValue(func() []*kube.Pod {
		var living []*kube.Pod
		for _, pod := range pods() {
			if !pod.Finished() && pod.Deleted().IsZero() && !Ending(c, pod.Namespace) {
				living = append(living, pod)
			}
		}
		return living
	})}
}

// Report notes a signal. Its detector is filled in, and the workload of a pod.
func (p *Pass) Report(s Signal) {
	s.Detector = p.detector
	if s.Workload.IsZero() && s.Object.Kind == kube.Pods.Kind && s.Object.Group == "" {
		if pod, ok := p.Cluster.Pods.Get(s.Object.Namespace, s.Object.Name); ok {
			if w := p.Cluster.WorkloadOf(pod); w != nil {
				s.Workload = w.Ref
			}
		}
	}
	if s.Workload.IsZero() && p.Cluster.Workload(s.Object) != nil {
		s.Workload = s.Object
	}
	p.found = append(p.found, &s)
}

// Pods returns the pods of the namespace, of the node, or of the cluster, that may have
// something wrong with them, by namespace and name: all but those that run, are
// ready and never restarted, and those that ended well. Nearly all pods are well:
// detectors look at the few that are not. Pods that are being deleted are among
// them. The caller must neither change the slice nor keep it.
func (p *Pass) Pods() []*kube.Pod { return p.patients.pods() }

// Living returns those of [Pass.Pods] that are neither finished nor being deleted,
// themselves or with their namespace. The caller must neither change the slice nor
// keep it.
func (p *Pass) Living() []*kube.Pod { return p.patients.living() }

// Troubled reports whether a pod is anything but running, ready and without a
// restart, or finished well.
func Troubled(pod *kube.Pod) bool {
	switch {
	case !pod.Deleted().IsZero():
		return true
	case pod.Status.Phase == corev1.PodSucceeded:
		return false
	case pod.Status.Phase != corev1.PodRunning || !pod.Status.Ready:
		return true
	}
	for i := range pod.Status.Containers {
		if pod.Status.Containers[i].Restarts > 0 || pod.Status.Containers[i].LastTerminated() != nil {
			return true
		}
	}
	for c := range pod.Status.Conditions() {
		of := c.Said().Type
		if of == corev1.DisruptionTarget || of == corev1.PodResizePending || of == corev1.PodResizeInProgress {
			return true
		}
	}
	return false
}

// Events returns the events about an object, the newest last. They are a hint:
// their absence proves nothing, because servers forget them after an hour and
// recorders drop them when there are many.
func (p *Pass) Events(about kube.Ref) []*corev1.Event { return eventsOf(p.Cluster, about) }

// PodEvents returns the events about a pod, the newest last, without those about
// others that had its name before it. Of static pods the kubelet knows the hash of
// their configuration where others have the UID (pkg/kubelet/types).
func (p *Pass) PodEvents(pod *kube.Pod) []*corev1.Event {
	all := eventsOf(p.Cluster, pod.Ref())
	for i, e := range all {
		if !isAbout(e, pod) {
			return append(slices.Clone(all[:i]), slices.DeleteFunc(slices.Clone(all[i:]), func(e *corev1.Event) bool { return !isAbout(e, pod) })...)
		}
	}
	return all
}

func isAbout(e *corev1.Event, pod *kube.Pod) bool {
	id := e.InvolvedObject.UID
	return id == "" || pod.UID() == "" || id == pod.UID() || string(id) == pod.Annotations["kubernetes.io/config.hash"]
}

// Latest returns the newest of some events that is of one of the reasons and of
// which is holds; nil if there is none, or is is nil and no event of the reasons.
func Latest(events []*corev1.Event, is func(*corev1.Event) bool, reasons ...string) *corev1.Event {
	for _, e := range slices.Backward(events) {
		if slices.Contains(reasons, e.Reason) && (is == nil || is(e)) {
			return e
		}
	}
	return nil
}
