package securitycontext

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var hostPathWritable = &audit.Rule{
	ID:       "host-path-writable",
	Title:    "Directory of the node is writable",
	Severity: audit.High,
	Rationale: "What a container writes to its node outlives it: it can fill the disk that the kubelet needs, " +
		"or leave a file that the node or another pod reads and trusts.",
	Remediation: "Mount the volume with readOnly: true, or use a volume that is not the node's.",
	Controls:    []string{"PSS-baseline", "OWASP22-K01", "OWASP25-K01", "MITRE-T1611"},
	Since:       "1",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Variables: []audit.Variable{hostVolumes},
		Container: mounting("!m.?readOnly.orValue(false)"),
	},
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		for m := range hostMounts(w) {
			if m.mount.ReadOnly {
				continue
			}
			f := inContainer(m.container, fmt.Sprintf("volumeMounts[%d].readOnly", m.index), fmt.Sprintf("can write to %s of its node", m.path))
			f.Detail = fmt.Sprintf("The mount at %s is not read-only; the default is writable.", m.mount.MountPath)
			if _, ok := runtimeSocket(m.path); ok && !w.Windows() {
				f.Implied = containerRuntimeSocketMounted.ID
			}
			fixable(&f, m.container, setField("mount it read-only", f.Path, true,
				fmt.Sprintf("The program can no longer write below %s.", m.mount.MountPath)))
			p.Report(f)
		}
	}),
}
