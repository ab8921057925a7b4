package blast

import (
	"maps"
	"slices"
	"strings"

	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// anyHost stands for traffic under any name.
const anyHost = "*"

// routes returns the kinds of route of the Gateway API.
func routes() []kube.Resource {
	return []kube.Resource{kube.HTTPRoutes, kube.GRPCRoutes, kube.TLSRoutes, kube.TCPRoutes, kube.UDPRoutes}
}

// routing has how traffic comes in.
type routing struct {
	byService map[kube.Ref][]edge
	bySecret  map[kube.Ref][]edge   // Ingresses and Gateways by their certificates
	byGateway map[kube.Ref][]edge   // the routes of a Gateway
	gateways  map[kube.Ref][]edge   // the Gateways of a route
	hosts     map[kube.Ref][]string // of an Ingress, a route or a Gateway
}

var routingOf = kube.Derive(func(c *kube.Cluster) *routing {
	r := &routing{
		byService: map[kube.Ref][]edge{}, bySecret: map[kube.Ref][]edge{}, byGateway: map[kube.Ref][]edge{},
		gateways: map[kube.Ref][]edge{}, hosts: map[kube.Ref][]string{},
	}
	for i := range c.Ingresses.All() {
		r.ingress(i)
	}
	gateways := r.listening(c)
	grants := grantsOf(c)
	for _, resource := range routes() {
		for o := range c.Custom(resource).All() {
			r.route(c, resource, o, gateways, grants)
		}
	}
	for o := range c.Custom(kube.VirtualServices).All() {
		r.virtual(o)
	}
	for o := range c.Custom(kube.IngressRoutes).All() {
		r.ingressRoute(o)
	}
	return r
}).From(append(entrances(), kube.Ingresses, kube.ReferenceGrants)...)

// ingress adds an Ingress: the hosts of a Service are those of the rules that lead to
// it, and any for the default backend.
func (r *routing) ingress(i *networkingv1.Ingress) {
	ref := kube.Ingresses.Ref(i.Namespace, i.Name)
	hosts := map[string][]string{}
	add := func(backend *networkingv1.IngressBackend, host string) {
		if host == "" {
			host = anyHost
		}
		r.hosts[ref] = with(r.hosts[ref], host)
		if backend.Service != nil {
			hosts[backend.Service.Name] = with(hosts[backend.Service.Name], host)
		}
	}
	if i.Spec.DefaultBackend != nil {
		add(i.Spec.DefaultBackend, "")
	}
	for n := range i.Spec.Rules {
		rule := &i.Spec.Rules[n]
		switch {
		case rule.HTTP != nil:
			for p := range rule.HTTP.Paths {
				add(&rule.HTTP.Paths[p].Backend, rule.Host)
			}
		case i.Spec.DefaultBackend != nil: // a host without paths has the default backend
			add(i.Spec.DefaultBackend, rule.Host)
		}
	}
	for _, service := range slices.Sorted(maps.Keys(hosts)) {
		to := kube.Services.Ref(i.Namespace, service)
		r.byService[to] = append(r.byService[to], edge{
			to: ref, relation: RoutesTo, hosts: hosts[service], detail: strings.Join(hosts[service], ", "), last: true,
		})
	}
	for n := range i.Spec.TLS {
		if secret := i.Spec.TLS[n].SecretName; secret != "" {
			to := kube.Secrets.Ref(i.Namespace, secret)
			r.bySecret[to] = append(r.bySecret[to], edge{
				to: ref, relation: Secured, hosts: i.Spec.TLS[n].Hosts, detail: strings.Join(i.Spec.TLS[n].Hosts, ", "), last: true,
			})
		}
	}
}

// with adds a text that is not there yet.
func with(texts []string, text string) []string {
	if slices.Contains(texts, text) {
		return texts
	}
	return append(texts, text)
}

// reference names an object as the Gateway API does: what is nil has a default.
type reference struct {
	Group       *string `json:"group"`
	Kind        *string `json:"kind"`
	Namespace   *string `json:"namespace"`
	Name        string  `json:"name"`
	SectionName string  `json:"sectionName"`
}

// names returns what a reference names, with the default of its place for what it does
// not say.
func (r *reference) names(otherwise kube.Resource, namespace string) kube.Ref {
	or := func(given *string, otherwise string) string {
		if given == nil {
			return otherwise
		}
		return *given
	}
	return kube.Ref{Group: or(r.Group, otherwise.Group), Kind: or(r.Kind, otherwise.Kind), Namespace: or(r.Namespace, namespace), Name: r.Name}
}

// gateway is what matters of a Gateway.
type gateway struct {
	Spec struct {
		Listeners []listener `json:"listeners"`
	} `json:"spec"`
}

type listener struct {
	Name     string `json:"name"`
	Hostname string `json:"hostname"`
	TLS      *struct {
		CertificateRefs []reference `json:"certificateRefs"`
	} `json:"tls"`
}

// listening adds the Gateways, and returns their listeners.
func (r *routing) listening(c *kube.Cluster) map[kube.Ref][]listener {
	gateways := map[kube.Ref][]listener{}
	for o := range c.Custom(kube.Gateways).All() {
		decoded, err := kube.Decode[gateway](o)
		if err != nil {
			continue // no controller can read it either
		}
		ref := kube.Gateways.Ref(o.GetNamespace(), o.GetName())
		gateways[ref] = decoded.Spec.Listeners
		for _, l := range decoded.Spec.Listeners {
			var hosts []string
			if l.Hostname != "" {
				hosts = []string{l.Hostname}
				r.hosts[ref] = with(r.hosts[ref], l.Hostname)
			}
			if l.TLS == nil {
				continue
			}
			for i := range l.TLS.CertificateRefs {
				to := l.TLS.CertificateRefs[i].names(kube.Secrets, o.GetNamespace())
				r.bySecret[to] = append(r.bySecret[to], edge{to: ref, relation: Secured, hosts: hosts, detail: "listener " + l.Name, last: true})
			}
		}
	}
	return gateways
}

// route is what matters of a route of any kind.
type route struct {
	Spec struct {
		Hostnames  []string    `json:"hostnames"`
		ParentRefs []reference `json:"parentRefs"`
		Rules      []struct {
			BackendRefs []reference `json:"backendRefs"`
		} `json:"rules"`
	} `json:"spec"`
}

// route adds a route: its hosts are its own, or else those of the listeners it is
// attached to. Routes of plain connections know no hosts.
func (r *routing) route(c *kube.Cluster, resource kube.Resource, o *unstructured.Unstructured, gateways map[kube.Ref][]listener, grants map[string][]grant) {
	decoded, err := kube.Decode[route](o)
	if err != nil {
		return
	}
	ref, namespace := resource.Ref(o.GetNamespace(), o.GetName()), o.GetNamespace()
	r.attach(ref, resource, &decoded, gateways)
	hosts := r.hosts[ref]
	added := map[kube.Ref]bool{}
	for n := range decoded.Spec.Rules {
		for b := range decoded.Spec.Rules[n].BackendRefs {
			to := decoded.Spec.Rules[n].BackendRefs[b].names(kube.Services, namespace)
			if !isService(to) || added[to] {
				continue
			}
			added[to] = true
			e := edge{to: ref, relation: RoutesTo, hosts: hosts, detail: strings.Join(hosts, ", ")}
			if to.Namespace != namespace && !granted(grants[to.Namespace], ref, to) {
				if !blindTo(c, kube.ReferenceGrants, to.Namespace) {
					continue // it gets no traffic through this route
				}
				e.certainty = Hint
			}
			r.byService[to] = append(r.byService[to], e)
		}
	}
}

// attach adds what a route takes its traffic from.
func (r *routing) attach(ref kube.Ref, resource kube.Resource, decoded *route, gateways map[kube.Ref][]listener) {
	var heard []string // under which names the listeners take traffic
	attached := false
	for i := range decoded.Spec.ParentRefs {
		parent := &decoded.Spec.ParentRefs[i]
		to := parent.names(kube.Gateways, ref.Namespace)
		if to.Kind != kube.Gateways.Kind || to.Group != kube.Gateways.Group {
			continue // a mesh takes it from a Service
		}
		attached = true
		for _, l := range gateways[to] {
			if l.Hostname != "" && (parent.SectionName == "" || parent.SectionName == l.Name) {
				heard = with(heard, l.Hostname)
			}
		}
		if !slices.ContainsFunc(r.gateways[ref], func(e edge) bool { return e.to == to }) {
			r.gateways[ref] = append(r.gateways[ref], edge{to: to, relation: AttachedTo, last: true})
		}
	}
	var hosts []string
	switch {
	case !attached, resource == kube.TCPRoutes, resource == kube.UDPRoutes:
	case len(decoded.Spec.Hostnames) > 0:
		hosts = decoded.Spec.Hostnames
	case len(heard) > 0:
		hosts = heard
	default:
		hosts = []string{anyHost}
	}
	r.hosts[ref] = hosts
	for _, e := range r.gateways[ref] {
		r.byGateway[e.to] = append(r.byGateway[e.to], edge{to: ref, relation: AttachedTo, hosts: hosts, detail: strings.Join(hosts, ", "), last: true})
	}
}

// grant is what matters of a ReferenceGrant: who may refer to what in its namespace.
type grant struct {
	Spec struct {
		From []struct {
			Group     string `json:"group"`
			Kind      string `json:"kind"`
			Namespace string `json:"namespace"`
		} `json:"from"`
		To []struct {
			Group string `json:"group"`
			Kind  string `json:"kind"`
			Name  string `json:"name"`
		} `json:"to"`
	} `json:"spec"`
}

func grantsOf(c *kube.Cluster) map[string][]grant {
	grants := map[string][]grant{}
	for o := range c.Custom(kube.ReferenceGrants).All() {
		if decoded, err := kube.Decode[grant](o); err == nil {
			grants[o.GetNamespace()] = append(grants[o.GetNamespace()], decoded)
		}
	}
	return grants
}

// granted reports whether one of the grants of a namespace lets a route of another one
// refer to an object there.
func granted(grants []grant, from, to kube.Ref) bool {
	for i := range grants {
		for _, f := range grants[i].Spec.From {
			if f.Group != from.Group || f.Kind != from.Kind || f.Namespace != from.Namespace {
				continue
			}
			for _, t := range grants[i].Spec.To {
				if t.Group == to.Group && t.Kind == to.Kind && (t.Name == "" || t.Name == to.Name) {
					return true
				}
			}
		}
	}
	return false
}
