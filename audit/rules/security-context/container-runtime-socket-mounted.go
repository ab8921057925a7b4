package securitycontext

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var containerRuntimeSocketMounted = &audit.Rule{
	ID:       "container-runtime-socket-mounted",
	Title:    "Socket of the container runtime in a pod",
	Severity: audit.Critical,
	Rationale: "Whoever speaks to the container runtime can start a privileged container that mounts the node's disk, " +
		"unseen by the API server. It is root on the node by another name.",
	Remediation: "Build images with a tool that needs no runtime, and read metrics and logs from the kubelet or the API instead.",
	Controls:    []string{"PSS-baseline", "OWASP22-K01", "OWASP25-K01", "MITRE-T1611"},
	Since:       "1",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Except: "variables.windows", Variables: []audit.Variable{hostVolumes, {Name: "sockets", Expression: audit.Texts(runtimeSocketPlaces())}},
		Container: mounting("(p.startsWith('/var/') ? p.substring(4) : p) in variables.sockets"),
	},
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		if w.Windows() {
			p.NotApplicable()
			return
		}
		for m := range hostMounts(w) {
			socket, ok := runtimeSocket(m.path)
			if !ok {
				continue
			}
			f := inContainer(m.container, fmt.Sprintf("volumeMounts[%d]", m.index), "can speak to the container runtime")
			f.Detail = fmt.Sprintf("The container mounts %s of its node at %s, and reaches %s there.", m.path, m.mount.MountPath, socket)
			if m.mount.ReadOnly {
				f.Detail += " That the mount is read-only does not keep it from connecting."
			}
			p.Report(f)
		}
	}),
}
