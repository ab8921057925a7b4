package securitycontext

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var sshPortExposed = &audit.Rule{
	ID:       "ssh-port-exposed",
	Title:    "SSH server in a pod",
	Severity: audit.Medium,
	Rationale: "An SSH server is a second way in, past the API server's authentication, roles and audit log, " +
		"with keys that nobody rotates.",
	Remediation: "Use kubectl exec, or kubectl debug, which the API server authorizes and logs. Where the program is itself a service " +
		"over SSH, such as a Git server, accept the finding.",
	Controls: []string{"OWASP22-K01", "OWASP25-K01", "MITRE-T1021"},
	Since:    "2",
	Subjects: kube.WorkloadResources(),
	Consults: []kube.Resource{kube.Services},
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		declared := false
		for c := range w.Containers() {
			for i, port := range c.Ports {
				if port.ContainerPort != sshPort || !overTCP(port.Protocol) || !c.LongRunning() {
					continue
				}
				declared = true
				f := inContainer(c, fmt.Sprintf("ports[%d].containerPort", i), "listens for SSH")
				f.Detail = "The container declares TCP port 22."
				p.Report(f)
			}
		}
		if declared {
			return
		}
		for _, service := range p.Cluster.ServicesSelecting(w) {
			for _, port := range service.Spec.Ports {
				if (isSSH(port.Port) || isSSH(port.TargetPort.IntVal)) && overTCP(port.Protocol) {
					p.Report(audit.Finding{
						Path: w.Pod.Path, Message: "Service " + service.Name + " offers SSH",
						Detail: fmt.Sprintf("The Service selects the pods and has TCP port %d, which leads to their port %s.", port.Port, targetOf(port)),
					})
					return
				}
			}
		}
	}),
}

// sshPort is SSH's; images that do not run as root take alternateSSHPort instead.
const (
	sshPort          = 22
	alternateSSHPort = 2222
)

func isSSH(port int32) bool { return port == sshPort || port == alternateSSHPort }

func overTCP(protocol corev1.Protocol) bool { return protocol == "" || protocol == corev1.ProtocolTCP }

// targetOf returns the port of the pods that a Service's port leads to: the same
// if it names none.
func targetOf(port corev1.ServicePort) string {
	if target := port.TargetPort.String(); target != "0" && target != "" {
		return target
	}
	return fmt.Sprint(port.Port)
}
