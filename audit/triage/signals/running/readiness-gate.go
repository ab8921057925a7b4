package running

import (
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var readinessGate = &triage.Detector{
	ID:    "readiness-gate",
	Title: "A pod waits for a readiness gate",
	About: "All containers are ready, and a condition that the pod declares in spec.readinessGates is not true: whoever has to set it, as a rule the controller of a load balancer, " +
		"has not (KEP-580; pkg/kubelet/status/generate.go, ReadinessGatesNotReady). Registering takes a while, which is no problem for two minutes.",
	Reads: []kube.Resource{kube.Pods},
	Rung:  triage.Dependencies,
	After: 2 * time.Minute,
	Paged: 15 * time.Minute,
	Check: func(p *triage.Pass) {
		for _, pod := range p.Living() {
			said, since, known := triage.Condition(pod, corev1.PodReady)
			if !known || said.Status != corev1.ConditionFalse || said.Reason != "ReadinessGatesNotReady" {
				continue
			}
			// The pod may have been unready before, for another reason.
			if ready, at, known := triage.Condition(pod, corev1.ContainersReady); known && ready.Status == corev1.ConditionTrue && at.After(since) {
				since = at
			}
			p.Report(triage.Signal{
				Object: pod.Ref(), Since: since, Raw: said.Message, Mild: true,
				Message: "waits for readiness gate " + strings.Join(unmet(pod), ", "),
			})
		}
	},
}

// unmet returns the readiness gates of a pod whose conditions are not true.
func unmet(pod *kube.Pod) []string {
	var gates []string
	for _, gate := range pod.Spec.ReadinessGates {
		if said, _, known := triage.Condition(pod, gate.ConditionType); !known || said.Status != corev1.ConditionTrue {
			gates = append(gates, string(gate.ConditionType))
		}
	}
	return gates
}
