package securitycontext

import (
	"strings"

	"k8s.io/pod-security-admission/api"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var userNamespaceNotUsed = &audit.Rule{
	ID:       "user-namespace-not-used",
	Title:    "Root of the pod is root of the node",
	Severity: audit.Info,
	Rationale: "In a user namespace, root of the pod is nobody on the node and its capabilities end at the pod, " +
		"so most ways out of a container lead nowhere. The pod does not use one.",
	Remediation: "Set hostUsers to false. It needs Kubernetes 1.33, Linux 6.3 and a runtime that knows of it (containerd 2.0, CRI-O 1.25).",
	Controls:    []string{"OWASP22-K01", "OWASP25-K01"},
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Except:    `variables.windows || !variables.podSpec.?hostUsers.orValue(true) || ['hostNetwork', 'hostPID', 'hostIPC'].exists(f, variables.podSpec[?f].orValue(false)) || variables.containers.exists(c, c.?securityContext.privileged.orValue(false) || c.?volumeDevices.orValue([]).size() > 0)`,
		Container: `c.?securityContext.runAsUser.or(variables.podSecurityContext.?runAsUser).orValue(1) == 0 || c.?securityContext.capabilities.add.orValue([]).size() > 0`,
	},
	Check: eachLinux(func(p *audit.Pass, w *kube.Workload) {
		if server := podSecurityVersion.Of(p.Cluster); server.Older(api.MajorMinorVersion(1, 33)) || !canHaveUsers(w) {
			p.NotApplicable()
			return
		}
		if apart(w) {
			return
		}
		powerful := containersThat(w, func(c kube.Container) bool { return isRoot(w, c) || len(added(c)) > 0 })
		if len(powerful) == 0 {
			return
		}
		path := w.Field("hostUsers")
		p.Report(audit.Finding{
			Path: path, Message: "pod with root's rights shares the node's users",
			Detail: "These run as root or add capabilities: " + strings.Join(powerful, ", ") + ". hostUsers is not false.",
			Fixes: []audit.Fix{setField("give the pod users of its own", path, false,
				"Nodes whose kernel, runtime or file systems know no user namespaces cannot start the pod.")},
		})
	}),
}

// apart reports whether the pod is in a user namespace of its own.
func apart(w *kube.Workload) bool { return w.Pod.Spec.HostUsers != nil && !*w.Pod.Spec.HostUsers }

// canHaveUsers reports whether the API allows the pod a user namespace (core
// validation): not one that shares other namespaces of its node or has raw
// disks. A privileged container has its node at hand anyway.
func canHaveUsers(w *kube.Workload) bool {
	spec := w.Pod.Spec
	if spec.HostNetwork || spec.HostPID || spec.HostIPC {
		return false
	}
	for c := range w.Containers() {
		if isTrue(own(c).Privileged) || len(c.VolumeDevices) > 0 {
			return false
		}
	}
	return true
}
