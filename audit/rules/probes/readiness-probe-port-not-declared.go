package probes

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var readinessProbePortNotDeclared = &audit.Rule{
	ID:          "readiness-probe-port-not-declared",
	Title:       "Readiness probe goes to a port that is not declared",
	Severity:    audit.Low,
	Rationale:   "At a port where nothing listens the probe never succeeds: the pod gets no traffic, and a rollout stops.",
	Remediation: "Let the probe go to a port that the container declares, best by its name.",
	Since:       "1",
	Subjects:    kube.WorkloadResources(),
	Admission:   asksForDeclaredPort(readiness),
	Check: portDeclared(readiness,
		"The kubelet discards the result of a probe that it cannot make: the pod never becomes ready."),
}
