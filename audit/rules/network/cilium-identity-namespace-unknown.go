package network

import (
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var ciliumIdentityNamespaceUnknown = &audit.Rule{
	ID:       "cilium-identity-namespace-unknown",
	Title:    "An identity of Cilium is of no namespace",
	Severity: audit.Low,
	Rationale: "The identity is left over, and takes one of the limited numbers. Many of them mean that Cilium's operator " +
		"does not collect what nobody uses any more.",
	Remediation: "Look at why the operator of Cilium does not collect the identity, and delete it if no pod uses it.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.CiliumIdentities},
	Reads:       []kube.Resource{kube.Namespaces},
	Wide:        true, // namespaces of any name
	Check: audit.EachCustom(kube.CiliumIdentities, func(p *audit.Pass, o *unstructured.Unstructured) {
		name := o.GetLabels()[identityNamespace]
		if name == "" {
			p.Report(audit.Finding{
				Path:    "metadata.labels",
				Message: "it names no namespace",
				Detail:  "The label " + identityNamespace + " is missing.",
			})
			return
		}
		if _, held := p.Cluster.Namespaces.Get("", name); held {
			return
		}
		if why := unseenNamespaces(p.Cluster); why != "" {
			p.Unknown(why)
			return
		}
		p.Report(audit.Finding{
			Path:    `metadata.labels["` + identityNamespace + `"]`,
			Message: "namespace " + name + " does not exist",
			Detail:  "The identity is of pods of namespace " + name + ", which is gone.",
		})
	}),
}
