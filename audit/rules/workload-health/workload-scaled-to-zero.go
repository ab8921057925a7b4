package workloadhealth

import (
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var workloadScaledToZero = &audit.Rule{
	ID:       "workload-scaled-to-zero",
	Title:    "A workload is scaled to zero",
	Severity: audit.Low,
	Rationale: "It runs nowhere. If somebody stopped it for a while and forgot, what it did is missing; " +
		"if nobody needs it, it is one more thing to read, patch and grant permissions to.",
	Remediation: "Scale it up again, or delete it. Where an autoscaler or a schedule scales it to zero on purpose, it marks the workload, and the rule leaves it alone.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.Deployments, kube.StatefulSets},
	Consults:    []kube.Resource{kube.HorizontalPodAutoscalers, kube.Deployments, kube.Canaries},
	Check: eachOf([]kube.Resource{kube.Deployments, kube.StatefulSets}, func(p *audit.Pass, w *kube.Workload) {
		if *w.Replicas > 0 {
			return
		}
		f := audit.Finding{Path: "spec.replicas", Message: "it runs no replicas"}
		for _, h := range p.Cluster.AutoscalersOf(w) {
			if kube.MinReplicas(h) == 0 || len(h.OwnerReferences) > 0 {
				p.NotApplicable() // made for scaling to zero: its own minimum, or what generates it
				return
			}
			f.Detail = "HorizontalPodAutoscaler " + h.Name + " is switched off by it: it scales nothing that is at zero."
		}
		_, copied := p.Cluster.Deployments.Get(w.Ref.Namespace, w.Ref.Name+"-primary") // how Flagger names what it runs instead
		_, delivered := p.Cluster.CanaryOf(w.Ref)
		if copied || delivered || scaledOnPurpose(w) {
			p.NotApplicable()
			return
		}
		p.Report(f)
	}),
}

// scaledOnPurpose reports whether a workload bears the mark of what scales
// workloads to zero and back: by schedules (kube-downscaler, kube-green), by
// load (KEDA, Knative, Sablier).
func scaledOnPurpose(w *kube.Workload) bool {
	for _, marks := range [...]map[string]string{w.Annotations, w.Labels} {
		for key := range marks {
			domain, _, _ := strings.Cut(key, "/")
			switch {
			case domain == "downscaler", strings.HasPrefix(key, "sablier."),
				domain == "keda.sh", strings.HasSuffix(domain, ".keda.sh"),
				domain == "kube-green.com", strings.HasSuffix(domain, ".kube-green.com"), strings.HasSuffix(domain, ".kube-green.dev"),
				domain == "autoscaling.knative.dev", domain == "serving.knative.dev":
				return true
			}
		}
	}
	return false
}
