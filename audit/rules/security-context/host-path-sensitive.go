package securitycontext

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var hostPathSensitive = &audit.Rule{
	ID:       "host-path-sensitive",
	Title:    "Sensitive directory of the node in a pod",
	Severity: audit.High,
	Rationale: "The directories of the system and of the kubelet hold credentials of the node and of every pod on it, " +
		"and decide what the node runs. A container that sees them is a way to all of it.",
	Remediation: "Mount the one file that is needed, read-only, or ask the API for what it says.",
	Controls:    []string{"PSS-baseline", "OWASP22-K01", "OWASP25-K01", "MITRE-T1611"},
	Since:       "1",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Except: "variables.windows",
		Variables: []audit.Variable{
			hostVolumes, {Name: "harmless", Expression: audit.Texts(harmlessToRead())}, {Name: "sensitive", Expression: audit.Texts(sensitiveDirectories())},
		},
		Container: mounting("p == '/' || !(m.?readOnly.orValue(false) && variables.harmless.exists(d, p == d || p.startsWith(d + '/'))) && " +
			"variables.sensitive.exists(d, p == d || p.startsWith(d + '/') || d.startsWith(p + '/'))"),
	},
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		if w.Windows() {
			p.NotApplicable()
			return
		}
		for m := range hostMounts(w) {
			directory, ok := sensitiveDirectory(m.path, m.mount.ReadOnly)
			if !ok {
				continue
			}
			f := inContainer(m.container, fmt.Sprintf("volumeMounts[%d]", m.index), fmt.Sprintf("sees %s of its node", m.path))
			f.Detail = fmt.Sprintf("The container mounts %s of its node at %s", m.path, m.mount.MountPath)
			switch {
			case m.path == directory:
				f.Detail += "."
			case within(m.path, directory):
				f.Detail += fmt.Sprintf(", a part of %s.", directory)
			default:
				f.Detail += fmt.Sprintf(", which contains %s.", directory)
			}
			if _, ok := runtimeSocket(m.path); ok {
				f.Implied = containerRuntimeSocketMounted.ID
			} else if _, ok := cloudCredentials(m.path); ok {
				f.Implied = hostPathCloudCredentials.ID
			}
			p.Report(f)
		}
	}),
}
