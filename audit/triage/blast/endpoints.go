package blast

import (
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// endpoints are those of a Service.
type endpoints struct {
	all  int
	none bool // none of them answers
}

// slicesIn has the rows of the EndpointSlices of a namespace by their Service.
var slicesIn = kube.DeriveFor(func(c *kube.Cluster, namespace string) map[string][]*kube.EndpointSlice {
	of := map[string][]*kube.EndpointSlice{}
	for _, s := range c.EndpointSlices.In(namespace) {
		if s.Service != "" {
			of[s.Service] = append(of[s.Service], s)
		}
	}
	return of
}).From(kube.EndpointSlices)

// endpointsOf counts the endpoints of a Service: those in its EndpointSlices, or, where
// it has none, the pods of the workloads that it serves. A pod with an address of each
// IP family is in a slice of each.
func (w *walk) endpointsOf(ref kube.Ref) endpoints {
	w.look(ref.Namespace, kube.EndpointSlices, kube.Pods)
	if rows := slicesIn.Of(w.c, ref.Namespace)[ref.Name]; len(rows) > 0 {
		all, answering := map[discoveryv1.AddressType]int{}, 0
		most := 0
		for _, s := range rows {
			all[s.AddressType] += s.Ready + s.Serving + s.NotReady
			most = max(most, all[s.AddressType])
			answering += s.Ready + s.Serving // proxies fall back on those that end (KEP-1669)
		}
		return endpoints{all: most, none: answering == 0}
	}
	service, held := w.c.Services.Get(ref.Namespace, ref.Name)
	if !held {
		return endpoints{none: true}
	}
	e := endpoints{none: len(service.Spec.Selector) > 0 && service.Spec.Type != corev1.ServiceTypeExternalName}
	for _, served := range w.c.WorkloadsServed(service) {
		for _, p := range w.c.PodsOf(served) {
			if p.Finished() {
				continue
			}
			e.all++
			if p.Status.Ready || service.Spec.PublishNotReadyAddresses {
				e.none = false
			}
		}
	}
	if e.all == 0 && (blindTo(w.c, kube.Pods, ref.Namespace) || blindTo(w.c, kube.EndpointSlices, ref.Namespace)) || w.c.Info.Offline {
		e.none = false // manifests have no status, and what was not read proves nothing
	}
	return e
}
