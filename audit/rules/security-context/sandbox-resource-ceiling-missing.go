package securitycontext

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var sandboxResourceCeilingMissing = &audit.Rule{
	ID:       "sandbox-resource-ceiling-missing",
	Title:    "Sandbox may use the whole node",
	Severity: audit.Medium,
	Rationale: "Code that nobody has read may loop or fill its memory. Without limits it takes what its node has, " +
		"and the sandboxes and services beside it starve.",
	Remediation: "Set limits for CPU and memory on every container of the template, or on the pod as a whole.",
	Controls:    []string{"OWASP22-K01", "OWASP25-K01"},
	Since:       "2",
	Subjects:    []kube.Resource{kube.SandboxTemplates},
	Consults:    []kube.Resource{kube.LimitRanges},
	Parameters: []audit.Parameter{
		{Name: "maxCPU", About: "The most CPU that a container's limit may be, as a quantity (\"2\"); empty for any.", Value: ""},
		{Name: "maxMemory", About: "The most memory that a container's limit may be, as a quantity (\"4Gi\"); empty for any.", Value: ""},
	},
	Check: eachSandboxTemplate(func(p *audit.Pass, t *sandboxTemplate) {
		ceilings := []ceiling{{corev1.ResourceCPU, p.Text("maxCPU")}, {corev1.ResourceMemory, p.Text("maxMemory")}}
		pod, defaults := t.Spec.PodTemplate.Spec.Resources, p.Cluster.ContainerDefaults(t.Metadata.Namespace).Limits
		for c := range kube.ContainersOf(&t.Spec.PodTemplate.Spec, sandboxPod) {
			for _, ceiling := range ceilings {
				limit, set := c.Resources.Limits[ceiling.resource]
				if !set {
					limit, set = defaults[ceiling.resource]
				}
				ofPod := false
				if pod != nil && !set {
					limit, set = pod.Limits[ceiling.resource]
					ofPod = set
				}
				path := fmt.Sprintf("resources.limits.%s", ceiling.resource)
				if !set {
					f := inContainer(c, path, fmt.Sprintf("has no limit of %s", ceiling.resource))
					f.Detail = "Neither the container nor the pod nor a LimitRange of the namespace sets one."
					p.Report(f)
				} else if most, over := ceiling.exceeded(limit); over {
					f := inContainer(c, path, fmt.Sprintf("may use %s of %s", limit.String(), ceiling.resource))
					f.Detail = fmt.Sprintf("The most that is allowed here is %s.", most.String())
					if ofPod {
						f.Path = sandboxPod + "." + path
					}
					p.Report(f)
				}
			}
		}
	}),
}

// ceiling is the most that a limit may be.
type ceiling struct {
	resource corev1.ResourceName
	most     string // a quantity, "" for any
}

// exceeded reports whether a limit is over the ceiling. What is no quantity is
// no ceiling.
func (c ceiling) exceeded(limit resource.Quantity) (most resource.Quantity, over bool) {
	most, err := resource.ParseQuantity(c.most)
	if err != nil {
		return resource.Quantity{}, false
	}
	return most, limit.Cmp(most) > 0
}
