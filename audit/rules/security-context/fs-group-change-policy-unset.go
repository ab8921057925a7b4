package securitycontext

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var fsGroupChangePolicyUnset = &audit.Rule{
	ID:       "fs-group-change-policy-unset",
	Title:    "Every file of a volume is changed at each start",
	Severity: audit.Info,
	Rationale: "With fsGroup alone the kubelet goes through all files of the volume each time the pod starts. " +
		"On a disk with millions of files that takes minutes, in which the pod does not run.",
	Remediation: "Set securityContext.fsGroupChangePolicy to OnRootMismatch where volumes hold many files.",
	Controls:    []string{"CIS-5.7.3", "OWASP22-K01", "OWASP25-K01"},
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Except:    "variables.windows",
		Variables: []audit.Variable{claimedVolumes},
		Object:    `variables.podSecurityContext.?fsGroup.hasValue() && !variables.podSecurityContext.?fsGroupChangePolicy.hasValue() && variables.containers.exists(c, c.?volumeMounts.orValue([]).exists(m, m.name in variables.claimed && !m.?readOnly.orValue(false)))`,
	},
	Check: eachLinux(func(p *audit.Pass, w *kube.Workload) {
		if shared(w).FSGroup == nil {
			p.NotApplicable()
			return
		}
		volumes := claimed(w)
		mounting := containersThat(w, func(c kube.Container) bool { return mountsClaim(c, volumes) != "" })
		switch {
		case len(mounting) == 0:
			p.NotApplicable()
		case shared(w).FSGroupChangePolicy == nil:
			path := w.Field("securityContext.fsGroupChangePolicy")
			p.Report(audit.Finding{
				Path: path, Message: "pod has every file of its volumes changed at each start",
				Detail: "fsGroup is set, a claim is mounted, and fsGroupChangePolicy is not set: the default is Always.",
				Fixes: []audit.Fix{setField("change files only if the volume's root is wrong", path, "OnRootMismatch",
					"Files of another group below a root that is right stay as they are.")},
			})
		}
	}),
}
