package autoscaling

import (
	"fmt"
	"slices"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var vpaTargetMissing = &audit.Rule{
	ID:       "vpa-target-missing",
	Title:    "A VerticalPodAutoscaler has nothing to do, or works against another",
	Severity: audit.Low,
	Rationale: "Without its target it does nothing, and requests stay as they are. " +
		"Where a HorizontalPodAutoscaler scales by the same resource, each changes what the other measures: " +
		"larger requests look like less load, and the workload shrinks.",
	Remediation: "Point spec.targetRef at the workload, in the same namespace. " +
		"Beside a HorizontalPodAutoscaler, leave the resource that it scales by out of controlledResources, or set updateMode to Off.",
	Since:    "2",
	Subjects: []kube.Resource{kube.VerticalPodAutoscalers},
	Reads:    []kube.Resource{kube.HorizontalPodAutoscalers},
	Consults: kube.WorkloadResources(),
	Check: audit.EachCustom(kube.VerticalPodAutoscalers, func(p *audit.Pass, o *unstructured.Unstructured) {
		target := customTarget(o, "targetRef")
		if target == (kube.Ref{}) {
			p.Report(audit.Finding{
				Path:    "spec.targetRef",
				Message: "it has no target",
				Detail:  "spec.targetRef names no object.",
			})
			return
		}
		if p.Cluster.Workload(target) == nil && !p.Cluster.Has(target) {
			reportMissingTarget(p, target)
			return
		}
		for _, h := range p.Cluster.AutoscalersFor(target) {
			for _, name := range measured(h) {
				if controls(o, name) {
					p.Report(audit.Finding{
						Path: "spec.targetRef",
						Message: fmt.Sprintf("it changes the %s requests that %s scales by",
							called(name), kube.HorizontalPodAutoscalers.Ref("", h.Name).Short()),
						Detail: fmt.Sprintf("Both are about %s, and the metric of the HorizontalPodAutoscaler is the use of %s.", target.Short(), called(name)),
					})
				}
			}
		}
	}),
}

// reportMissingTarget reports a target that the view does not hold, if that
// proves that there is none.
func reportMissingTarget(p *audit.Pass, target kube.Ref) {
	r, held := kube.ResourceOf(target.Group, target.Kind)
	if !held {
		p.Unknown(fmt.Sprintf("objects of kind %s are not read", target.Kind))
		return
	}
	if state, blind := p.Cluster.Blind(r, target.Namespace); blind {
		p.Unknown(fmt.Sprintf("%s: %s", r, state.Phase))
		return
	}
	p.Report(audit.Finding{
		Path:    "spec.targetRef.name",
		Message: fmt.Sprintf("its target %s does not exist", target.Short()),
		Detail:  fmt.Sprintf("There is no %s in the namespace.", target),
	})
}

// measured returns the resources by whose use relative to the request an
// autoscaler scales, which are what a change of requests upsets.
func measured(h *autoscalingv2.HorizontalPodAutoscaler) []corev1.ResourceName {
	if len(h.Spec.Metrics) == 0 {
		return []corev1.ResourceName{corev1.ResourceCPU} // the API's default
	}
	var names []corev1.ResourceName
	for _, u := range utilizations(h) {
		if !slices.Contains(names, u.resource) {
			names = append(names, u.resource)
		}
	}
	return names
}

// controls reports whether a VerticalPodAutoscaler changes the requests for a
// resource: that of CPU and memory unless it says otherwise
// (autoscaling.k8s.io/v1 ContainerResourcePolicy).
func controls(o *unstructured.Unstructured, name corev1.ResourceName) bool {
	if mode, _, _ := unstructured.NestedString(o.Object, "spec", "updatePolicy", "updateMode"); mode == "Off" {
		return false
	}
	policies, _, _ := unstructured.NestedSlice(o.Object, "spec", "resourcePolicy", "containerPolicies")
	if len(policies) == 0 {
		return name == corev1.ResourceCPU || name == corev1.ResourceMemory
	}
	return slices.ContainsFunc(policies, func(policy any) bool {
		fields, _ := policy.(map[string]any)
		if mode, _ := fields["mode"].(string); mode == "Off" {
			return false
		}
		controlled, limited := fields["controlledResources"].([]any)
		if !limited {
			return name == corev1.ResourceCPU || name == corev1.ResourceMemory
		}
		return slices.Contains(controlled, any(string(name)))
	})
}
