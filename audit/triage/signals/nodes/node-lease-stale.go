package nodes

import (
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// leaseLate is how old the last renewal of a node's lease may be. A kubelet renews
// it every ten seconds, of forty (KubeletConfiguration, nodeLeaseDurationSeconds).
const leaseLate = 40 * time.Second

var nodeLeaseStale = &triage.Detector{
	ID:    "node-lease-stale",
	Title: "A node is late to say that it lives",
	About: "The lease of the node in kube-node-lease was not renewed for forty seconds while the node still counts as ready: ten seconds later it will be Unknown " +
		"(pkg/controller/nodelifecycle). Leases are read every twenty seconds or so, so that this may say nothing before node-silent does. " +
		"What counts is when the server stored the renewal, because the kubelet's clock may be wrong.",
	Reads: []kube.Resource{kube.Nodes, kube.Leases},
	Rung:  triage.Nodes,
	Wide:  true,
	Check: func(p *triage.Pass) {
		for n := range p.Cluster.Nodes.All() {
			is, known := condition(n, corev1.NodeReady)
			lease, held := p.Cluster.Leases.Get(kube.NodeLeases, n.Name)
			if !known || !held || is.Status != corev1.ConditionTrue || virtual(n) {
				continue
			}
			renewed := lease.Renewed
			if !lease.Written.IsZero() {
				renewed = lease.Written
			}
			if renewed.IsZero() {
				continue
			}
			s := triage.Signal{
				Object: kube.Nodes.Ref("", n.Name), Since: renewed.Add(leaseLate), Severity: triage.S3,
				Message: "has not renewed its lease since " + renewed.UTC().Format(time.RFC3339) + maintenance(n),
			}
			if _, maintained := triage.Maintained(n); maintained {
				s.Severity = triage.S4
			}
			p.Report(s)
		}
	},
}
