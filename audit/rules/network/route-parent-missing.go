package network

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var routeParentMissing = &audit.Rule{
	ID:          "route-parent-missing",
	Title:       "A route is attached to nothing",
	Severity:    audit.High,
	Rationale:   "No traffic gets to the route: what it is meant to serve is not found by anybody.",
	Remediation: "Correct the name, the namespace or the section of the parent: a Gateway and one of its listeners, or a Service of a mesh.",
	Since:       "2",
	Subjects:    routeResources(),
	Consults:    []kube.Resource{kube.Gateways, kube.Services, kube.Namespaces},
	Wide:        true, // a parent may be in any namespace
	Check: eachRoute(func(p *audit.Pass, namespace string, r *route) {
		applies := false
		for i := range r.Spec.ParentRefs {
			parent := &r.Spec.ParentRefs[i]
			ref := parent.names(gatewayGroup, kube.Gateways.Kind, namespace)
			resource, held := kube.ResourceOf(ref.Group, ref.Kind)
			if !held || resource != kube.Gateways && resource != kube.Services {
				continue // of a kind that is not read
			}
			applies = true
			judgeParent(p, fmt.Sprintf("spec.parentRefs[%d]", i), parent, resource, ref)
		}
		if !applies {
			p.NotApplicable()
		}
	}),
}

func judgeParent(p *audit.Pass, path string, parent *reference, r kube.Resource, ref kube.Ref) {
	switch stands(p.Cluster, r, ref) {
	case unread:
		p.Unknown(notInView(ref))
	case absent:
		p.Report(audit.Finding{
			Path:    path + ".name",
			Message: ref.String() + " does not exist",
			Detail:  "There is no " + ref.String() + ", which the route wants to be attached to.",
		})
	case present:
		if r == kube.Gateways && parent.SectionName != "" && !listens(p.Cluster, ref, parent.SectionName) {
			p.Report(audit.Finding{
				Path:    path + ".sectionName",
				Message: fmt.Sprintf("%s has no listener %s", ref, parent.SectionName),
				Detail:  "The route wants to be attached to a listener that the Gateway does not have.",
			})
		}
	}
}

// gateway is what matters of a Gateway.
type gateway struct {
	Spec struct {
		Listeners []struct {
			Name string `json:"name"`
		} `json:"listeners"`
	} `json:"spec"`
}

// listens reports whether a Gateway has a listener of a name; one that is not
// understood may have it.
func listens(c *kube.Cluster, ref kube.Ref, name string) bool {
	o, held := c.Custom(kube.Gateways).Get(ref.Namespace, ref.Name)
	if !held {
		return true
	}
	decoded, err := kube.Decode[gateway](o)
	if err != nil {
		return true
	}
	for _, l := range decoded.Spec.Listeners {
		if l.Name == name {
			return true
		}
	}
	return false
}
