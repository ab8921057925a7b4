package autoscaling

import (
	"fmt"
	"strings"

	autoscalingv2 "k8s.io/api/autoscaling/v2"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var hpaDuplicateTarget = &audit.Rule{
	ID:       "hpa-duplicate-target",
	Title:    "Several autoscalers scale the same workload",
	Severity: audit.High,
	Rationale: "The autoscalers undo each other's decisions: the number of replicas swings with every turn, " +
		"and pods are started and killed without need.",
	Remediation: "Keep one autoscaler with all the metrics, and delete the others. " +
		"One that is generated (by a KEDA ScaledObject) has to go with what generates it.",
	Since:    "1",
	Subjects: []kube.Resource{kube.HorizontalPodAutoscalers},
	Consults: []kube.Resource{kube.HorizontalPodAutoscalers},
	Check: eachAutoscaler(func(p *audit.Pass, h *autoscalingv2.HorizontalPodAutoscaler) {
		target := kube.ScaleTarget(h)
		var others []string
		for _, other := range p.Cluster.AutoscalersFor(target) {
			if other.Name == h.Name {
				continue
			}
			name := kube.HorizontalPodAutoscalers.Ref("", other.Name).Short()
			if generator := generatedBy(other); generator != "" {
				name += " (of " + generator + ")"
			}
			others = append(others, name)
		}
		if len(others) == 0 {
			return
		}
		p.Report(audit.Finding{
			Path:    "spec.scaleTargetRef",
			Message: fmt.Sprintf("%s is scaled by %s, too", target.Short(), strings.Join(others, ", ")),
			Detail:  "Autoscalers do not know of each other; each sets the number that it thinks right.",
		})
	}),
}
