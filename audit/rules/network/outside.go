package network

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// doors returns the ways by which clients outside of the cluster reach a Service:
// its type, its addresses, and the Ingresses that lead to it.
func doors(c *kube.Cluster, s *corev1.Service) []string {
	name := kube.Services.Ref(s.Namespace, s.Name).Short()
	var ways []string
	switch {
	case balanced(s):
		ways = append(ways, name+" (LoadBalancer)")
	case onNodes(s):
		ways = append(ways, name+" (NodePort)")
	}
	if len(s.Spec.ExternalIPs) > 0 {
		ways = append(ways, name+" (external IPs)")
	}
	for _, ingress := range ingressesTo.Of(c, s.Namespace)[s.Name] {
		ways = append(ways, kube.Ingresses.Ref(s.Namespace, ingress).Short())
	}
	return ways
}

// ingressesTo has the names of the Ingresses of a namespace by the Services that
// they lead to.
var ingressesTo = kube.DeriveFor(func(c *kube.Cluster, namespace string) map[string][]string {
	leading := map[string][]string{}
	for _, i := range c.Ingresses.In(namespace) {
		for _, b := range backendsOf(i) {
			if b.Service != nil && !slices.Contains(leading[b.Service.Name], i.Name) {
				leading[b.Service.Name] = append(leading[b.Service.Name], i.Name)
			}
		}
	}
	return leading
}).From(kube.Ingresses)

// backend is a backend of an Ingress and where it is written.
type backend struct {
	*networkingv1.IngressBackend
	path string
}

// backendsOf returns the backends of an Ingress, the default one first.
func backendsOf(i *networkingv1.Ingress) []backend {
	var backends []backend
	if i.Spec.DefaultBackend != nil {
		backends = append(backends, backend{i.Spec.DefaultBackend, "spec.defaultBackend"})
	}
	for r := range i.Spec.Rules {
		http := i.Spec.Rules[r].HTTP
		if http == nil {
			continue
		}
		for p := range http.Paths {
			path := fmt.Sprintf("spec.rules[%d].http.paths[%d].backend", r, p)
			backends = append(backends, backend{&http.Paths[p].Backend, path})
		}
	}
	return backends
}

// few joins some texts: the first of them, and how many more there are.
func few(texts []string) string {
	const most = 3
	if len(texts) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(texts[:most], ", "), len(texts)-most)
	}
	return strings.Join(texts, ", ")
}
