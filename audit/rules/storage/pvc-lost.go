package storage

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var pvcLost = &audit.Rule{
	ID:       "pvc-lost",
	Title:    "The volume of a claim is gone",
	Severity: audit.High,
	Rationale: "The PersistentVolume that the claim was bound to was deleted: pods that mount it do not start any more, " +
		"and what was written to it may be gone too.",
	Remediation: "See whether the storage is still there at its provider. If so, make a PersistentVolume for it that names the claim; " +
		"otherwise restore a backup into a new claim.",
	Since:    "2",
	Subjects: []kube.Resource{kube.PersistentVolumeClaims},
	Check: eachClaim(func(p *audit.Pass, claim *corev1.PersistentVolumeClaim) {
		if claim.Status.Phase == "" {
			p.NotApplicable()
		}
		if claim.Status.Phase == corev1.ClaimLost {
			p.Report(audit.Finding{
				Path:    "status.phase",
				Message: "its volume is gone",
				Detail:  "The claim was bound to PersistentVolume " + claim.Spec.VolumeName + ", which does not exist any more.",
			})
		}
	}),
}
