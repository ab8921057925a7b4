package kube

import (
	"math"
	"slices"
	"time"
	"unique"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
)

// Pod is what the view keeps of a pod: a row that is small because the spec,
// which replicas have in common, is held once for all of them.
type Pod struct {
	Namespace string
	Name      string
	UID       types.UID
	Created   time.Time
	Deleted   time.Time // zero unless the pod is being deleted
	Labels    map[string]string
	// Annotations are those of the pod; shared like the spec, never change it.
	Annotations map[string]string
	Owner       Owner           // the controller, zero for a bare pod
	Node        string          // "" until scheduled
	Spec        *corev1.PodSpec // shared: without node name, host name and the generated token volume's suffix
	Status      PodStatus
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

// PodStatus is what the view keeps of a pod's status.
type PodStatus struct {
	Phase      corev1.PodPhase
	Reason     string
	Message    string
	Ready      bool
	Conditions []PodCondition
	Containers []ContainerStatus // of init, main and ephemeral containers
}

// PodCondition is a condition of a pod. Pods that say the same share what they say.
type PodCondition struct {
	said  unique.Handle[Said]
	since int64 // seconds since 1970; never means that it is not known
}

// Said is what a condition says, but for the time.
type Said struct {
	Type    corev1.PodConditionType
	Status  corev1.ConditionStatus
	Reason  string
	Message string
}

const never = math.MinInt64

// Said returns what the condition says.
func (c PodCondition) Said() Said { return c.said.Value() }

// Since returns when the condition last changed its status, zero if that is not
// known.
func (c PodCondition) Since() time.Time {
	if c.since == never {
		return time.Time{}
	}
	return time.Unix(c.since, 0)
}

func podCondition(c *corev1.PodCondition) PodCondition {
	kept := PodCondition{said: unique.Make(Said{c.Type, c.Status, c.Reason, c.Message}), since: never}
	if !c.LastTransitionTime.IsZero() {
		kept.since = c.LastTransitionTime.Unix()
	}
	return kept
}

// ContainerStatus is the state of one container of a pod.
type ContainerStatus struct {
	Name        string
	Init        bool
	Ready       bool
	Restarts    int32
	State       corev1.ContainerState
	Last        corev1.ContainerState
	Image       string
	ImageDigest string
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

func podStatus(s *corev1.PodStatus) PodStatus {
	kept := PodStatus{Phase: s.Phase, Reason: s.Reason, Message: s.Message}
	if len(s.Conditions) > 0 {
		kept.Conditions = make([]PodCondition, len(s.Conditions))
	}
	if n := len(s.InitContainerStatuses) + len(s.ContainerStatuses) + len(s.EphemeralContainerStatuses); n > 0 {
		kept.Containers = make([]ContainerStatus, 0, n)
	}
	for i := range s.Conditions {
		c := &s.Conditions[i]
		kept.Conditions[i] = podCondition(c)
		if c.Type == corev1.PodReady {
			kept.Ready = c.Status == corev1.ConditionTrue
		}
	}
	add := func(statuses []corev1.ContainerStatus, init bool) {
		for i := range statuses {
			c := &statuses[i]
			for _, ended := range []*corev1.ContainerStateTerminated{c.State.Terminated, c.LastTerminationState.Terminated} {
				if ended != nil {
					ended.ContainerID = "" // no rule and no screen needs it
				}
			}
			kept.Containers = append(kept.Containers, ContainerStatus{
				Name: c.Name, Init: init, Ready: c.Ready, Restarts: c.RestartCount,
				State: c.State, Last: c.LastTerminationState, Image: c.Image, ImageDigest: c.ImageID,
			})
		}
	}
	add(s.InitContainerStatuses, true)
	add(s.ContainerStatuses, false)
	add(s.EphemeralContainerStatuses, false)
	return kept
}

// API returns the pod as the API has it, without what the view does not hold.
// It shares the spec's parts: the caller must not change them.
func (p *Pod) API() *corev1.Pod {
	pod := &corev1.Pod{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: Pods.Kind},
		ObjectMeta: metav1.ObjectMeta{
			Namespace: p.Namespace, Name: p.Name, UID: p.UID, Labels: p.Labels, Annotations: p.Annotations,
			CreationTimestamp: metav1.Time{Time: p.Created},
		},
		Spec: *p.Spec,
		Status: corev1.PodStatus{
			Phase: p.Status.Phase, Reason: p.Status.Reason, Message: p.Status.Message,
		},
	}
	for _, c := range p.Status.Conditions {
		said := c.Said()
		pod.Status.Conditions = append(pod.Status.Conditions, corev1.PodCondition{
			Type: said.Type, Status: said.Status, Reason: said.Reason, Message: said.Message,
			LastTransitionTime: metav1.Time{Time: c.Since()},
		})
	}
	pod.Spec.NodeName = p.Node
	if !p.Deleted.IsZero() {
		pod.DeletionTimestamp = &metav1.Time{Time: p.Deleted}
	}
	pod.OwnerReferences = p.Owner.references()
	ephemeral := func(c ContainerStatus) bool {
		return slices.ContainsFunc(p.Spec.EphemeralContainers, func(e corev1.EphemeralContainer) bool { return e.Name == c.Name })
	}
	for _, c := range p.Status.Containers {
		status := corev1.ContainerStatus{
			Name: c.Name, Ready: c.Ready, RestartCount: c.Restarts, State: c.State,
			LastTerminationState: c.Last, Image: c.Image, ImageID: c.ImageDigest,
		}
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
