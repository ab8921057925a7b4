package deprecation

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// eachNode returns a Check that judges every node that says what it runs, which
// manifests of nodes do not.
func eachNode(judge func(*audit.Pass, *corev1.Node)) audit.Check {
	return audit.EachObject(kube.Nodes, func(c *kube.Cluster) kube.Table[*corev1.Node] { return c.Nodes },
		func(p *audit.Pass, n *corev1.Node) {
			if n.Status.NodeInfo.KubeletVersion == "" {
				p.NotApplicable()
				return
			}
			judge(p, n)
		})
}
