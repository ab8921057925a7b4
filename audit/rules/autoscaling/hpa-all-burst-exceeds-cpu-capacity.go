package autoscaling

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var hpaAllBurstExceedsCPUCapacity = &audit.Rule{
	ID:       "hpa-all-burst-exceeds-cpu-capacity",
	Title:    "All autoscalers together may ask for more CPU than there is",
	Severity: audit.Low,
	Rationale: "Each autoscaler alone finds room, but load often comes to all of them at once. " +
		"Whoever scales first takes what is there, and the pods of the others stay pending.",
	Remediation: "Add nodes, or let a node autoscaler do so; give the workloads that matter most a PriorityClass of their own; " +
		"lower the maximum of what can wait.",
	Since:    "2",
	Subjects: []kube.Resource{kube.HorizontalPodAutoscalers},
	Reads:    burstReads(),
	Consults: burstConsults(),
	Wide:     true,
	Check:    together(corev1.ResourceCPU, hpaBurstExceedsCPUCapacity.ID),
}
