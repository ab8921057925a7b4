package network

import (
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var routeNotAccepted = &audit.Rule{
	ID:       "route-not-accepted",
	Title:    "A Gateway does not take a route",
	Severity: audit.High,
	Rationale: "What the route is meant to serve is not found by anybody, or answers with an error for some paths, " +
		"and nothing but its status says so.",
	Remediation: "The condition names what is wrong: a listener whose hosts or namespaces do not allow the route, a backend in another namespace that no ReferenceGrant opens, " +
		"a value that the controller does not know.",
	Since:    "3",
	Subjects: routeResources(),
	Timed:    true,
	Parameters: []audit.Parameter{{
		Name:  "graceMinutes",
		About: "For how many minutes a route may be refused: what it needs may be made after it.",
		Value: 15,
	}},
	Check: audit.EachOf(routeResources(), func(p *audit.Pass, o kube.Object) {
		r, err := kube.Decode[routeState](o.(*unstructured.Unstructured))
		switch {
		case err != nil:
			p.Unknown(err.Error())
		case len(r.Status.Parents) == 0:
			p.NotApplicable() // a manifest, or no controller has looked at it
		default:
			judgeRouteState(p, &r)
		}
	}),
}

// routeState is what controllers say of a route, each for the parents that it serves
// (https://gateway-api.sigs.k8s.io/geps/gep-1364/).
type routeState struct {
	Metadata metav1.ObjectMeta `json:"metadata"`
	Status   struct {
		Parents []struct {
			ParentRef  reference          `json:"parentRef"`
			Conditions []metav1.Condition `json:"conditions"`
		} `json:"parents"`
	} `json:"status"`
}

// judgeRouteState leaves out what other rules say of the same: parents and backends that
// are not there.
func judgeRouteState(p *audit.Pass, r *routeState) {
	for i := range r.Status.Parents {
		parent := &r.Status.Parents[i]
		c := refused(p, r.Metadata.Generation, parent.Conditions, "Accepted", "ResolvedRefs")
		if c == nil || slices.Contains([]string{"NoMatchingParent", "BackendNotFound"}, c.Reason) {
			continue
		}
		of := parent.ParentRef.names(gatewayGroup, kube.Gateways.Kind, r.Metadata.Namespace)
		p.Report(audit.Finding{Path: "spec.parentRefs", Message: "by " + of.String() + " it is " + refusal(c), Detail: controllerSays(c)})
	}
}
