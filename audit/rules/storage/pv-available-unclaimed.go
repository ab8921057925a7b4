package storage

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var pvAvailableUnclaimed = &audit.Rule{
	ID:       "pv-available-unclaimed",
	Title:    "A volume is claimed by nobody",
	Severity: audit.Info,
	Rationale: "It costs what it costs, used or not. Any claim of the same class and a fitting size gets it, " +
		"with what may be left on it.",
	Remediation: "Nothing, where volumes are kept ready. Otherwise delete the PersistentVolume, and what it stands for.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.PersistentVolumes},
	Check: eachVolume(func(p *audit.Pass, volume *corev1.PersistentVolume) {
		if volume.Status.Phase == "" {
			p.NotApplicable()
		}
		if volume.Status.Phase == corev1.VolumeAvailable {
			p.Report(audit.Finding{Path: "status.phase", Message: "it is available, and no claim has it"})
		}
	}),
}
