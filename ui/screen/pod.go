package screen

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// PodState says in a word what a pod is at, and whether that is as it should be: why a
// container does not run, where one does not, else the phase of the pod.
func PodState(p *kube.Pod) (text string, well bool) {
	switch {
	case !p.Deleted().IsZero():
		return "Terminating", true
	case p.Status.PodSaid == nil || p.Status.Phase == "":
		return "not known", true
	case p.Status.Phase == corev1.PodSucceeded:
		return "Completed", true
	}
	for i := range p.Status.Containers {
		c := &p.Status.Containers[i]
		if waiting := c.Waiting(); waiting != nil && waiting.Reason != "" && waiting.Reason != "PodInitializing" {
			return waiting.Reason, waiting.Reason == "ContainerCreating"
		}
		if ended := c.Terminated(); ended != nil && ended.ExitCode != 0 {
			if ended.Reason != "" {
				return ended.Reason, false
			}
			return fmt.Sprintf("exit %d", ended.ExitCode), false
		}
	}
	switch {
	case p.Status.Reason != "":
		return p.Status.Reason, false
	case p.Status.Phase == corev1.PodRunning && !p.Status.Ready:
		return "not ready", false
	}
	return string(p.Status.Phase), p.Status.Phase != corev1.PodFailed
}

// PodRestarts returns how often the containers of a pod were started again.
func PodRestarts(p *kube.Pod) int {
	restarts := 0
	for i := range p.Status.Containers {
		restarts += int(p.Status.Containers[i].Restarts)
	}
	return restarts
}

// PodAge says how old a pod is in a view, "" if that is not known.
func PodAge(c *kube.Cluster, p *kube.Pod) string { return Since(c.Time, p.Created()) }
