package storage

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var workloadMountsPVC = &audit.Rule{
	ID:       "workload-mounts-pvc",
	Title:    "A workload mounts a claim",
	Severity: audit.Info,
	Rationale: "No fault by itself. It says which data an intruder in the workload gets at, and whom it concerns when the volume is " +
		"moved, restored or full.",
	Remediation: "Nothing, where the workload needs it. Mount it read-only where it only reads.",
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Consults:    []kube.Resource{kube.PersistentVolumeClaims, kube.Namespaces},
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		namespace := w.Ref.Namespace
		for at, claim := range mounted(w) {
			if _, held := p.Cluster.PersistentVolumeClaims.Get(namespace, claim); !held &&
				access.Complete(p.Cluster, kube.PersistentVolumeClaims, namespace) {
				continue // pvc-missing says so
			}
			p.Report(audit.Finding{
				Path:    w.Field(fmt.Sprintf("volumes[%d].persistentVolumeClaim.claimName", at)),
				Message: "it mounts claim " + claim,
			})
		}
	}),
}
