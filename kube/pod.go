package kube

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Pod is what the view keeps of a pod: a row that is small because what replicas
// have in common is held once for all of them.
type Pod struct {
	*Family
	Name   string
	Labels map[string]string
	// Annotations are those of the pod; shared like the spec, never change it.
	Annotations map[string]string
	Node        string          // "" until scheduled
	Spec        *corev1.PodSpec // shared: without node name, host name and the generated token volume's suffix
	Status      PodStatus

	incarnation
}

// Family is what the pods of a controller have in common, or its ReplicaSets. It
// is shared: never change it.
type Family struct {
	Namespace string
	Owner     Owner // the controller, zero for an object of its own
}

// Owner is a controlling owner, as metadata.ownerReferences names it.
type Owner struct {
	Group string
	Kind  string
	Name  string
}

// IsZero reports whether there is no owner.
func (o Owner) IsZero() bool { return o == Owner{} }

// references returns the owner as metadata.ownerReferences has it, of version v1
// since the view does not hold which.
func (o Owner) references() []metav1.OwnerReference {
	if o.IsZero() {
		return nil
	}
	version := schema.GroupVersion{Group: o.Group, Version: "v1"}
	return []metav1.OwnerReference{{APIVersion: version.String(), Kind: o.Kind, Name: o.Name, Controller: new(true)}}
}

// GetNamespace returns the pod's namespace.
func (p *Pod) GetNamespace() string { return p.Namespace }

// GetName returns the pod's name.
func (p *Pod) GetName() string { return p.Name }

// Ref names the pod.
func (p *Pod) Ref() Ref { return Pods.Ref(p.Namespace, p.Name) }

// Finished reports whether every container has ended for good.
func (p *Pod) Finished() bool {
	return p.Status.Phase == corev1.PodSucceeded || p.Status.Phase == corev1.PodFailed
}

// controllerOf returns the controlling owner of an object.
func controllerOf(m metav1.Object) Owner {
	ref := metav1.GetControllerOfNoCopy(m)
	if ref == nil {
		return Owner{}
	}
	group := ""
	for i, r := range ref.APIVersion {
		if r == '/' {
			group = ref.APIVersion[:i]
		}
	}
	return Owner{Group: group, Kind: ref.Kind, Name: ref.Name}
}

// pod returns the row of a pod without its spec.
func (s *mapSharing) pod(p *corev1.Pod) *Pod {
	row := &Pod{
		Family: s.family(p), Name: p.Name, Labels: p.Labels, Annotations: p.Annotations, Node: p.Spec.NodeName,
		incarnation: incarnationOf(&p.ObjectMeta),
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.Spec.NodeName != "" {
		p.Status.NominatedNodeName = "" // it went somewhere, and replicas are to say the same
	}
	row.Status = s.podStatus(&p.Status)
	return row
}

// API returns the pod as the API has it, without what the view does not hold.
// It shares the spec's parts: the caller must not change them.
func (p *Pod) API() *corev1.Pod {
	pod := &corev1.Pod{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: Pods.Kind},
		ObjectMeta: metav1.ObjectMeta{
			Namespace: p.Namespace, Name: p.Name, UID: p.UID(), Labels: p.Labels, Annotations: p.Annotations,
			CreationTimestamp: metav1.Time{Time: p.Created()},
		},
		Spec: *p.Spec,
		Status: corev1.PodStatus{
			Phase: p.Status.Phase, Reason: p.Status.Reason, Message: p.Status.Message, NominatedNodeName: p.Status.NominatedNode,
		},
	}
	if at := p.Status.StartTime(); !at.IsZero() {
		pod.Status.StartTime = &metav1.Time{Time: at}
	}
	for c := range p.Status.Conditions() {
		said := c.Said()
		pod.Status.Conditions = append(pod.Status.Conditions, corev1.PodCondition{
			Type: said.Type, Status: said.Status, Reason: said.Reason, Message: said.Message,
			LastTransitionTime: metav1.Time{Time: c.Since()},
		})
	}
	pod.Spec.NodeName = p.Node
	if deleted := p.Deleted(); !deleted.IsZero() {
		pod.DeletionTimestamp, pod.Finalizers = &metav1.Time{Time: deleted}, p.Finalizers()
	}
	pod.OwnerReferences = p.Owner.references()
	ephemeral := func(c ContainerStatus) bool {
		return slices.ContainsFunc(p.Spec.EphemeralContainers, func(e corev1.EphemeralContainer) bool { return e.Name == c.Name })
	}
	for _, c := range p.Status.Containers {
		status := corev1.ContainerStatus{
			Name: c.Name, Ready: c.Ready, RestartCount: c.Restarts, State: c.State(),
			LastTerminationState: c.Last(), Image: c.Image, ImageID: c.ImageDigest, Started: new(c.Started),
		}
		status.Resources, status.AllocatedResources = c.Resizing()
		if c.Init {
			pod.Status.InitContainerStatuses = append(pod.Status.InitContainerStatuses, status)
			continue
		}
		if ephemeral(c) {
			pod.Status.EphemeralContainerStatuses = append(pod.Status.EphemeralContainerStatuses, status)
			continue
		}
		pod.Status.ContainerStatuses = append(pod.Status.ContainerStatuses, status)
	}
	return pod
}
