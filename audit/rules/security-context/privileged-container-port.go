package securitycontext

import (
	"fmt"
	"strconv"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var privilegedContainerPort = &audit.Rule{
	ID:       "privileged-container-port",
	Title:    "Port that Linux keeps for root",
	Severity: audit.Low,
	Rationale: "Unless the runtime opens them, only root, or a program with NET_BIND_SERVICE, may listen on ports below 1024, " +
		"so the port ties the program to more rights than it needs.",
	Remediation: "Let the program listen on a port of 1024 or more: the Service in front of it can keep the port that clients know. " +
		"Or set the sysctl net.ipv4.ip_unprivileged_port_start for the pod, which Pod Security allows.",
	Controls: []string{"OWASP22-K01", "OWASP25-K01"},
	Since:    "2",
	Subjects: kube.WorkloadResources(),
	Admission: &audit.Admission{
		Except: "variables.windows",
		Variables: []audit.Variable{
			{Name: "starts", Expression: "variables.podSecurityContext.?sysctls.orValue([]).filter(s, " +
				"s.name == 'net.ipv4.ip_unprivileged_port_start' && s.value.matches('^[+-]?[0-9]{1,18}$'))"},
			{Name: "first", Expression: "variables.starts.size() > 0 ? int(variables.starts[0].value) : 1024"},
		},
		Among: "longRunning", Container: "c.?ports.orValue([]).exists(p, p.containerPort > 0 && p.containerPort < variables.first)",
	},
	Check: eachLinux(func(p *audit.Pass, w *kube.Workload) {
		first := unprivilegedPortStart(w)
		for c := range w.Containers() {
			if !c.LongRunning() {
				continue
			}
			for i, port := range c.Ports {
				if port.ContainerPort <= 0 || int(port.ContainerPort) >= first {
					continue
				}
				f := inContainer(c, fmt.Sprintf("ports[%d].containerPort", i), fmt.Sprintf("listens on port %d", port.ContainerPort))
				f.Detail = fmt.Sprintf("containerPort %d is below %d, where the ports begin that every user may take.", port.ContainerPort, first)
				p.Report(f)
			}
		}
	}),
}

// unprivilegedPortStart returns the first port that every user of the pod may
// take: what its sysctl says, else the kernel's default.
func unprivilegedPortStart(w *kube.Workload) int {
	for _, sysctl := range shared(w).Sysctls {
		if first, err := strconv.Atoi(sysctl.Value); err == nil && sysctl.Name == "net.ipv4.ip_unprivileged_port_start" {
			return first
		}
	}
	return firstUnprivilegedPort
}
