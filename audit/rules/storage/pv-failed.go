package storage

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var pvFailed = &audit.Rule{
	ID:       "pv-failed",
	Title:    "A volume could not be reclaimed",
	Severity: audit.High,
	Rationale: "The claim is gone and the volume could not be deleted: it is paid for, and what is on it stays where nobody looks after it. " +
		"A released volume with the policy Retain is kept on purpose, but no claim gets it until somebody frees it.",
	Remediation: "Correct what the status names, or delete the storage at its provider and then the PersistentVolume. " +
		"Save what is on a released one, or remove spec.claimRef to let it be claimed again.",
	Since:    "2",
	Subjects: []kube.Resource{kube.PersistentVolumes},
	Check: eachVolume(func(p *audit.Pass, volume *corev1.PersistentVolume) {
		was := ""
		if ref := volume.Spec.ClaimRef; ref != nil {
			was = " It was bound to claim " + ref.Namespace + "/" + ref.Name + "."
		}
		switch phase := volume.Status.Phase; {
		case phase == "":
			p.NotApplicable()
		case phase == corev1.VolumeFailed:
			p.Report(audit.Finding{
				Path:    "status.phase",
				Message: "it could not be reclaimed",
				Detail:  "The volume is in phase Failed." + was + said(volume),
			})
		case phase == corev1.VolumeReleased && volume.Spec.PersistentVolumeReclaimPolicy == corev1.PersistentVolumeReclaimRetain:
			p.Report(audit.Finding{
				Severity: audit.Low, // kept as somebody decided
				Path:     "status.phase",
				Message:  "its claim is gone, and it is retained",
				Detail:   "The volume is in phase Released and its reclaim policy is Retain." + was,
			})
		}
	}),
}
