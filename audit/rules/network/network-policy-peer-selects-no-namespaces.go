package network

import (
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/isolation"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var networkPolicyPeerSelectsNoNamespaces = &audit.Rule{
	ID:       "network-policy-peer-selects-no-namespaces",
	Title:    "A peer of a network policy is in no namespace",
	Severity: audit.Info,
	Rationale: "The rule allows nothing for this peer. Either it is left over, or a label is missing from the namespace " +
		"that it is meant for, and its connections fail.",
	Remediation: "Compare the namespaceSelector with the labels of the namespaces. Every namespace has the label kubernetes.io/metadata.name.",
	Controls:    []string{"OWASP22-K07", "OWASP25-K05"},
	Since:       "2",
	Subjects:    []kube.Resource{kube.NetworkPolicies},
	Reads:       []kube.Resource{kube.Namespaces},
	Wide:        true, // namespaces of any name
	Check: eachPolicy(func(p *audit.Pass, n *networkingv1.NetworkPolicy) {
		judgePeers(p, n, func(one peer) (bool, string) {
			if one.NamespaceSelector == nil || isolation.SelectsAll(one.NamespaceSelector) {
				return false, ""
			}
			if len(namespacesSelected(p.Cluster, one.NamespaceSelector)) > 0 {
				return true, ""
			}
			if why := unseenNamespaces(p.Cluster); why != "" {
				return true, why
			}
			p.Report(audit.Finding{
				Path:    one.path + ".namespaceSelector",
				Message: "a peer's selector selects no namespace",
				Detail:  "No namespace has the labels that the namespaceSelector demands.",
			})
			return true, ""
		})
	}),
}

// unseenNamespaces says why there may be more namespaces than the view holds, ""
// if there are not.
func unseenNamespaces(c *kube.Cluster) string {
	switch {
	case c.Info.Offline:
		return "manifests do not show all namespaces"
	case c.Info.Scope != nil:
		return "not all namespaces are looked at"
	}
	return ""
}
