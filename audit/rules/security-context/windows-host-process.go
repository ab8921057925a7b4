package securitycontext

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var windowsHostProcess = &audit.Rule{
	ID:       "windows-host-process",
	Title:    "HostProcess container",
	Severity: audit.High,
	Rationale: "A HostProcess container is a process of its Windows node, with its files, network and, as SYSTEM, all of its rights. " +
		"Whoever takes it over owns the node.",
	Remediation: "Keep HostProcess for the agents that administer nodes, in a namespace of their own.",
	Controls:    []string{"PSS-baseline", "CIS-5.2.11", "CIS-5.7.3", "OWASP22-K01", "OWASP25-K01"},
	Since:       "1",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Container: "c.?securityContext.windowsOptions.hostProcess.orValue(false)",
		Object:    "variables.podSecurityContext.?windowsOptions.hostProcess.orValue(false)",
	},
	Check: podSecurityCheck("windowsHostProcess", func(s standard) (found []audit.Finding) {
		const field = "securityContext.windowsOptions.hostProcess"
		const risk = "A program that administers its node stops working."
		w := s.workload
		if s.forbidsPodSecurityContext(w.Pod.Spec.SecurityContext) {
			found = append(found, audit.Finding{
				Path: w.Field(field), Message: "pod runs as processes of its Windows node",
				Detail: "windowsOptions.hostProcess is true for the pod, which holds for every container.",
				Fixes:  []audit.Fix{setField("run in containers", w.Field(field), false, risk)},
			})
		}
		for c := range w.Containers() {
			if !s.forbidsContainer(c.Container) {
				continue
			}
			f := inContainer(c, field, "runs as a process of its Windows node")
			f.Detail = "windowsOptions.hostProcess is true for the container."
			fixable(&f, c, setField("run in a container", f.Path, false, risk))
			found = append(found, f)
		}
		return found
	}),
}

// runsHostProcess reports whether the pod or a container is a process of its node.
func runsHostProcess(w *kube.Workload) bool {
	if o := shared(w).WindowsOptions; o != nil && isTrue(o.HostProcess) {
		return true
	}
	for c := range w.Containers() {
		if o := own(c).WindowsOptions; o != nil && isTrue(o.HostProcess) {
			return true
		}
	}
	return false
}
