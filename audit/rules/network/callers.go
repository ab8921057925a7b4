package network

import (
	"cmp"
	"slices"
	"strings"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// socket is a port that pods listen on.
type socket struct {
	number   int32
	protocol corev1.Protocol
}

func compareSockets(a, b socket) int {
	return cmp.Or(cmp.Compare(a.number, b.number), cmp.Compare(a.protocol, b.protocol))
}

// callers are those who connect to the pods of a workload, as far as the view shows.
type callers struct {
	outside []socket            // of clients that are no pods
	anyPods []socket            // of pods whose namespace the view does not show
	pods    map[string][]socket // of pods, by their namespace
	own     []socket            // what is declared and served, which the namespace's own pods may call
	unseen  []string            // what leads to anyPods: "ing/web"
}

// callersOf finds who connects to a workload: by the types of the Services that
// select it, by what leads to them from the edge of the cluster, and by what scrapes
// its metrics. Pods of other namespaces that call a Service leave no trace in objects.
func callersOf(c *kube.Cluster, w *kube.Workload) *callers {
	found := &callers{pods: map[string][]socket{}}
	for each := range w.Containers() {
		if !each.LongRunning() {
			continue
		}
		for _, p := range each.Ports {
			one := socket{p.ContainerPort, protocolOf(p.Protocol)}
			found.own = append(found.own, one)
			if p.HostPort != 0 {
				found.outside = append(found.outside, one)
			}
		}
	}
	for _, s := range c.ServicesSelecting(w) {
		if s.Spec.Type != corev1.ServiceTypeExternalName {
			found.through(c, s, socketsOf(w, s))
		}
	}
	found.scraped(c, w)
	found.tidy()
	return found
}

// socketsOf returns the ports of a workload that a Service leads to.
func socketsOf(w *kube.Workload, s *corev1.Service) []socket {
	var all []socket
	for i := range s.Spec.Ports {
		port := &s.Spec.Ports[i]
		to := target(port)
		if to.StrVal == "" {
			all = append(all, socket{to.IntVal, protocolOf(port.Protocol)})
			continue
		}
		for _, p := range containerPorts([]*kube.Workload{w}, port.Protocol) {
			if p.Name == to.StrVal {
				all = append(all, socket{p.ContainerPort, protocolOf(p.Protocol)})
			}
		}
	}
	return all
}

// through adds those who come by a Service.
func (f *callers) through(c *kube.Cluster, s *corev1.Service, ports []socket) {
	f.own = append(f.own, ports...)
	if balanced(s) || onNodes(s) || len(s.Spec.ExternalIPs) > 0 {
		f.outside = append(f.outside, ports...)
	}
	if calledByServer.Of(c)[kube.Services.Ref(s.Namespace, s.Name)] {
		f.outside = append(f.outside, ports...)
	}
	for _, name := range ingressesTo.Of(c, s.Namespace)[s.Name] {
		if i, held := c.Ingresses.Get(s.Namespace, name); held {
			f.fromEdge(edgeOf(c, i), kube.Ingresses.Ref(s.Namespace, name), ports)
		}
	}
	for _, by := range routed.Of(c)[kube.Services.Ref(s.Namespace, s.Name)] {
		f.fromEdge(edge{}, by, ports)
	}
}

// edge is where the connections come from that a controller makes to Services.
type edge struct {
	namespaces []string // of its pods; empty where they are not known
	outside    bool     // also from addresses that are no pod's
}

func (f *callers) fromEdge(e edge, by kube.Ref, ports []socket) {
	switch {
	case e.outside:
		f.outside = append(f.outside, ports...)
	case len(e.namespaces) == 0:
		f.anyPods = append(f.anyPods, ports...)
		f.unseen = append(f.unseen, by.Short())
	}
	for _, namespace := range e.namespaces {
		f.pods[namespace] = append(f.pods[namespace], ports...)
	}
}

// edgeOf finds the controller of an Ingress: by the addresses that it reports, which
// are those of the Service in front of it, else by the images of those that are known.
func edgeOf(c *kube.Cluster, i *networkingv1.Ingress) edge {
	class, controller := classOf(c, i)
	if ownBalancer(class, controller) {
		return edge{outside: true}
	}
	for _, at := range i.Status.LoadBalancer.Ingress {
		if s := fronts.Of(c)[cmp.Or(at.IP, at.Hostname)]; s != nil {
			hosted := slices.ContainsFunc(c.WorkloadsServed(s), func(w *kube.Workload) bool { return w.Pod.Spec.HostNetwork })
			return edge{namespaces: []string{s.Namespace}, outside: hosted}
		}
	}
	product := ""
	switch {
	case controller == "k8s.io/ingress-nginx" || controller == "" && class == "nginx":
		product = "ingress-nginx"
	case controller == "traefik.io/ingress-controller" || controller == "" && class == "traefik":
		product = "traefik"
	}
	return installed.Of(c)[product]
}

// calledByServer has the Services that the API server itself calls, which is no pod of
// the cluster's network: for admission, and for the groups that it passes on.
var calledByServer = kube.Derive(func(c *kube.Cluster) map[kube.Ref]bool {
	called := map[kube.Ref]bool{}
	add := func(s *admissionv1.ServiceReference) {
		if s != nil {
			called[kube.Services.Ref(s.Namespace, s.Name)] = true
		}
	}
	for o := range c.ValidatingWebhookConfigurations.All() {
		for i := range o.Webhooks {
			add(o.Webhooks[i].ClientConfig.Service)
		}
	}
	for o := range c.MutatingWebhookConfigurations.All() {
		for i := range o.Webhooks {
			add(o.Webhooks[i].ClientConfig.Service)
		}
	}
	for o := range c.Custom(kube.APIServices).All() {
		name, _, _ := unstructured.NestedString(o.Object, "spec", "service", "name")
		namespace, _, _ := unstructured.NestedString(o.Object, "spec", "service", "namespace")
		called[kube.Services.Ref(namespace, name)] = true // of none where the server itself has the group
	}
	return called
}).From(kube.ValidatingWebhookConfigurations, kube.MutatingWebhookConfigurations, kube.APIServices)

// fronts has the Services with an address of their own outside of the cluster, by it.
var fronts = kube.Derive(func(c *kube.Cluster) map[string]*corev1.Service {
	by := map[string]*corev1.Service{}
	for s := range c.Services.All() {
		for _, at := range s.Status.LoadBalancer.Ingress {
			by[cmp.Or(at.IP, at.Hostname)] = s
		}
	}
	return by
}).From(kube.Services)

// installed has where the pods of products run whose images are known.
var installed = kube.Derive(func(c *kube.Cluster) map[string]edge {
	found := map[string]edge{}
	look := func(namespace string, pod *corev1.PodSpec) {
		for i := range pod.Containers {
			product := productOf(pod.Containers[i].Image)
			if product == "" {
				continue
			}
			e := found[product]
			if !slices.Contains(e.namespaces, namespace) {
				e.namespaces = append(e.namespaces, namespace)
			}
			e.outside = e.outside || pod.HostNetwork
			found[product] = e
		}
	}
	for _, r := range [...]kube.Resource{kube.Deployments, kube.StatefulSets, kube.DaemonSets} {
		for _, o := range c.Objects(r) {
			switch o := o.(type) {
			case *appsv1.Deployment:
				look(o.Namespace, &o.Spec.Template.Spec)
			case *appsv1.StatefulSet:
				look(o.Namespace, &o.Spec.Template.Spec)
			case *appsv1.DaemonSet:
				look(o.Namespace, &o.Spec.Template.Spec)
			}
		}
	}
	return found
}).From(kube.Deployments, kube.StatefulSets, kube.DaemonSets)

func productOf(image string) string {
	repository := "/" + kube.RepositoryOf(image)
	ends := func(known string) bool { return strings.HasSuffix(repository, "/"+known) }
	switch {
	case slices.ContainsFunc(nginxRepositories(), ends):
		return "ingress-nginx"
	case ends("traefik"):
		return "traefik"
	case ends("prom/prometheus"), ends("prometheus/prometheus"):
		return "prometheus"
	}
	return ""
}

// tidy sorts, and leaves out who is among others.
func (f *callers) tidy() {
	within := func(wider []socket) func(socket) bool {
		return func(s socket) bool { return slices.Contains(wider, s) }
	}
	once := func(sockets []socket) []socket {
		slices.SortFunc(sockets, compareSockets)
		return slices.Compact(sockets)
	}
	f.outside = once(f.outside)
	f.anyPods = slices.DeleteFunc(once(f.anyPods), within(f.outside))
	rest := append(slices.Clone(f.outside), f.anyPods...)
	for namespace, sockets := range f.pods {
		f.pods[namespace] = slices.DeleteFunc(once(sockets), within(rest))
	}
	f.own = slices.DeleteFunc(once(f.own), within(rest))
	slices.Sort(f.unseen)
	f.unseen = slices.Compact(f.unseen)
}
