package network

import (
	"fmt"
	"iter"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var serviceInvalidTargetPort = &audit.Rule{
	ID:          "service-invalid-target-port",
	Title:       "A port has an impossible name or number",
	Severity:    audit.Medium,
	Rationale:   "The API server refuses the object, so that the whole rollout fails at its door.",
	Remediation: "Use a name of at most 15 lower-case letters, digits and single hyphens with at least one letter in it, or a number from 1 to 65535.",
	Since:       "2",
	Subjects:    append([]kube.Resource{kube.Services}, kube.WorkloadResources()...),
	Check:       audit.Each(withPorts, judgePorts),
}

// withPorts lists what has ports: Services and workloads.
func withPorts(c *kube.Cluster) iter.Seq2[audit.Subject, kube.Object] {
	return func(yield func(audit.Subject, kube.Object) bool) {
		for s := range c.Services.All() {
			if len(s.Spec.Ports) > 0 && !yield(audit.Subject{Ref: kube.Services.Ref(s.Namespace, s.Name), Namespace: s.Namespace}, s) {
				return
			}
		}
		for _, w := range c.Workloads() {
			if declaresPorts(w) && !yield(audit.Subject{Ref: w.Ref, Namespace: w.Ref.Namespace}, w) {
				return
			}
		}
	}
}

func judgePorts(p *audit.Pass, o kube.Object) {
	switch o := o.(type) {
	case *corev1.Service:
		for i := range o.Spec.Ports {
			port := &o.Spec.Ports[i]
			path := fmt.Sprintf("spec.ports[%d].", i)
			judgePort(p, "", path+"port", intstr.FromInt32(port.Port))
			if port.TargetPort != (intstr.IntOrString{}) {
				judgePort(p, "", path+"targetPort", port.TargetPort)
			}
		}
	case *kube.Workload:
		for c := range o.Containers() {
			for i, port := range c.Ports {
				path := c.Field(fmt.Sprintf("ports[%d].", i))
				judgePort(p, c.Name, path+"containerPort", intstr.FromInt32(port.ContainerPort))
				if port.Name != "" {
					judgePort(p, c.Name, path+"name", intstr.FromString(port.Name))
				}
			}
		}
	}
}

// judgePort holds a port to what the API server demands of it.
func judgePort(p *audit.Pass, container, path string, port intstr.IntOrString) {
	faults := validation.IsValidPortNum(int(port.IntVal))
	if port.Type == intstr.String {
		faults = validation.IsValidPortName(port.StrVal)
	}
	if len(faults) == 0 {
		return
	}
	p.Report(audit.Finding{
		Container: container,
		Path:      path,
		Message:   fmt.Sprintf("%q is no port", port.String()),
		Detail:    "The API server says of it: " + strings.Join(faults, "; ") + ".",
	})
}
