package triage

import (
	"iter"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Containers yields the containers of a pod with what its status says of each:
// init containers first, ephemeral ones last, and none of which the kubelet has
// said nothing yet.
func Containers(pod *kube.Pod) iter.Seq2[kube.Container, *kube.ContainerStatus] {
	return func(yield func(kube.Container, *kube.ContainerStatus) bool) {
		for c := range kube.ContainersOf(pod.Spec, "spec") {
			// The names of the three lists are distinct (pkg/apis/core/validation).
			i := slices.IndexFunc(pod.Status.Containers, func(s kube.ContainerStatus) bool { return s.Name == c.Name })
			if i >= 0 && !yield(c, &pod.Status.Containers[i]) {
				return
			}
		}
	}
}

// Initializing reports whether an init container of the pod runs: the others wait
// for it, and that is no fault of theirs. Sidecars do not count, which run for as
// long as the pod (KEP-753).
func Initializing(pod *kube.Pod) bool {
	for c, status := range Containers(pod) {
		if _, runs := status.Running(); runs && c.Kind == kube.Init {
			return true
		}
	}
	return false
}

// Started reports whether a container of the pod, of whichever kind, has run at
// least once: its volumes are mounted and it has an address.
func Started(pod *kube.Pod) bool {
	return slices.ContainsFunc(pod.Status.Containers, func(s kube.ContainerStatus) bool {
		_, runs := s.Running()
		return runs || s.Terminated() != nil || s.LastTerminated() != nil
	})
}

// Restarts reports whether the kubelet starts a container again that ended in
// this way, by the restart policy of the pod, or of the container where it has
// one (KEP-5307, restart rules aside).
func Restarts(pod *kube.Pod, c kube.Container, ended *corev1.ContainerStateTerminated) bool {
	policy := pod.Spec.RestartPolicy
	if c.RestartPolicy != nil {
		policy = corev1.RestartPolicy(*c.RestartPolicy)
	}
	switch policy {
	case corev1.RestartPolicyNever:
		return false
	case corev1.RestartPolicyOnFailure:
		return ended.ExitCode != 0
	case corev1.RestartPolicyAlways:
	}
	return c.Kind != kube.Init || ended.ExitCode != 0
}
