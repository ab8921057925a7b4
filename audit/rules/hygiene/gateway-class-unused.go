package hygiene

import (
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var gatewayClassUnused = &audit.Rule{
	ID:       "gateway-class-unused",
	Title:    "No Gateway is of a GatewayClass",
	Severity: audit.Info,
	Rationale: "Its controller runs for nobody, with permissions over routes and certificates; or it was installed with another " +
		"product and never meant to be used.",
	Remediation: "Remove the class and its controller, unless Gateways are to come.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.GatewayClasses},
	Reads:       []kube.Resource{kube.Gateways},
	Wide:        true, // Gateways of any namespace
	Check: audit.EachCustom(kube.GatewayClasses, func(p *audit.Pass, class *unstructured.Unstructured) {
		switch {
		case p.Cluster.Info.Offline, class.GetDeletionTimestamp() != nil:
			p.NotApplicable()
		case usedClasses.Of(p.Cluster)[class.GetName()]:
		default:
			if why := unreadAnywhere(p.Cluster, []kube.Resource{kube.Gateways}); why != "" {
				p.Unknown(why)
				return
			}
			p.Report(audit.Finding{
				Message: "no Gateway is of this class",
				Detail:  "No Gateway of any namespace has it as gatewayClassName.",
			})
		}
	}),
}

// usedClasses has the names of the GatewayClasses that some Gateway is of.
var usedClasses = kube.Derive(func(c *kube.Cluster) map[string]bool {
	used := map[string]bool{}
	for g := range c.Custom(kube.Gateways).All() {
		name, _, _ := unstructured.NestedString(g.Object, "spec", "gatewayClassName")
		used[name] = true
	}
	return used
}).From(kube.Gateways)
