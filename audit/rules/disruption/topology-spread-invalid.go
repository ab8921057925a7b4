package disruption

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var topologySpreadInvalid = &audit.Rule{
	ID:       "topology-spread-invalid",
	Title:    "A spread constraint does not spread the pods",
	Severity: audit.Medium,
	Rationale: "A constraint that does not count the workload's own pods changes nothing, " +
		"and one that the API refuses keeps the workload from getting any pod. Whoever wrote it believes that the replicas are apart.",
	Remediation: "Give the constraint a topologyKey, a maxSkew of 1 or more, a whenUnsatisfiable of DoNotSchedule or ScheduleAnyway, " +
		"and a labelSelector that matches the labels of the pod template.",
	Since:    "1",
	Subjects: kube.WorkloadResources(),
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		if len(w.Pod.Spec.TopologySpreadConstraints) == 0 {
			p.NotApplicable()
			return
		}
		for i := range w.Pod.Spec.TopologySpreadConstraints {
			constraint := &w.Pod.Spec.TopologySpreadConstraints[i]
			path := w.Field(fmt.Sprintf("topologySpreadConstraints[%d]", i))
			for _, fault := range refusedBecause(constraint) {
				fault.Path = path + fault.Path
				fault.Detail = "The API server refuses pods with such a constraint."
				p.Report(fault)
			}
			if !w.SelectedBy(constraint.LabelSelector) {
				p.Report(countsNothing(w, constraint, path+".labelSelector"))
			}
		}
	}),
}

// refusedBecause returns what validation says of a constraint, with paths below
// it (validateTopologySpreadConstraints in pkg/apis/core/validation).
func refusedBecause(constraint *corev1.TopologySpreadConstraint) []audit.Finding {
	var faults []audit.Finding
	if constraint.TopologyKey == "" {
		faults = append(faults, audit.Finding{Path: ".topologyKey", Message: "the spread constraint has no topologyKey"})
	}
	if constraint.MaxSkew < 1 {
		faults = append(faults, audit.Finding{Path: ".maxSkew", Message: "the spread constraint has no positive maxSkew"})
	}
	switch constraint.WhenUnsatisfiable {
	case corev1.DoNotSchedule, corev1.ScheduleAnyway:
	default:
		faults = append(faults, audit.Finding{
			Path:    ".whenUnsatisfiable",
			Message: "the spread constraint's whenUnsatisfiable is neither DoNotSchedule nor ScheduleAnyway",
		})
	}
	if domains := constraint.MinDomains; domains != nil && *domains < 1 {
		faults = append(faults, audit.Finding{Path: ".minDomains", Message: "the spread constraint has no positive minDomains"})
	} else if domains != nil && constraint.WhenUnsatisfiable == corev1.ScheduleAnyway {
		faults = append(faults, audit.Finding{Path: ".minDomains", Message: "the spread constraint has minDomains without DoNotSchedule"})
	}
	return faults
}

func countsNothing(w *kube.Workload, constraint *corev1.TopologySpreadConstraint, path string) audit.Finding {
	f := audit.Finding{
		Path:    path,
		Message: "the spread constraint does not select the pods themselves",
		Detail:  "Its labelSelector does not match the labels of the pod template, so that it counts other pods, or none.",
	}
	if constraint.LabelSelector == nil {
		f.Message = "the spread constraint has no labelSelector"
		f.Detail = "Without a labelSelector it counts no pods, and so every node is as good as any other."
	}
	if selector := w.LabelSelector(); selector != nil {
		fix := audit.SetField("select the workload's own pods", path, selector)
		fix.Risk = "With DoNotSchedule, pods may stay pending where there are too few nodes or zones."
		f.Fixes = []audit.Fix{fix}
	}
	return f
}
