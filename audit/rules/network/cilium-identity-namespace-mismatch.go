package network

import (
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var ciliumIdentityNamespaceMismatch = &audit.Rule{
	ID:       "cilium-identity-namespace-mismatch",
	Title:    "An identity of Cilium contradicts itself",
	Severity: audit.Medium,
	Rationale: "Policies select by the security labels: pods with this identity are taken for pods of another namespace, " +
		"and get what is meant for those. Cilium never makes such an identity by itself.",
	Remediation: "Find out who changed the identity, and delete it: Cilium makes a new one for the pods that need it.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.CiliumIdentities},
	Check: audit.EachCustom(kube.CiliumIdentities, func(p *audit.Pass, o *unstructured.Unstructured) {
		is, acts := o.GetLabels()[identityNamespace], securityLabel(o, securityNamespace)
		switch {
		case is == "":
			p.NotApplicable() // cilium-identity-namespace-unknown says so
		case acts == "":
			p.Report(audit.Finding{
				Path:    "security-labels",
				Message: "its security labels name no namespace",
				Detail:  fmt.Sprintf("It is of namespace %s, and %s is missing from its security labels.", is, securityNamespace),
			})
		case acts != is:
			p.Report(audit.Finding{
				Path:    fmt.Sprintf("security-labels[%q]", securityNamespace),
				Message: fmt.Sprintf("it is of namespace %s and acts as one of %s", is, acts),
				Detail:  fmt.Sprintf("Its label says namespace %s, its security labels, by which policies select, say %s.", is, acts),
			})
		}
	}),
}
