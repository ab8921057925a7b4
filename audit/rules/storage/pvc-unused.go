package storage

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var pvcUnused = &audit.Rule{
	ID:       "pvc-unused",
	Title:    "Nothing refers to a claim",
	Severity: audit.Low,
	Rationale: "The volume is paid for, and nobody seems to need what is on it. It may also be the last copy of something: " +
		"that no reference was found does not say that nobody will come for it.",
	Remediation: "Find out whose it is. Save what is on it before the claim is deleted: with the reclaim policy Delete the volume goes with it.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.PersistentVolumeClaims},
	Reads:       kube.WorkloadResources(),
	Timed:       true,
	Parameters:  grace(60, "For how many minutes after it was made a claim may be without a reference."),
	Check: eachClaim(func(p *audit.Pass, claim *corev1.PersistentVolumeClaim) {
		if p.Cluster.Info.Offline || len(claim.OwnerReferences) > 0 {
			p.NotApplicable() // what uses it may not be written down, or is known to its owner
			return
		}
		refs := referencesIn.Of(p.Cluster, claim.Namespace)
		if refs.pods[claim.Name] || refs.templates[claim.Name] || setsIn.Of(p.Cluster, claim.Namespace).claim(claim.Name) ||
			!p.Cluster.Lasted(claim.CreationTimestamp, p.Number(graceMinutes)) {
			return
		}
		f := audit.Finding{
			Message: "no reference found",
			Detail:  "No pod mounts it, no template of a workload or CronJob names it, and no StatefulSet makes claims of this name.",
		}
		if size, ok := claim.Status.Capacity[corev1.ResourceStorage]; ok {
			f.Detail += " It holds " + size.String() + "."
		}
		p.Report(f)
	}),
}
