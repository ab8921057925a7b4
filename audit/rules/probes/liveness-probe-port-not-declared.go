package probes

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var livenessProbePortNotDeclared = &audit.Rule{
	ID:       "liveness-probe-port-not-declared",
	Title:    "Liveness probe goes to a port that is not declared",
	Severity: audit.Low,
	Rationale: "The probe was meant to restart a program that hangs. At a port where nothing listens it restarts a healthy one; " +
		"at a name that does not exist it does nothing at all.",
	Remediation: "Let the probe go to a port that the container declares, best by its name.",
	Since:       "1",
	Subjects:    kube.WorkloadResources(),
	Admission:   asksForDeclaredPort(liveness),
	Check: portDeclared(liveness,
		"The kubelet discards the result of a probe that it cannot make: a hung program is never restarted."),
}
