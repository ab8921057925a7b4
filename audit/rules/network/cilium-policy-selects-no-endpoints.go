package network

import (
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/isolation"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var ciliumPolicySelectsNoEndpoints = &audit.Rule{
	ID:       "cilium-policy-selects-no-endpoints",
	Title:    "A policy of Cilium selects no pods",
	Severity: audit.Low,
	Rationale: "Whoever wrote the policy believes that some workload is protected by it, and it is not: " +
		"usually a label was renamed, or the policy is in another namespace than the pods.",
	Remediation: "Compare endpointSelector with the labels of the pod template that it is meant for, or delete the policy if that is gone.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.CiliumNetworkPolicies, kube.CiliumClusterwideNetworkPolicies},
	Reads:       []kube.Resource{kube.Namespaces},
	Consults:    append(isolation.Consulted(), append(kube.WorkloadResources(), kube.NetworkPolicies)...),
	Wide:        true, // policies of the cluster select in all namespaces
	Check: audit.Each(eachCustomOf(kube.CiliumNetworkPolicies, kube.CiliumClusterwideNetworkPolicies), func(p *audit.Pass, o customObject) {
		selectors, err := ciliumSelectorsOf(o.Unstructured)
		if err != nil {
			p.Unknown(err.Error())
			return
		}
		choosy := slices.DeleteFunc(slices.Clone(selectors), func(s ciliumSelector) bool {
			return s.EndpointSelector == nil || isolation.SelectsAll(s.EndpointSelector)
		})
		if len(choosy) == 0 || len(choosy) < len(selectors) {
			p.NotApplicable() // it is for nodes, or for whatever comes
			return
		}
		namespaces, where := []string{o.GetNamespace()}, "its namespace"
		if o.GetNamespace() == "" {
			namespaces, where = p.Cluster.NamespaceNames(), "the cluster"
		}
		ref := o.resource.Ref(o.GetNamespace(), o.GetName())
		if slices.ContainsFunc(namespaces, func(n string) bool { return isolation.Selects(p.Cluster, ref, n) }) {
			return
		}
		for _, n := range namespaces {
			if why := unseen(p.Cluster, n); why != "" {
				p.Unknown(why)
				return
			}
		}
		p.Report(audit.Finding{
			Path:    choosy[0].Path + ".endpointSelector",
			Message: "it selects no pods",
			Detail:  "Neither a pod nor the pod template of a workload of " + where + " has the labels.",
		})
	}),
}
