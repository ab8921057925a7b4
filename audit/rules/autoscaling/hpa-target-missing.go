package autoscaling

import (
	"fmt"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var hpaTargetMissing = &audit.Rule{
	ID:       "hpa-target-missing",
	Title:    "An autoscaler has nothing to scale",
	Severity: audit.High,
	Rationale: "The autoscaler does nothing, and says so only in its status. " +
		"The workload that it was made for stays at the size it happens to have when load comes.",
	Remediation: "Point spec.scaleTargetRef at an object that exists in the autoscaler's own namespace and can be scaled: " +
		"apiVersion, kind and name have to agree. Delete the autoscaler if its workload is gone.",
	Since:    "1",
	Subjects: []kube.Resource{kube.HorizontalPodAutoscalers},
	Consults: targets(),
	Check: eachAutoscaler(func(p *audit.Pass, h *autoscalingv2.HorizontalPodAutoscaler) {
		target := kube.ScaleTarget(h)
		found, why := findTarget(p.Cluster, target)
		switch found {
		case present:
		case unread:
			p.Unknown(why)
		case unscalable:
			p.Report(audit.Finding{
				Path:    "spec.scaleTargetRef.kind",
				Message: fmt.Sprintf("its target %s cannot be scaled", target.Short()),
				Detail:  fmt.Sprintf("The API has no scale subresource for kind %s.", target.Kind),
			})
		case unresolvable:
			p.Report(unresolvableTarget(p.Cluster, h, target))
		case absent:
			p.Report(audit.Finding{
				Path:    "spec.scaleTargetRef.name",
				Message: fmt.Sprintf("its target %s does not exist", target.Short()),
				Detail:  fmt.Sprintf("There is no %s in the autoscaler's namespace.", target),
			})
		}
	}),
}

func unresolvableTarget(c *kube.Cluster, h *autoscalingv2.HorizontalPodAutoscaler, target kube.Ref) audit.Finding {
	written := h.Spec.ScaleTargetRef.APIVersion
	f := audit.Finding{
		Path:    "spec.scaleTargetRef.apiVersion",
		Message: fmt.Sprintf("its target %s has the wrong apiVersion or kind", target.Short()),
		Detail:  fmt.Sprintf("The server knows no kind %s in %q that can be scaled.", target.Kind, written),
	}
	if written == "" {
		f.Message = fmt.Sprintf("its target %s has no apiVersion", target.Short())
		f.Detail = fmt.Sprintf("Without an apiVersion, kind %s is looked for in the core group.", target.Kind)
	}
	r, exists := meant(c, target)
	if !exists {
		return f
	}
	version := schema.GroupVersion{Group: r.Group, Version: r.Version}.String()
	fix := audit.Fix{
		Title: fmt.Sprintf("point it at the %s %s of %s", r.Kind, target.Name, version),
		Edits: []audit.Edit{{Path: f.Path, Value: version}},
		Risk:  "The autoscaler starts to work, and may change the number of replicas at once.",
	}
	if r.Kind != target.Kind {
		fix.Edits = append(fix.Edits, audit.Edit{Path: "spec.scaleTargetRef.kind", Value: r.Kind})
	}
	f.Fixes = []audit.Fix{fix}
	return f
}
