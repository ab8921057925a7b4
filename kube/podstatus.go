package kube

import (
	"encoding/binary"
	"hash/maphash"
	"iter"
	"slices"
	"time"
	"unique"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// PodStatus is what the view keeps of a pod's status. What thousands of pods say
// alike is held once; a pod has its times for itself.
type PodStatus struct {
	*PodSaid
	Containers []ContainerStatus // of init, main and ephemeral containers

	// since when each condition is what it is, as varints: seconds after the one before;
	// and, after the last one, when the kubelet took the pod, if it has.
	since string
}

// PodSaid is what a pod's status says, but for times and containers. It is
// shared: never change it.
type PodSaid struct {
	Phase   corev1.PodPhase
	Reason  string
	Message string
	Ready   bool // by the condition Ready
	// NominatedNode is where a pod that has no node yet is to go, once what it preempts
	// is gone; "" for nearly all.
	NominatedNode string

	conditions []unique.Handle[Said]
}

// PodCondition is a condition of a pod.
type PodCondition struct {
	said  unique.Handle[Said]
	since seconds
}

// Said is what a condition says, but for the time.
type Said struct {
	Type    corev1.PodConditionType
	Status  corev1.ConditionStatus
	Reason  string
	Message string
}

// Said returns what the condition says.
func (c PodCondition) Said() Said { return c.said.Value() }

// Since returns when the condition last changed its status, zero if that is not
// known.
func (c PodCondition) Since() time.Time { return c.since.time() }

// Conditions yields the conditions of the pod, in the order of its status.
func (s *PodStatus) Conditions() iter.Seq[PodCondition] {
	return func(yield func(PodCondition) bool) {
		if s.PodSaid == nil {
			return
		}
		at, rest := seconds(0), []byte(s.since)
		for _, said := range s.conditions {
			after, n := binary.Varint(rest)
			at, rest = at+seconds(after), rest[n:]
			if !yield(PodCondition{said, at}) {
				return
			}
		}
	}
}

// StartTime returns when a kubelet took the pod, before it pulled any image; zero if none
// has.
func (s *PodStatus) StartTime() time.Time {
	if s.PodSaid == nil {
		return time.Time{}
	}
	at, rest := seconds(0), []byte(s.since)
	for range s.conditions {
		after, n := binary.Varint(rest)
		at, rest = at+seconds(after), rest[n:]
	}
	if len(rest) == 0 {
		return time.Time{}
	}
	after, _ := binary.Varint(rest)
	return (at + seconds(after)).time()
}

func saidBy(c *corev1.PodCondition) Said { return Said{c.Type, c.Status, c.Reason, c.Message} }

// podStatus returns what is kept of a pod's status; mu is held.
func (s *mapSharing) podStatus(status *corev1.PodStatus) PodStatus {
	kept := PodStatus{PodSaid: s.said(status)}
	var buffer [64]byte
	since, before := buffer[:0], seconds(0)
	for i := range status.Conditions {
		at := secondsOf(status.Conditions[i].LastTransitionTime.Time)
		since, before = binary.AppendVarint(since, int64(at-before)), at
	}
	if status.StartTime != nil {
		since = binary.AppendVarint(since, int64(secondsOf(status.StartTime.Time)-before))
	}
	kept.since = string(since)
	n := len(status.InitContainerStatuses) + len(status.ContainerStatuses) + len(status.EphemeralContainerStatuses)
	if n == 0 {
		return kept
	}
	kept.Containers = make([]ContainerStatus, 0, n)
	resizing := slices.ContainsFunc(status.Conditions, func(c corev1.PodCondition) bool {
		return c.Type == corev1.PodResizePending || c.Type == corev1.PodResizeInProgress
	})
	for i, statuses := range [...][]corev1.ContainerStatus{status.InitContainerStatuses, status.ContainerStatuses, status.EphemeralContainerStatuses} {
		for j := range statuses {
			kept.Containers = append(kept.Containers, s.containerStatus(&statuses[j], i == 0, resizing))
		}
	}
	return kept
}

// said returns the one copy of what a status says; mu is held.
func (s *mapSharing) said(status *corev1.PodStatus) *PodSaid {
	var content maphash.Hash
	content.SetSeed(s.seed)
	write := func(text string) {
		_, _ = content.WriteString(text) // never fails
		_ = content.WriteByte(0)
	}
	write(string(status.Phase))
	write(status.Reason)
	write(status.Message)
	write(status.NominatedNodeName)
	for i := range status.Conditions {
		c := &status.Conditions[i]
		write(string(c.Type))
		write(string(c.Status))
		write(c.Reason)
		write(c.Message)
	}
	sum := content.Sum64()
	if held := s.statuses[sum]; held != nil && held.says(status) {
		return held
	}
	said := &PodSaid{Phase: status.Phase, Reason: status.Reason, Message: status.Message, NominatedNode: status.NominatedNodeName}
	if len(status.Conditions) > 0 {
		said.conditions = make([]unique.Handle[Said], len(status.Conditions))
	}
	for i := range status.Conditions {
		c := &status.Conditions[i]
		said.conditions[i] = unique.Make(saidBy(c))
		if c.Type == corev1.PodReady {
			said.Ready = c.Status == corev1.ConditionTrue
		}
	}
	if len(s.statuses) >= mostStatuses {
		clear(s.statuses)
	}
	s.statuses[sum] = said
	return said
}

// mostStatuses is how many statuses are remembered. Those that many pods have are
// few; those with messages of their own are not worth remembering.
const mostStatuses = 1 << 12

// says reports whether a status says the same.
func (s *PodSaid) says(status *corev1.PodStatus) bool {
	if s.Phase != status.Phase || s.Reason != status.Reason || s.Message != status.Message || s.NominatedNode != status.NominatedNodeName || len(s.conditions) != len(status.Conditions) {
		return false
	}
	for i := range s.conditions {
		if s.conditions[i].Value() != saidBy(&status.Conditions[i]) {
			return false
		}
	}
	return true
}

// ContainerStatus is the state of one container of a pod.
type ContainerStatus struct {
	*RunImage
	Restarts int32
	Ready    bool
	// Started is set once the startup probe of this run has passed, or where there is
	// none as soon as it runs and its postStart hook is through. Liveness and readiness
	// are probed from then on.
	Started bool

	started seconds          // of one that runs and never ended, which is what most do
	states  *containerStates // of any other
}

// RunImage is a container and what it runs. It is shared: never change it.
type RunImage struct {
	Name        string
	Init        bool
	Image       string
	ImageDigest string
}

// containerStates are the state of a container, its last one, and what it has while its
// pod is being resized.
type containerStates struct {
	is, was   corev1.ContainerState
	resources *corev1.ResourceRequirements
	allocated corev1.ResourceList
}

// State returns the state of the container as the API has it.
func (c *ContainerStatus) State() corev1.ContainerState {
	if c.states != nil {
		return c.states.is
	}
	return corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: metav1.Time{Time: c.started.time()}}}
}

// Last returns how the container ended before, as the API has it; nothing is set
// if it did not.
func (c *ContainerStatus) Last() corev1.ContainerState {
	if c.states != nil {
		return c.states.was
	}
	return corev1.ContainerState{}
}

// Resizing returns what the container has, and what its node has set aside for it, while
// its pod is being resized in place (KEP-1287); nil otherwise, when both are what the spec
// asks for.
func (c *ContainerStatus) Resizing() (has *corev1.ResourceRequirements, allocated corev1.ResourceList) {
	if c.states == nil {
		return nil, nil
	}
	return c.states.resources, c.states.allocated
}

// Running returns since when the container runs, false if it does not.
func (c *ContainerStatus) Running() (since metav1.Time, runs bool) {
	switch {
	case c.states == nil:
		return metav1.Time{Time: c.started.time()}, true
	case c.states.is.Running != nil:
		return c.states.is.Running.StartedAt, true
	}
	return metav1.Time{}, false
}

// Waiting returns why the container waits to be started, nil if it does not.
func (c *ContainerStatus) Waiting() *corev1.ContainerStateWaiting {
	if c.states == nil {
		return nil
	}
	return c.states.is.Waiting
}

// Terminated returns how the container ended, nil if it has not.
func (c *ContainerStatus) Terminated() *corev1.ContainerStateTerminated {
	if c.states == nil {
		return nil
	}
	return c.states.is.Terminated
}

// LastTerminated returns how the container ended before it was last restarted,
// nil if it did not.
func (c *ContainerStatus) LastTerminated() *corev1.ContainerStateTerminated {
	if c.states == nil {
		return nil
	}
	return c.states.was.Terminated
}

// containerStatus returns what is kept of a container's status; mu is held.
func (s *mapSharing) containerStatus(c *corev1.ContainerStatus, init, resizing bool) ContainerStatus {
	kept := ContainerStatus{
		RunImage: s.images.one(s.seed, RunImage{c.Name, init, c.Image, c.ImageID}),
		Restarts: c.RestartCount, Ready: c.Ready, Started: c.Started != nil && *c.Started, // nil is false, as the API has it
	}
	is, was := c.State, c.LastTerminationState
	if !resizing && is.Running != nil && is.Waiting == nil && is.Terminated == nil && was == (corev1.ContainerState{}) {
		kept.started = secondsOf(is.Running.StartedAt.Time)
		return kept
	}
	for _, ended := range []*corev1.ContainerStateTerminated{is.Terminated, was.Terminated} {
		if ended != nil {
			ended.ContainerID = "" // no rule and no screen needs it
		}
	}
	kept.states = &containerStates{is: is, was: was}
	if resizing {
		kept.states.resources, kept.states.allocated = c.Resources, c.AllocatedResources
	}
	return kept
}
