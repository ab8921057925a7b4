package traffic

import (
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// endpoints counts those of a Service.
type endpoints struct {
	slices                   int
	ready, serving, notReady int
	ports                    bool // a slice has ports
}

// endpointsIn has the endpoints of the Services of a namespace by name.
var endpointsIn = kube.DeriveFor(func(c *kube.Cluster, namespace string) map[string]endpoints {
	of := map[string]endpoints{}
	for _, s := range c.EndpointSlices.In(namespace) {
		if s.Service == "" {
			continue
		}
		e := of[s.Service]
		e.slices++
		e.ready, e.serving, e.notReady = e.ready+s.Ready, e.serving+s.Serving, e.notReady+s.NotReady
		e.ports = e.ports || len(s.Ports) > 0
		of[s.Service] = e
	}
	return of
}).From(kube.EndpointSlices)

// selected returns the pods that a Service selects and that have not finished.
func selected(c *kube.Cluster, s *corev1.Service) []*kube.Pod {
	pods := c.PodsSelected(s.Namespace, labels.SelectorFromSet(s.Spec.Selector))
	return slices.DeleteFunc(slices.Clone(pods), func(pod *kube.Pod) bool { return pod.Finished() })
}

// lostSince returns when the last of some pods ceased to be ready, the newest
// creation of those that never were; zero for no pods.
func lostSince(pods []*kube.Pod) time.Time {
	var last time.Time
	for _, pod := range pods {
		since := pod.Created()
		if _, at, known := triage.Condition(pod, corev1.PodReady); known && !at.IsZero() {
			since = at
		}
		if since.After(last) {
			last = since
		}
	}
	return last
}

// idle reports whether a Service has no endpoints because the workloads behind it
// are to have no pods.
func idle(c *kube.Cluster, s *corev1.Service) bool {
	served := c.WorkloadsServed(s)
	return len(served) > 0 && !slices.ContainsFunc(served, func(w *kube.Workload) bool { return !triage.Idle(c, w) })
}

// frontOf returns what sends traffic to a Service from outside or on behalf of
// the API server, the zero Ref if nothing is known to.
func frontOf(c *kube.Cluster, s *corev1.Service) kube.Ref {
	ref := kube.Services.Ref(s.Namespace, s.Name)
	for _, i := range c.Ingresses.In(s.Namespace) {
		if slices.Contains(backendsOf(i), s.Name) {
			return kube.Ingresses.Ref(i.Namespace, i.Name)
		}
	}
	return fronts.Of(c)[ref]
}

// backendsOf returns the names of the Services to which an Ingress sends traffic.
func backendsOf(i *networkingv1.Ingress) []string {
	var names []string
	add := func(b *networkingv1.IngressBackend) {
		if b != nil && b.Service != nil {
			names = append(names, b.Service.Name)
		}
	}
	add(i.Spec.DefaultBackend)
	for _, rule := range i.Spec.Rules {
		if rule.HTTP == nil {
			continue
		}
		for j := range rule.HTTP.Paths {
			add(&rule.HTTP.Paths[j].Backend)
		}
	}
	return names
}

// fronts has the Services behind webhooks, aggregated APIs and routes, with one of
// those each.
var fronts = kube.Derive(func(c *kube.Cluster) map[kube.Ref]kube.Ref {
	of := map[kube.Ref]kube.Ref{}
	for w := range c.ValidatingWebhookConfigurations.All() {
		for i := range w.Webhooks {
			if s := w.Webhooks[i].ClientConfig.Service; s != nil {
				of[kube.Services.Ref(s.Namespace, s.Name)] = kube.ValidatingWebhookConfigurations.Ref("", w.Name)
			}
		}
	}
	for w := range c.MutatingWebhookConfigurations.All() {
		for i := range w.Webhooks {
			if s := w.Webhooks[i].ClientConfig.Service; s != nil {
				of[kube.Services.Ref(s.Namespace, s.Name)] = kube.MutatingWebhookConfigurations.Ref("", w.Name)
			}
		}
	}
	for o := range c.Custom(kube.APIServices).All() {
		namespace, _, _ := unstructured.NestedString(o.Object, "spec", "service", "namespace")
		name, _, _ := unstructured.NestedString(o.Object, "spec", "service", "name")
		if name != "" {
			of[kube.Services.Ref(namespace, name)] = kube.APIServices.Ref("", o.GetName())
		}
	}
	for _, r := range []kube.Resource{kube.HTTPRoutes, kube.GRPCRoutes, kube.TLSRoutes, kube.TCPRoutes} {
		for o := range c.Custom(r).All() {
			for _, service := range routedTo(o) {
				of[service] = r.Ref(o.GetNamespace(), o.GetName())
			}
		}
	}
	return of
}).From(kube.ValidatingWebhookConfigurations, kube.MutatingWebhookConfigurations, kube.APIServices,
	kube.HTTPRoutes, kube.GRPCRoutes, kube.TLSRoutes, kube.TCPRoutes)

// routedTo returns the Services to which a route sends traffic.
func routedTo(o *unstructured.Unstructured) []kube.Ref {
	type backend struct {
		Kind      *string `json:"kind"`
		Namespace *string `json:"namespace"`
		Name      string  `json:"name"`
	}
	route, err := kube.Decode[struct {
		Spec struct {
			Rules []struct {
				BackendRefs []backend `json:"backendRefs"`
			} `json:"rules"`
		} `json:"spec"`
	}](o)
	if err != nil {
		return nil
	}
	var services []kube.Ref
	for _, rule := range route.Spec.Rules {
		for _, b := range rule.BackendRefs {
			namespace := o.GetNamespace()
			if b.Namespace != nil {
				namespace = *b.Namespace
			}
			if b.Kind == nil || *b.Kind == kube.Services.Kind {
				services = append(services, kube.Services.Ref(namespace, b.Name))
			}
		}
	}
	return services
}
