package network

import (
	"iter"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var routeBackendMissing = &audit.Rule{
	ID:        "route-backend-missing",
	Title:     "A route leads to no Service",
	Severity:  audit.High,
	Rationale: "What the rule matches is answered with an error (500 for HTTP), or its connections are closed.",
	Remediation: "Correct the name or the namespace of the backend. A Service of another namespace needs a ReferenceGrant there " +
		"that lets routes of this namespace refer to it.",
	Since:    "2",
	Subjects: routeResources(),
	Reads:    []kube.Resource{kube.Services},
	Consults: []kube.Resource{kube.ReferenceGrants, kube.Namespaces},
	Wide:     true, // a backend may be in any namespace
	Check: audit.Each(eachCustomOf(routeResources()...), func(p *audit.Pass, o customObject) {
		for b, service := range serviceBackends(p, o) {
			judgeRouteBackend(p, o, b, service)
		}
	}),
}

func judgeRouteBackend(p *audit.Pass, o customObject, b routeBackend, service kube.Ref) {
	from := o.resource.Ref(o.GetNamespace(), o.GetName())
	switch stands(p.Cluster, kube.Services, service) {
	case absent:
		p.Report(audit.Finding{
			Path:    b.path + ".name",
			Message: service.String() + " does not exist",
			Detail:  "There is no " + service.String() + ", which the route sends traffic to.",
		})
		return
	case unread:
		p.Unknown(notInView(service))
		return
	case present:
	}
	if service.Namespace == from.Namespace || granted(p.Cluster, from, service) {
		return
	}
	if state, blind := p.Cluster.Blind(kube.ReferenceGrants, service.Namespace); blind {
		p.Unknown(state.Resource.String() + ": " + state.Phase.String())
		return
	}
	p.Report(audit.Finding{
		Path:    b.path + ".namespace",
		Message: "it may not refer to " + service.String(),
		Detail: "No ReferenceGrant of namespace " + service.Namespace + " lets a " + from.Kind + " of namespace " +
			from.Namespace + " refer to the Service.",
	})
}

// serviceBackends yields the backends of a route that are Services. A route that
// is not understood has none, and no verdict; one without any is not applicable.
func serviceBackends(p *audit.Pass, o customObject) iter.Seq2[routeBackend, kube.Ref] {
	return func(yield func(routeBackend, kube.Ref) bool) {
		decoded, err := kube.Decode[route](o.Unstructured)
		if err != nil {
			p.Unknown(err.Error())
			return
		}
		some := false
		for _, b := range decoded.backends() {
			service, ok := b.serviceOf(o.GetNamespace())
			if !ok {
				continue
			}
			some = true
			if !yield(b, service) {
				return
			}
		}
		if !some {
			p.NotApplicable()
		}
	}
}
