package network

import (
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var gatewayClassMissing = &audit.Rule{
	ID:       "gateway-class-missing",
	Title:    "The class of a Gateway does not exist",
	Severity: audit.High,
	Rationale: "No controller takes care of the Gateway: it gets no address and listens nowhere, " +
		"and all routes that are attached to it are without effect.",
	Remediation: "Install the controller that brings the GatewayClass along, or name one that exists (`kubectl get gatewayclasses`).",
	Since:       "2",
	Subjects:    []kube.Resource{kube.Gateways},
	Reads:       []kube.Resource{kube.GatewayClasses},
	Check: audit.EachCustom(kube.Gateways, func(p *audit.Pass, o *unstructured.Unstructured) {
		name := textAt(o, "spec", "gatewayClassName")
		class := kube.GatewayClasses.Ref("", name)
		switch {
		case p.Cluster.Has(class):
		case p.Cluster.Info.Offline:
			p.Unknown(notInView(class))
		default:
			p.Report(audit.Finding{
				Path:    "spec.gatewayClassName",
				Message: class.String() + " does not exist",
				Detail:  "The cluster has no " + class.String() + ", so that no controller feels responsible.",
			})
		}
	}),
}
