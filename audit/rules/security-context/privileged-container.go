package securitycontext

import (
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var privilegedContainer = &audit.Rule{
	ID:       "privileged-container",
	Title:    "Privileged container",
	Severity: audit.Critical,
	Rationale: "A privileged container holds every capability and all devices of its node. " +
		"Whoever takes it over owns the node, and with it every pod and secret there.",
	Remediation: "Run the container unprivileged. Where the program needs one thing of the node, give it that alone: " +
		"a capability, a device plugin, a single mount.",
	Controls: []string{"PSS-baseline", "CIS-5.2.2", "CIS-5.7.3", "NSA", "OWASP22-K01", "OWASP25-K01", "MITRE-T1611"},
	Since:    "1",
	Subjects: kube.WorkloadResources(),
	Admission: &audit.Admission{
		Container: "c.?securityContext.privileged.orValue(false)",
	},
	Check: podSecurityCheck("privileged", func(s standard) (found []audit.Finding) {
		for c := range s.workload.Containers() {
			if !s.forbidsContainer(c.Container) {
				continue
			}
			f := inContainer(c, "securityContext.privileged", "runs privileged")
			f.Detail = "securityContext.privileged is true: the container has all capabilities and devices of its node, " +
				"and neither seccomp nor AppArmor confines it."
			if !propagatesMounts(c) {
				fixable(&f, c, setField("run unprivileged", f.Path, false,
					"A program that mounts file systems, loads kernel modules or manages devices stops working."))
			}
			found = append(found, f)
		}
		return found
	}),
}

// propagatesMounts reports whether a container hands mounts on to its node, which a
// server refuses to one that is not privileged (k8s.io/api core/v1, VolumeMount,
// mountPropagation): what it is there for is lost without.
func propagatesMounts(c kube.Container) bool {
	return slices.ContainsFunc(c.VolumeMounts, func(m corev1.VolumeMount) bool {
		return m.MountPropagation != nil && *m.MountPropagation == corev1.MountPropagationBidirectional
	})
}
