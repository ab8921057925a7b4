package securitycontext

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var restrictedVolumeTypes = &audit.Rule{
	ID:       "restricted-volume-types",
	Title:    "Storage named in the pod itself",
	Severity: audit.Low,
	Rationale: "A pod that names a disk or server reaches whatever its author knows the name of, past the administrator who hands out volumes. " +
		"The restricted level of Pod Security refuses it.",
	Remediation: "Have an administrator make it a PersistentVolume, and use it by a PersistentVolumeClaim.",
	Controls:    []string{"PSS-restricted", "OWASP22-K01", "OWASP25-K01"},
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		AtFault: `variables.podSpec.?volumes.orValue([]).filter(v, !['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'image', 'persistentVolumeClaim', 'projected', 'secret'].exists(t, t in v)).map(v, v.name)`,
	},
	Check: podSecurityCheck("restrictedVolumes", func(s standard) (found []audit.Finding) {
		for i := range s.workload.Pod.Spec.Volumes {
			volume := &s.workload.Pod.Spec.Volumes[i]
			alone := &corev1.PodSpec{Volumes: []corev1.Volume{*volume}}
			if s.check(bare, alone).Allowed {
				continue
			}
			f := audit.Finding{
				Path:    s.workload.Field(fmt.Sprintf("volumes[%d]", i)),
				Message: fmt.Sprintf("volume %s is of a restricted type", volume.Name),
				Detail:  s.check(bare, alone).ForbiddenDetail + ".",
			}
			if volume.HostPath != nil {
				f.Implied = hostPathVolume.ID
			}
			found = append(found, f)
		}
		return found
	}),
}
