package platform

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/capacity"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var nodeMemoryLimitsOvercommitted = &audit.Rule{
	ID:       "node-memory-limits-overcommitted",
	Title:    "Pods may use far more memory than their node has",
	Severity: audit.Low,
	Rationale: "The scheduler counts requests and never limits. When many pods go towards their limits at once the node runs out of memory, " +
		"and the kernel and the kubelet end pods that did nothing wrong, those first that use more than they request.",
	Remediation: "Bring requests and limits of memory together, from what the containers use at their peak: `seaworthy scan --capacity` shows which namespaces are furthest apart. " +
		"A LimitRange with maxLimitRequestRatio keeps them together.",
	Since:    "3",
	Subjects: []kube.Resource{kube.Nodes},
	Reads:    []kube.Resource{kube.Pods},
	Wide:     true,
	Parameters: []audit.Parameter{{
		Name:  "thresholdPercent",
		About: "How many percent of the memory of a node the limits of its pods may add up to: at 150, the node is full when they use two thirds of them.",
		Value: 150,
	}},
	Check: eachFilled(func(p *audit.Pass, _ *capacity.Nodes, n *capacity.Node) {
		share, known := capacity.Share(n.Limits.Memory, n.Allocatable.Memory)
		if !known || n.Virtual {
			p.NotApplicable()
			return
		}
		if percent := 100 * share; percent > float64(p.Number("thresholdPercent")) {
			f := audit.Finding{
				Path:    "status.allocatable.memory",
				Message: fmt.Sprintf("limits of memory are %.0f%% of what it has", percent),
				Detail: fmt.Sprintf("Its %s may use %s, request %s, and the node has %s.",
					capacity.Counted(n.Pods, "pod"), capacity.GiB(n.Limits.Memory), capacity.GiB(n.Requests.Memory), capacity.GiB(n.Allocatable.Memory)),
			}
			if n.Unlimited > 0 {
				f.Detail += fmt.Sprintf(" %s more without a limit may take all there is.", capacity.Counted(n.Unlimited, "pod"))
			}
			p.Report(f)
		}
	}),
}

// eachFilled returns a Check that judges every node by what the pods on it ask for.
func eachFilled(judge func(*audit.Pass, *capacity.Nodes, *capacity.Node)) audit.Check {
	return audit.EachObject(kube.Nodes, func(c *kube.Cluster) kube.Table[*corev1.Node] { return c.Nodes }, func(p *audit.Pass, o *corev1.Node) {
		if p.Cluster.Info.Offline {
			p.NotApplicable()
			return
		}
		nodes := capacity.NodesOf(p.Cluster)
		if nodes.PodsUnknown != "" {
			p.Unknown(nodes.PodsUnknown)
			return
		}
		judge(p, nodes, nodes.Named(o.Name))
	})
}
