package network

import (
	"slices"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/isolation"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var networkPolicyPeerSelectsNoPods = &audit.Rule{
	ID:       "network-policy-peer-selects-no-pods",
	Title:    "A peer of a network policy is no pod",
	Severity: audit.Info,
	Rationale: "The rule allows nothing for this peer. Either it is left over, or it means pods whose labels are others, " +
		"and their connections fail.",
	Remediation: "Compare the podSelector with the labels of the pods it is meant for. " +
		"Without a namespaceSelector beside it in the same item, it selects in the policy's own namespace.",
	Controls: []string{"OWASP22-K07", "OWASP25-K05"},
	Since:    "2",
	Subjects: []kube.Resource{kube.NetworkPolicies},
	Reads:    []kube.Resource{kube.Namespaces},
	Consults: kube.WorkloadResources(),
	Wide:     true, // pods of any namespace
	Check: eachPolicy(func(p *audit.Pass, n *networkingv1.NetworkPolicy) {
		judgePeers(p, n, func(one peer) (bool, string) {
			if one.PodSelector == nil || isolation.SelectsAll(one.PodSelector) {
				return false, ""
			}
			return judgePeerPods(p, n.Namespace, one)
		})
	}),
}

func judgePeerPods(p *audit.Pass, home string, one peer) (applies bool, why string) {
	namespaces, where := []string{home}, "the policy's namespace"
	if one.NamespaceSelector != nil {
		namespaces, where = namespacesSelected(p.Cluster, one.NamespaceSelector), "the selected namespaces"
		if why = unseenNamespaces(p.Cluster); len(namespaces) == 0 && why == "" {
			return false, "" // network-policy-peer-selects-no-namespaces says so
		}
	}
	if slices.ContainsFunc(namespaces, func(namespace string) bool { return selectsPods(p.Cluster, namespace, one.PodSelector) }) {
		return true, ""
	}
	for _, namespace := range namespaces {
		if why == "" {
			why = unseen(p.Cluster, namespace)
		}
	}
	if why != "" {
		return true, why
	}
	p.Report(audit.Finding{
		Path:    one.path + ".podSelector",
		Message: "a peer's selector selects no pods",
		Detail:  "Neither a pod nor the pod template of a workload of " + where + " has the labels.",
	})
	return true, ""
}
