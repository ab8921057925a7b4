package securitycontext

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var hostPort = &audit.Rule{
	ID:       "host-port",
	Title:    "Port of the node taken",
	Severity: audit.Medium,
	Rationale: "The port is open on every address of the node, past Services and often past NetworkPolicies, " +
		"and no second pod that wants it fits on the node.",
	Remediation: "Remove hostPort and expose the pod by a Service.",
	Controls:    []string{"PSS-baseline", "CIS-5.2.13", "NSA", "OWASP22-K01", "OWASP25-K01"},
	Since:       "1",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Except:    "variables.podSpec.?hostNetwork.orValue(false)",
		Container: "c.?ports.orValue([]).exists(p, p.?hostPort.orValue(0) != 0)",
	},
	Check: podSecurityPart("hostPorts", func(s standard) (found []audit.Finding) {
		// The API sets hostPort to containerPort then: host-network says it all.
		if s.workload.Pod.Spec.HostNetwork {
			return nil
		}
		for c := range s.workload.Containers() {
			for i, port := range c.Ports {
				if port.HostPort == 0 {
					continue
				}
				f := inContainer(c, fmt.Sprintf("ports[%d].hostPort", i), fmt.Sprintf("takes port %d of its node", port.HostPort))
				f.Detail = fmt.Sprintf("hostPort %d leads to port %d of the container from every address of the node.", port.HostPort, port.ContainerPort)
				fixable(&f, c, removeField("leave the node's port alone", f.Path,
					"Clients that connect to the node's address need a Service."))
				found = append(found, f)
			}
		}
		return found
	}),
}
