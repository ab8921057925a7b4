package briefing

import (
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Related returns the findings of an assessment that have to do with an incident: those
// about its workloads, by rules that judge what its signals are about, such as a memory
// limit that is missing beside containers that are killed for memory. The worst are
// first; nil for none.
func (b *Briefing) Related(a *score.Assessment) []*score.Finding {
	if a == nil {
		return nil
	}
	categories := map[string]bool{}
	hit := map[kube.Ref]bool{}
	for k := range b.Signals {
		s := &b.Signals[k]
		if s.State == triage.Resolved || s.Symptom() {
			continue
		}
		for _, category := range judging(s.Detector.ID) {
			categories[category] = true
		}
		hit[s.Workload], hit[s.Object] = true, true
	}
	namespaces := map[string]bool{}
	for ref := range hit {
		namespaces[ref.Namespace] = true
	}
	var all []*score.Finding
	for _, n := range a.Namespaces {
		if !namespaces[n.Name] {
			continue
		}
		for _, f := range n.Findings {
			if hit[f.Subject] && categories[f.Category] {
				all = append(all, f)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b *score.Finding) int { return int(b.Severity) - int(a.Severity) })
	return all
}

// judging returns the categories of the rules that judge what a detector is about.
func judging(detector string) []string {
	switch detector {
	case "oom-killed", "node-oom", "pod-evicted", "node-evicting", "node-pressure", "quota-full":
		return []string{"resources"}
	case "probe-liveness", "probe-readiness", "probe-startup", "readiness-gate":
		return []string{"probes"}
	case "crash-loop", "restart-burst":
		return []string{"probes", "resources"}
	case "image-pull":
		return []string{"images"}
	case "config-error", "pod-mount-failed", "ingress-backend":
		return []string{"secrets", "network", "storage"}
	case "hpa-blind", "hpa-maxed", "hpa-target-gone":
		return []string{"autoscaling", "resources"}
	case "pdb-blocking", "pdb-impossible", "deploy-unavailable", "deploy-degraded", "node-silent", "node-notready":
		return []string{"disruption"}
	case "pod-unschedulable":
		return []string{"resources", "disruption"}
	case "create-refused":
		return []string{"resources", "security-context"}
	case "svc-no-endpoints", "svc-port-mismatch", "gateway-bad", "lb-pending":
		return []string{"network", "disruption"}
	case "pvc-pending", "pvc-lost", "pvc-resize", "attach-stuck", "pod-attach-failed":
		return []string{"storage"}
	}
	return nil
}
