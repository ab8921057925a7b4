package workloadhealth

import (
	"iter"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var singleControlPlaneNode = &audit.Rule{
	ID:       "single-control-plane-node",
	Title:    "There is one control plane node",
	Severity: audit.Info,
	Rationale: "While it is down or being upgraded, nothing in the cluster changes: no pod is replaced, nothing scales, nobody gets in. " +
		"If it is lost, so is the state of the cluster, but for its last backup.",
	Remediation: "Add control plane nodes until there are three (etcd needs a majority: two are no better than one), or keep backups of etcd and try to restore one. " +
		"For a cluster of one machine, accept the finding.",
	Since:    "2",
	Subjects: []kube.Resource{kube.Nodes},
	Check: audit.Each(controlPlaneNodes, func(p *audit.Pass, n controlPlaneNode) {
		if n.only {
			p.Report(audit.Finding{
				Path:    "metadata.labels",
				Message: "it is the only control plane node",
				Detail:  "No other node bears the label " + controlPlaneLabel + ".",
			})
		}
	}),
}

const (
	controlPlaneLabel = "node-role.kubernetes.io/control-plane"
	masterLabel       = "node-role.kubernetes.io/master"       // until Kubernetes 1.24
	rancherLabel      = "node-role.kubernetes.io/controlplane" // of RKE
)

// controlPlaneNode is a node of the control plane.
type controlPlaneNode struct{ only bool }

// controlPlaneNodes yields the nodes of the control plane: none where a provider
// runs it.
func controlPlaneNodes(c *kube.Cluster) iter.Seq2[audit.Subject, controlPlaneNode] {
	return func(yield func(audit.Subject, controlPlaneNode) bool) {
		if c.Info.Offline {
			return // a manifest is one of who knows how many
		}
		var nodes []*corev1.Node
		for node := range c.Nodes.All() {
			_, current := node.Labels[controlPlaneLabel]
			_, former := node.Labels[masterLabel]
			_, rancher := node.Labels[rancherLabel]
			if current || former || rancher {
				nodes = append(nodes, node)
			}
		}
		for _, node := range nodes {
			if !yield(audit.Subject{Ref: kube.Nodes.Ref("", node.Name)}, controlPlaneNode{len(nodes) == 1}) {
				return
			}
		}
	}
}
