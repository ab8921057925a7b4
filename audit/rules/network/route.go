package network

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// The groups of the Gateway API's references; the core group is "".
const gatewayGroup = "gateway.networking.k8s.io"

// routeResources returns the kinds of route of the Gateway API.
func routeResources() []kube.Resource {
	return []kube.Resource{kube.HTTPRoutes, kube.GRPCRoutes, kube.TLSRoutes, kube.TCPRoutes, kube.UDPRoutes}
}

// route is what matters of a route of any kind.
type route struct {
	Spec struct {
		ParentRefs []reference `json:"parentRefs"`
		Rules      []struct {
			BackendRefs []struct {
				reference `json:",inline"`
				Filters   []routeFilter `json:"filters"`
			} `json:"backendRefs"`
			Filters []routeFilter `json:"filters"`
		} `json:"rules"`
	} `json:"spec"`
}

type routeFilter struct {
	RequestMirror *struct {
		BackendRef reference `json:"backendRef"`
	} `json:"requestMirror"`
}

// reference names an object as the Gateway API does: what is nil has a default.
type reference struct {
	Group       *string `json:"group"`
	Kind        *string `json:"kind"`
	Namespace   *string `json:"namespace"`
	Name        string  `json:"name"`
	SectionName string  `json:"sectionName"`
	Port        *int32  `json:"port"`
}

// names returns what a reference in a namespace names, with the default of its
// place for group and kind.
func (r *reference) names(group, kind, namespace string) kube.Ref {
	or := func(given *string, otherwise string) string {
		if given == nil {
			return otherwise
		}
		return *given
	}
	return kube.Ref{Group: or(r.Group, group), Kind: or(r.Kind, kind), Namespace: or(r.Namespace, namespace), Name: r.Name}
}

// routeBackend is a backend of a route and where it is written.
type routeBackend struct {
	reference
	path string
}

// backends returns where a route sends traffic, or a copy of it.
func (r *route) backends() []routeBackend {
	var all []routeBackend
	mirrors := func(filters []routeFilter, path string) {
		for i, f := range filters {
			if f.RequestMirror != nil {
				all = append(all, routeBackend{f.RequestMirror.BackendRef, fmt.Sprintf("%s.filters[%d].requestMirror.backendRef", path, i)})
			}
		}
	}
	for i := range r.Spec.Rules {
		rule := &r.Spec.Rules[i]
		path := fmt.Sprintf("spec.rules[%d]", i)
		mirrors(rule.Filters, path)
		for j := range rule.BackendRefs {
			at := fmt.Sprintf("%s.backendRefs[%d]", path, j)
			all = append(all, routeBackend{rule.BackendRefs[j].reference, at})
			mirrors(rule.BackendRefs[j].Filters, at)
		}
	}
	return all
}

// serviceOf returns the Service that a backend of a route in a namespace names,
// false if it names something else.
func (b *routeBackend) serviceOf(namespace string) (kube.Ref, bool) {
	ref := b.names("", kube.Services.Kind, namespace)
	return ref, ref.Group == "" && ref.Kind == kube.Services.Kind
}

// attached reports whether a route takes its traffic from a Gateway, and not from
// the Services of a mesh.
func (r *route) attached() bool {
	for i := range r.Spec.ParentRefs {
		if r.Spec.ParentRefs[i].names(gatewayGroup, kube.Gateways.Kind, "").Kind == kube.Gateways.Kind {
			return true
		}
	}
	return false
}

// virtualService is what matters of a VirtualService of Istio.
type virtualService struct {
	Spec struct {
		Gateways []string       `json:"gateways"`
		HTTP     []virtualRoute `json:"http"`
		TCP      []virtualRoute `json:"tcp"`
		TLS      []virtualRoute `json:"tls"`
	} `json:"spec"`
}

type virtualRoute struct {
	Route []struct {
		Destination struct {
			Host string `json:"host"`
		} `json:"destination"`
	} `json:"route"`
}

// attached reports whether it is about traffic that comes in by a gateway. Without
// gateways it is about the mesh alone.
func (v *virtualService) attached() bool {
	for _, gateway := range v.Spec.Gateways {
		if gateway != "mesh" {
			return true
		}
	}
	return false
}

// services returns the Services that it leads to. A host is the name of one in the
// VirtualService's own namespace, or a longer one of the cluster's.
func (v *virtualService) services(namespace string) []kube.Ref {
	var refs []kube.Ref
	for _, routes := range [...][]virtualRoute{v.Spec.HTTP, v.Spec.TCP, v.Spec.TLS} {
		for _, r := range routes {
			for _, to := range r.Route {
				name, rest, long := strings.Cut(to.Destination.Host, ".")
				home, domain, _ := strings.Cut(rest, ".")
				switch {
				case !long:
					refs = append(refs, kube.Services.Ref(namespace, name))
				case domain == "" || strings.HasPrefix(domain, "svc"):
					refs = append(refs, kube.Services.Ref(home, name))
				}
			}
		}
	}
	return refs
}

// routed has what leads to a Service from a gateway, by the Service.
var routed = kube.Derive(func(c *kube.Cluster) map[kube.Ref][]kube.Ref {
	leading := map[kube.Ref][]kube.Ref{}
	add := func(service kube.Ref, r kube.Resource, o *unstructured.Unstructured) {
		leading[service] = append(leading[service], r.Ref(o.GetNamespace(), o.GetName()))
	}
	for _, r := range routeResources() {
		for o := range c.Custom(r).All() {
			decoded, err := kube.Decode[route](o)
			if err != nil || !decoded.attached() {
				continue
			}
			for _, b := range decoded.backends() {
				if service, ok := b.serviceOf(o.GetNamespace()); ok {
					add(service, r, o)
				}
			}
		}
	}
	for o := range c.Custom(kube.VirtualServices).All() {
		decoded, err := kube.Decode[virtualService](o)
		if err != nil || !decoded.attached() {
			continue
		}
		for _, service := range decoded.services(o.GetNamespace()) {
			add(service, kube.VirtualServices, o)
		}
	}
	return leading
}).From(append(routeResources(), kube.VirtualServices)...)
