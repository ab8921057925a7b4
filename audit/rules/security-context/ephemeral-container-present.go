package securitycontext

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var ephemeralContainerPresent = &audit.Rule{
	ID:       "ephemeral-container-present",
	Title:    "Debug container left in a pod",
	Severity: audit.Low,
	Rationale: "Somebody debugged a running pod. The container that was added has its network and volumes, is in no manifest, " +
		"and stays until the pod is deleted.",
	Remediation: "Delete the pod once the session is over; its controller starts a clean one.",
	Controls:    []string{"OWASP22-K01", "OWASP25-K01"},
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Reads:       []kube.Resource{kube.Pods},
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		pods := p.Cluster.PodsOf(w)
		if len(pods) == 0 {
			p.NotApplicable()
			return
		}
		var sessions []string
		running := false
		for _, pod := range pods {
			for i := range pod.Spec.EphemeralContainers {
				c := &pod.Spec.EphemeralContainers[i]
				session := fmt.Sprintf("%s in pod %s (%s)", c.Name, pod.Name, c.Image)
				if ended(pod, c.Name) {
					session += ", which has ended"
				} else {
					running = true
				}
				sessions = append(sessions, session)
			}
		}
		if len(sessions) == 0 {
			return
		}
		f := audit.Finding{
			Path: w.Pod.Path, Message: fmt.Sprintf("%d debug containers in its pods", len(sessions)),
			Detail: "Ephemeral containers: " + someOf(sessions) + ".",
		}
		if len(sessions) == 1 {
			f.Message = "a debug container in its pods"
		}
		if !running {
			f.Severity = audit.Info
		}
		p.Report(f)
	}),
}

// ended reports whether a container is known to run no more.
func ended(pod *kube.Pod, container string) bool {
	for i := range pod.Status.Containers {
		if s := &pod.Status.Containers[i]; s.Name == container {
			return s.Terminated() != nil
		}
	}
	return pod.Status.Phase == corev1.PodSucceeded || pod.Status.Phase == corev1.PodFailed
}
