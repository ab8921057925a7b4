package network

import (
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/isolation"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var ciliumPolicySelectsNoNodes = &audit.Rule{
	ID:          "cilium-policy-selects-no-nodes",
	Title:       "A host policy of Cilium selects no nodes",
	Severity:    audit.Low,
	Rationale:   "Whoever wrote the policy believes that some nodes are protected by it, and none is.",
	Remediation: "Compare nodeSelector with the labels of the nodes that it is meant for, or delete the policy if they are gone.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.CiliumClusterwideNetworkPolicies},
	Reads:       []kube.Resource{kube.Nodes},
	Check: audit.EachCustom(kube.CiliumClusterwideNetworkPolicies, func(p *audit.Pass, o *unstructured.Unstructured) {
		selectors, err := ciliumSelectorsOf(o)
		if err != nil {
			p.Unknown(err.Error())
			return
		}
		applies := false
		for _, s := range selectors {
			if s.NodeSelector == nil {
				continue
			}
			applies = true
			selector, err := isolation.CiliumSelector(s.NodeSelector)
			switch {
			case err != nil:
				p.Unknown("a nodeSelector is not understood: " + err.Error())
			case selectsNode(p.Cluster, selector):
			case p.Cluster.Info.Offline:
				p.Unknown("manifests do not show the nodes")
			default:
				p.Report(audit.Finding{
					Path:    s.Path + ".nodeSelector",
					Message: "it selects no nodes",
					Detail:  "No node of the cluster has the labels.",
				})
			}
		}
		if !applies {
			p.NotApplicable()
		}
	}),
}

func selectsNode(c *kube.Cluster, s labels.Selector) bool {
	for n := range c.Nodes.All() {
		if s.Matches(labels.Set(n.Labels)) {
			return true
		}
	}
	return false
}
