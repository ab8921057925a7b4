package hygiene

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var containerPortInvalid = &audit.Rule{
	ID:          "container-port-invalid",
	Title:       "The API server refuses a container's port",
	Severity:    audit.Low,
	Rationale:   "The manifest cannot be applied, or the template makes no pods.",
	Remediation: "Give each port of a container a number and a name of its own, of 15 letters, digits and dashes at most.",
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Check: audit.EachContainer(func(p *audit.Pass, _ *kube.Workload, c kube.Container) bool {
		if !p.Cluster.Info.Offline {
			return false // what a server holds it has let in
		}
		named := map[string]bool{}
		for i := range c.Ports {
			if fault := faultOfPort(&c.Ports[i], named); fault != "" {
				p.Report(audit.Finding{
					Container: c.Name,
					Path:      portPath(c, i),
					Message:   fmt.Sprintf("%s %s: %s", c.Kind, c.Name, fault),
					Detail:    "The API server refuses pods with such a port.",
				})
			}
		}
		return len(c.Ports) > 0
	}),
}

// faultOfPort says what is wrong with a port, "" if nothing is. Named are the
// names of the ports before it, to which it adds its own.
func faultOfPort(port *corev1.ContainerPort, named map[string]bool) string {
	if port.ContainerPort == 0 {
		return "a port has no containerPort"
	}
	if faults := validation.IsValidPortNum(int(port.ContainerPort)); len(faults) > 0 {
		return fmt.Sprintf("port %d: %s", port.ContainerPort, strings.Join(faults, "; "))
	}
	if port.Name == "" {
		return ""
	}
	if faults := validation.IsValidPortName(port.Name); len(faults) > 0 {
		return fmt.Sprintf("port name %s: %s", port.Name, strings.Join(faults, "; "))
	}
	if named[port.Name] {
		return "two ports are called " + port.Name
	}
	named[port.Name] = true
	return ""
}
