package probes

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var startupProbePortNotDeclared = &audit.Rule{
	ID:          "startup-probe-port-not-declared",
	Title:       "Startup probe goes to a port that is not declared",
	Severity:    audit.Low,
	Rationale:   "At a port where nothing listens the probe never succeeds: the kubelet restarts the container again and again before it serves.",
	Remediation: "Let the probe go to a port that the container declares, best by its name.",
	Since:       "1",
	Subjects:    kube.WorkloadResources(),
	Admission:   asksForDeclaredPort(startup),
	Check: portDeclared(startup,
		"The kubelet discards the result of a probe that it cannot make: the container never counts as started, and the pod never becomes ready."),
}
