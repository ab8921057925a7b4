package storage

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var pvcMissing = &audit.Rule{
	ID:       "pvc-missing",
	Title:    "A workload mounts a claim that does not exist",
	Severity: audit.High,
	Rationale: "The scheduler puts no pod on a node while a claim that it mounts does not exist. " +
		"Pods that run already stay, so that it shows at the next restart or rollout.",
	Remediation: "Create the claim in the workload's own namespace, or correct its name.",
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Reads:       []kube.Resource{kube.PersistentVolumeClaims},
	Consults:    []kube.Resource{kube.Namespaces, kube.StatefulSets},
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		if w.Ended() {
			p.NotApplicable()
			return
		}
		applies, namespace := false, w.Ref.Namespace
		for at, claim := range mounted(w) {
			applies = true
			if _, held := p.Cluster.PersistentVolumeClaims.Get(namespace, claim); held {
				continue
			}
			expected := p.Cluster.Info.Offline && setsIn.Of(p.Cluster, namespace).claim(claim)
			if expected || !access.Complete(p.Cluster, kube.PersistentVolumeClaims, namespace) {
				p.Unknown("claim " + namespace + "/" + claim + " is not in the view")
				continue
			}
			p.Report(audit.Finding{
				Path:    w.Field(fmt.Sprintf("volumes[%d].persistentVolumeClaim.claimName", at)),
				Message: "claim " + claim + " does not exist",
				Detail:  "There is no PersistentVolumeClaim " + namespace + "/" + claim + ".",
			})
		}
		if !applies {
			p.NotApplicable()
		}
	}),
}
