package network

import (
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var ciliumIdentityServiceAccountMissing = &audit.Rule{
	ID:       "cilium-identity-service-account-missing",
	Title:    "The ServiceAccount of an identity does not exist",
	Severity: audit.Low,
	Rationale: "The identity is left over, or pods run on as a ServiceAccount that was deleted: " +
		"policies by ServiceAccount still apply to them, and nobody can see whom they mean.",
	Remediation: "Create the ServiceAccount again if pods use it, or have Cilium's operator collect the identity.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.CiliumIdentities},
	Reads:       []kube.Resource{kube.ServiceAccounts},
	Consults:    []kube.Resource{kube.Namespaces, kube.Services},
	Wide:        true, // ServiceAccounts of any namespace
	Check: audit.EachCustom(kube.CiliumIdentities, func(p *audit.Pass, o *unstructured.Unstructured) {
		namespace, account := securityLabel(o, securityNamespace), securityLabel(o, securityAccount)
		if namespace == "" || account == "" {
			p.NotApplicable()
			return
		}
		ref := kube.ServiceAccounts.Ref(namespace, account)
		switch stands(p.Cluster, kube.ServiceAccounts, ref) {
		case present:
		case unread:
			p.Unknown(notInView(ref))
		case absent:
			p.Report(audit.Finding{
				Path:    fmt.Sprintf("security-labels[%q]", securityAccount),
				Message: ref.String() + " does not exist",
				Detail:  "The identity is of pods that run as " + ref.String() + ".",
			})
		}
	}),
}
