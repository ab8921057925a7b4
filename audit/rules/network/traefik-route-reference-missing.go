package network

import (
	"fmt"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var traefikRouteReferenceMissing = &audit.Rule{
	ID:       "traefik-route-reference-missing",
	Title:    "A route of Traefik refers to nothing",
	Severity: audit.Medium,
	Rationale: "Traefik leaves a route out that refers to something that does not exist, and says so only in its log: " +
		"clients get a 404.",
	Remediation: "Correct the name or the namespace, or create what is missing. Without a namespace, that of the referring object is meant.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.IngressRoutes, kube.Middlewares},
	Reads:       []kube.Resource{kube.Services},
	Consults:    []kube.Resource{kube.Middlewares, kube.TraefikServices, kube.Namespaces},
	Wide:        true, // what is referred to may be in any namespace
	Check: audit.Each(eachCustomOf(kube.IngressRoutes, kube.Middlewares), func(p *audit.Pass, o customObject) {
		references, err := traefikReferences(o)
		if err != nil {
			p.Unknown(err.Error())
			return
		}
		if len(references) == 0 {
			p.NotApplicable()
			return
		}
		for _, r := range references {
			switch stands(p.Cluster, r.resource, r.ref) {
			case present:
			case unread:
				p.Unknown(notInView(r.ref))
			case absent:
				p.Report(audit.Finding{
					Path:    r.path,
					Message: r.ref.String() + " does not exist",
					Detail:  "There is no " + r.ref.String() + ", which this refers to.",
				})
			}
		}
	}),
}

// traefikReference is what an object of Traefik names, and where.
type traefikReference struct {
	resource kube.Resource
	ref      kube.Ref
	path     string
}

// traefikObject is what matters of an IngressRoute and of a Middleware.
type traefikObject struct {
	Spec struct {
		Routes []struct {
			Services    []traefikName `json:"services"`
			Middlewares []traefikName `json:"middlewares"`
		} `json:"routes"`
		Chain struct {
			Middlewares []traefikName `json:"middlewares"`
		} `json:"chain"`
		Errors struct {
			Service *traefikName `json:"service"`
		} `json:"errors"`
	} `json:"spec"`
}

type traefikName struct {
	Kind      string `json:"kind"`
	Name      string `json:"name"`
	Namespace string `json:"namespace"`
}

// traefikReferences returns what an object names. A name with an @ is of another
// provider, whose objects are not those of Kubernetes.
func traefikReferences(o customObject) ([]traefikReference, error) {
	decoded, err := kube.Decode[traefikObject](o.Unstructured)
	if err != nil {
		return nil, err
	}
	var references []traefikReference
	add := func(r kube.Resource, n *traefikName, path string) {
		if n.Kind == kube.TraefikServices.Kind {
			r = kube.TraefikServices
		}
		namespace := n.Namespace
		if namespace == "" {
			namespace = o.GetNamespace()
		}
		if n.Name != "" && !strings.Contains(n.Name, "@") {
			references = append(references, traefikReference{r, r.Ref(namespace, n.Name), path + ".name"})
		}
	}
	spec := &decoded.Spec
	for i := range spec.Routes {
		for j := range spec.Routes[i].Services {
			add(kube.Services, &spec.Routes[i].Services[j], fmt.Sprintf("spec.routes[%d].services[%d]", i, j))
		}
		for j := range spec.Routes[i].Middlewares {
			add(kube.Middlewares, &spec.Routes[i].Middlewares[j], fmt.Sprintf("spec.routes[%d].middlewares[%d]", i, j))
		}
	}
	for i := range spec.Chain.Middlewares {
		add(kube.Middlewares, &spec.Chain.Middlewares[i], fmt.Sprintf("spec.chain.middlewares[%d]", i))
	}
	if spec.Errors.Service != nil {
		add(kube.Services, spec.Errors.Service, "spec.errors.service")
	}
	return references, nil
}
