package disruption

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// fewest is the parameter that says how many replicas are enough.
const fewest = "fewest"

var minimumThreeReplicas = &audit.Rule{
	ID:       "minimum-three-replicas",
	Title:    "Fewer than three replicas",
	Severity: audit.Info,
	Rationale: "Of two replicas, one is left while a node is drained, and none if it fails meanwhile. " +
		"What agrees by majority (etcd, a database that elects its leader) stops with the first of two.",
	Remediation: "Run three replicas, on three nodes, of what must not stop. For most workloads two are enough.",
	Since:       "2",
	Subjects:    kube.ScaledResources(),
	Reads:       []kube.Resource{kube.HorizontalPodAutoscalers, kube.PersistentVolumeClaims},
	Parameters:  []audit.Parameter{{Name: fewest, About: "how many replicas are enough", Value: 3}},
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		replicas, known := p.Cluster.DesiredReplicas(w)
		if !known || replicas == 0 || replicas == 1 && singleton(p.Cluster, w) {
			p.NotApplicable()
			return
		}
		enough := p.Number(fewest)
		if int(replicas) >= enough {
			return
		}
		f := audit.Finding{
			Path:    replicasField(w),
			Message: fmt.Sprintf("it keeps %d, fewer than %d replicas", replicas, enough),
			Detail:  fmt.Sprintf("Of %d replicas, %d may be lost before the majority is; it keeps %d.", enough, (enough-1)/2, replicas),
		}
		if scaling := p.Cluster.AutoscalersOf(w); len(scaling) > 0 {
			f.Detail += " Its autoscaler " + kube.HorizontalPodAutoscalers.Ref("", scaling[0].Name).Short() + " may scale it down so far."
		} else if edit, scaled := keeping(w, enough); scaled {
			f.Fixes = []audit.Fix{{
				Title: fmt.Sprintf("run %d replicas", enough), Edits: []audit.Edit{edit},
				Risk: "Each replica takes what it requests of the nodes; one that keeps state of its own may give different answers.",
			}}
		}
		p.Report(f)
	}),
}
