package blast

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// entrances returns the custom resources by which traffic comes in.
func entrances() []kube.Resource {
	return append(routes(), kube.Gateways, kube.VirtualServices, kube.IngressRoutes)
}

// virtualService is what matters of a VirtualService of Istio.
type virtualService struct {
	Spec struct {
		Hosts    []string       `json:"hosts"`
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

// virtual adds a VirtualService. It has hosts that people know if it is about the
// traffic of a gateway; without gateways it is about the mesh alone.
func (r *routing) virtual(o *unstructured.Unstructured) {
	decoded, err := kube.Decode[virtualService](o)
	if err != nil {
		return
	}
	ref := kube.VirtualServices.Ref(o.GetNamespace(), o.GetName())
	if slices.ContainsFunc(decoded.Spec.Gateways, func(name string) bool { return name != "mesh" }) {
		r.hosts[ref] = decoded.Spec.Hosts
	}
	added := map[kube.Ref]bool{}
	for _, kind := range [...][]virtualRoute{decoded.Spec.HTTP, decoded.Spec.TCP, decoded.Spec.TLS} {
		for i := range kind {
			for j := range kind[i].Route {
				if to := destination(kind[i].Route[j].Destination.Host, o.GetNamespace()); !to.IsZero() && !added[to] {
					added[to] = true
					r.lead(to, ref, Certain)
				}
			}
		}
	}
}

// destination returns the Service that a host of Istio stands for: one of the
// VirtualService's own namespace, or one with the domain of the cluster; zero for any
// other.
func destination(host, namespace string) kube.Ref {
	name, rest, long := strings.Cut(host, ".")
	home, domain, _ := strings.Cut(rest, ".")
	switch {
	case name == "":
	case !long:
		return kube.Services.Ref(namespace, name)
	case domain == "" || domain == "svc" || strings.HasPrefix(domain, "svc."):
		return kube.Services.Ref(home, name)
	}
	return kube.Ref{}
}

// ingressRoute is what matters of an IngressRoute of Traefik.
type ingressRoute struct {
	Spec struct {
		Routes []struct {
			Match    string `json:"match"`
			Services []struct {
				Kind      string `json:"kind"`
				Name      string `json:"name"`
				Namespace string `json:"namespace"`
			} `json:"services"`
		} `json:"routes"`
	} `json:"spec"`
}

// ingressRoute adds an IngressRoute. Whether it may lead into another namespace is an
// option of Traefik that is not seen (allowCrossNamespace).
func (r *routing) ingressRoute(o *unstructured.Unstructured) {
	decoded, err := kube.Decode[ingressRoute](o)
	if err != nil {
		return
	}
	ref := kube.IngressRoutes.Ref(o.GetNamespace(), o.GetName())
	for i := range decoded.Spec.Routes {
		for _, host := range matched(decoded.Spec.Routes[i].Match) {
			r.hosts[ref] = with(r.hosts[ref], host)
		}
	}
	added := map[kube.Ref]bool{}
	for i := range decoded.Spec.Routes {
		for _, s := range decoded.Spec.Routes[i].Services {
			to, certainty := kube.Services.Ref(o.GetNamespace(), s.Name), Certain
			if s.Namespace != "" && s.Namespace != o.GetNamespace() {
				to.Namespace, certainty = s.Namespace, Hint
			}
			if (s.Kind == "" || s.Kind == kube.Services.Kind) && !added[to] {
				added[to] = true
				r.lead(to, ref, certainty)
			}
		}
	}
}

// lead adds a way by which traffic comes to a Service.
func (r *routing) lead(to, by kube.Ref, certainty Certainty) {
	hosts := r.hosts[by]
	r.byService[to] = append(r.byService[to], edge{
		to: by, relation: RoutesTo, certainty: certainty, hosts: hosts, detail: strings.Join(hosts, ", "), last: true,
	})
}

// matched returns the hosts that a rule of Traefik names: Host(`a`) || Host(`b`); any for
// one that names none, or not literally.
func matched(rule string) []string {
	var hosts []string
	for rest := rule; ; {
		_, after, found := strings.Cut(rest, "Host(")
		if !found {
			break
		}
		arguments, tail, _ := strings.Cut(after, ")")
		for argument := range strings.SplitSeq(arguments, ",") {
			if host := strings.Trim(argument, " `\"'"); host != "" {
				hosts = with(hosts, host)
			}
		}
		rest = tail
	}
	if len(hosts) == 0 {
		return []string{anyHost}
	}
	return hosts
}
