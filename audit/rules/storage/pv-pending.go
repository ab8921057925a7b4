package storage

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

const graceMinutes = "graceMinutes"

// grace returns the parameter of rules about what is over soon as a rule.
func grace(minutes int, about string) []audit.Parameter {
	return []audit.Parameter{{Name: graceMinutes, About: about, Value: minutes}}
}

var pvPending = &audit.Rule{
	ID:       "pv-pending",
	Title:    "A volume does not become available",
	Severity: audit.Medium,
	Rationale: "A PersistentVolume is pending only until its controller has looked at it. " +
		"One that stays so can be bound to no claim, and what needs it waits.",
	Remediation: "See its events, and whether the controller manager and the volume's driver run.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.PersistentVolumes},
	Timed:       true,
	Parameters:  grace(5, "For how many minutes a volume may be pending."),
	Check: eachVolume(func(p *audit.Pass, volume *corev1.PersistentVolume) {
		switch phase, since := volume.Status.Phase, inPhaseSince(volume); {
		case phase == "":
			p.NotApplicable()
		case phase == corev1.VolumePending && p.Cluster.Lasted(since, p.Number(graceMinutes)):
			p.Report(audit.Finding{
				Path:    "status.phase",
				Message: "it is pending",
				Detail:  "It has been since " + kube.Moment(since) + "." + said(volume),
			})
		}
	}),
}

// inPhaseSince returns when a volume came into its phase, or since when it is
// there where the server is too old to say.
func inPhaseSince(volume *corev1.PersistentVolume) metav1.Time {
	if t := volume.Status.LastPhaseTransitionTime; t != nil {
		return *t
	}
	return volume.CreationTimestamp
}

// said returns what the status of a volume says in words, as a sentence to add.
func said(volume *corev1.PersistentVolume) string {
	if volume.Status.Message == "" {
		return ""
	}
	return " Its status says: " + volume.Status.Message
}
