package securitycontext

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var hostPathVolume = &audit.Rule{
	ID:       "host-path-volume",
	Title:    "Directory of the node in a pod",
	Severity: audit.Medium,
	Rationale: "A hostPath volume ties the pod to what its node happens to hold, past quotas and past the isolation of pods. " +
		"Data stays behind when the pod moves.",
	Remediation: "Use a PersistentVolumeClaim, an emptyDir, a ConfigMap or a projected volume instead.",
	Controls:    []string{"PSS-baseline", "CIS-5.2.12", "OWASP22-K01", "OWASP25-K01", "MITRE-T1611"},
	Since:       "1",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		AtFault: "variables.podSpec.?volumes.orValue([]).filter(v, has(v.hostPath)).map(v, v.name)",
	},
	Check: podSecurityCheck("hostPathVolumes", func(s standard) (found []audit.Finding) {
		w := s.workload
		for i := range w.Pod.Spec.Volumes {
			volume := &w.Pod.Spec.Volumes[i]
			if volume.HostPath == nil {
				continue
			}
			found = append(found, audit.Finding{
				Path:    volumeField(w, i, "hostPath"),
				Message: fmt.Sprintf("volume %s is %s of the node", volume.Name, volume.HostPath.Path),
				Detail:  fmt.Sprintf("The volume is a hostPath: containers that mount it see %s of the node they run on.", volume.HostPath.Path),
				Implied: impliedByMounts(w, i),
			})
		}
		return found
	}),
}

// impliedByMounts returns the rule that says worse of how a volume is mounted.
func impliedByMounts(w *kube.Workload, volume int) string {
	implied := ""
	for m := range hostMounts(w) {
		if m.volume != volume {
			continue
		}
		if _, ok := runtimeSocket(m.path); ok && !w.Windows() {
			return containerRuntimeSocketMounted.ID
		}
		if _, ok := cloudCredentials(m.path); ok {
			implied = hostPathCloudCredentials.ID
		} else if _, ok := sensitiveDirectory(m.path, m.mount.ReadOnly); ok && !w.Windows() && implied != hostPathCloudCredentials.ID {
			implied = hostPathSensitive.ID
		} else if !m.mount.ReadOnly && implied == "" {
			implied = hostPathWritable.ID
		}
	}
	return implied
}
