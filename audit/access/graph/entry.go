package graph

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Ways in.
var (
	exposed = &Family{
		ID: "ENDPOINT_EXPOSED", Title: "Pods get traffic from outside",
		Story: "{from} reaches {to}, and so does an exploit of what it runs ({evidence})",
		Cost:  3, Severity: audit.Info, Confidence: Inferred, Source: "kubernetes.io/docs/concepts/services-networking",
	}
	hostPort = &Family{
		ID: "HOSTPORT", Title: "Pods get traffic through a port of their node",
		Story: "{from} reaches {to}, and so does an exploit of what it runs ({evidence})",
		Cost:  3, Severity: audit.Low, Confidence: Inferred, Source: "containers[].ports[].hostPort",
	}
)

var entryFamilies = []*Family{exposed, hostPort}

// The names of the ways that traffic comes in.
const (
	throughIngress  = "Ingresses"
	throughGateway  = "Gateways"
	throughBalancer = "LoadBalancers"
	throughNodePort = "node ports"
	throughHostPort = "host ports"
)

// exposure is a workload that gets traffic from outside, and by what object and
// field.
type exposure struct {
	through  string
	object   kube.Ref
	path     string
	workload kube.Ref
	class    string // key of the class of the workload
}

// exposuresOf finds what is exposed. A Service of type LoadBalancer also has node
// ports; it counts by its type.
func exposuresOf(c *kube.Cluster, in *inputs) []exposure {
	var found []exposure
	add := func(through string, object kube.Ref, path, namespace, service string) {
		s, ok := c.Services.Get(namespace, service)
		if !ok {
			return
		}
		for _, w := range c.WorkloadsServed(s) {
			found = append(found, exposure{through: through, object: object, path: path, workload: w.Ref})
		}
	}
	for i := range c.Ingresses.All() {
		ingressBackends(i, func(path, service string) {
			add(throughIngress, kube.Ingresses.Ref(i.Namespace, i.Name), path, i.Namespace, service)
		})
	}
	for _, kind := range routes() {
		for o := range c.Custom(kind).All() {
			eachBackend(o, func(path, namespace, service string) {
				add(throughGateway, kind.Ref(o.GetNamespace(), o.GetName()), path, namespace, service)
			})
		}
	}
	for s := range c.Services.All() {
		switch ref := kube.Services.Ref(s.Namespace, s.Name); {
		case s.Spec.Type == corev1.ServiceTypeLoadBalancer && !internal(s):
			add(throughBalancer, ref, "spec.type", s.Namespace, s.Name)
		case len(s.Spec.ExternalIPs) > 0:
			add(throughBalancer, ref, "spec.externalIPs", s.Namespace, s.Name)
		case s.Spec.Type == corev1.ServiceTypeNodePort:
			add(throughNodePort, ref, "spec.type", s.Namespace, s.Name)
		}
	}
	for i := range in.namespaces {
		found = append(found, in.spaces[in.namespaces[i].name].ports...)
	}
	slices.SortFunc(found, compareExposures)
	return slices.Compact(found)
}

// routes returns the resources by which Gateways pass traffic on.
func routes() []kube.Resource {
	return []kube.Resource{kube.HTTPRoutes, kube.GRPCRoutes, kube.TLSRoutes, kube.TCPRoutes, kube.UDPRoutes}
}

// ingressBackends calls do for each Service that an Ingress sends traffic to.
func ingressBackends(i *networkingv1.Ingress, do func(path, service string)) {
	if d := i.Spec.DefaultBackend; d != nil && d.Service != nil {
		do("spec.defaultBackend", d.Service.Name)
	}
	for r := range i.Spec.Rules {
		if i.Spec.Rules[r].HTTP == nil {
			continue
		}
		for p := range i.Spec.Rules[r].HTTP.Paths {
			if s := i.Spec.Rules[r].HTTP.Paths[p].Backend.Service; s != nil {
				do(fmt.Sprintf("spec.rules[%d].http.paths[%d].backend", r, p), s.Name)
			}
		}
	}
}

func compareExposures(a, b exposure) int {
	if n := strings.Compare(a.through, b.through); n != 0 {
		return n
	}
	if n := kube.CompareRefs(a.workload, b.workload); n != 0 {
		return n
	}
	if n := kube.CompareRefs(a.object, b.object); n != 0 {
		return n
	}
	return strings.Compare(a.path, b.path)
}

// internal reports whether a cloud is told to keep a load balancer inside.
func internal(s *corev1.Service) bool {
	for k, v := range s.Annotations {
		switch {
		case strings.HasSuffix(k, "load-balancer-internal") && v != "false",
			strings.HasSuffix(k, "load-balancer-scheme") && v == "internal",
			strings.HasSuffix(k, "load-balancer-type") && strings.EqualFold(v, "internal"):
			return true
		}
	}
	return false
}

// hostPorts finds the ports of their nodes by which a workload's pods get traffic.
// On the network of its node every port of a pod is one, declared to say so.
func hostPorts(w *kube.Workload) []exposure {
	if w.Pod.Spec.HostNetwork {
		return nil
	}
	var found []exposure
	for container := range w.Containers() {
		for i := range container.Ports {
			if container.Ports[i].HostPort > 0 {
				path := container.Field(fmt.Sprintf("ports[%d].hostPort", i))
				found = append(found, exposure{through: throughHostPort, object: w.Ref, path: path, workload: w.Ref})
			}
		}
	}
	return found
}

// eachBackend calls do for each Service that a route sends traffic to.
func eachBackend(o *unstructured.Unstructured, do func(path, namespace, service string)) {
	type reference struct {
		Kind      string `json:"kind"`
		Name      string `json:"name"`
		Namespace string `json:"namespace"`
	}
	route, err := kube.Decode[struct {
		Spec struct {
			Rules []struct {
				BackendRefs []reference `json:"backendRefs"`
			} `json:"rules"`
		} `json:"spec"`
	}](o)
	if err != nil {
		return // what no controller can read exposes nothing
	}
	for i, rule := range route.Spec.Rules {
		for j, r := range rule.BackendRefs {
			if r.Kind != "" && r.Kind != kube.Services.Kind {
				continue
			}
			if r.Namespace == "" {
				r.Namespace = o.GetNamespace()
			}
			do(fmt.Sprintf("spec.rules[%d].backendRefs[%d]", i, j), r.Namespace, r.Name)
		}
	}
}

// entrances adds the ways in.
func (b *build) entrances() {
	anonymous, _ := b.vertex(key{Anonymous, "", ""}, kube.Ref{})
	if v, ok := b.find(User, "", access.UserAnonymous); ok {
		b.edge(anonymous, v, anonymousGrant, None)
	}
	if v, ok := b.find(Group, "", access.GroupUnauthenticated); ok {
		b.edge(anonymous, v, anonymousGrant, None)
	}
	authenticated, _ := b.vertex(key{Authenticated, "", ""}, kube.Ref{})
	everybody, _ := b.find(Group, "", access.GroupAuthenticated)
	b.edge(authenticated, everybody, authenticatedGrant, None)
	pod, _ := b.vertex(key{AnyPod, "", ""}, kube.Ref{})
	accounts, _ := b.find(Group, "", access.GroupServiceAccounts)
	b.edge(pod, accounts, allAccountsGrant, None)
	b.g.entries = []int32{anonymous, authenticated, pod}
	b.clouds()
	for _, e := range b.in.exposures {
		v, made := b.vertex(key{Exposed, "", e.through}, kube.Ref{})
		if made {
			b.g.entries = append(b.g.entries, v)
		}
		f := exposed
		if e.through == throughHostPort {
			f = hostPort
		}
		if to, ok := b.g.classes[e.class]; ok {
			b.edge(v, to, f, b.field(e.object, e.path))
		}
	}
}
