package kube

import (
	"maps"

	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// EndpointSlice is what the view keeps of an EndpointSlice: how many can be
// reached at which ports. Who they are is what the Service selects.
type EndpointSlice struct {
	Namespace string
	Name      string
	// Service is whose endpoints they are, by the label kubernetes.io/service-name;
	// "" for a slice of something else.
	Service     string
	AddressType discoveryv1.AddressType
	Ports       []discoveryv1.EndpointPort
	Ready       int // unknown counts as ready, as the API has it
	Serving     int // of those that end, how many still answer
	NotReady    int // all others

	labels    map[string]string // those of the Service, mostly: without the two that the slice alone has
	managedBy string            // by the label endpointslice.kubernetes.io/managed-by
}

// GetNamespace returns the slice's namespace.
func (s *EndpointSlice) GetNamespace() string { return s.Namespace }

// GetName returns the slice's name.
func (s *EndpointSlice) GetName() string { return s.Name }

// endpointSlice returns the row of an EndpointSlice.
func (s *mapSharing) endpointSlice(o *discoveryv1.EndpointSlice) *EndpointSlice {
	row := &EndpointSlice{
		Namespace: o.Namespace, Name: o.Name, Service: o.Labels[discoveryv1.LabelServiceName], managedBy: o.Labels[discoveryv1.LabelManagedBy],
		AddressType: o.AddressType, Ports: o.Ports,
	}
	labels := maps.Clone(o.Labels)
	maps.DeleteFunc(labels, func(key, value string) bool {
		return value != "" && (key == discoveryv1.LabelServiceName || key == discoveryv1.LabelManagedBy)
	})
	row.labels = s.share(labels)
	for i := range o.Endpoints {
		c := o.Endpoints[i].Conditions
		switch {
		case c.Ready == nil || *c.Ready:
			row.Ready++
		case c.Serving != nil && *c.Serving:
			row.Serving++
		default:
			row.NotReady++
		}
	}
	return row
}

// Labels returns the labels of the slice, a map of the caller's own.
func (s *EndpointSlice) Labels() map[string]string {
	labels := map[string]string{}
	maps.Copy(labels, s.labels)
	if s.Service != "" {
		labels[discoveryv1.LabelServiceName] = s.Service
	}
	if s.managedBy != "" {
		labels[discoveryv1.LabelManagedBy] = s.managedBy
	}
	return labels
}

// API returns the slice as the API has it, with endpoints that have no address:
// the view does not hold who they are.
func (s *EndpointSlice) API() *discoveryv1.EndpointSlice {
	slice := &discoveryv1.EndpointSlice{
		TypeMeta:    metav1.TypeMeta{APIVersion: discoveryv1.SchemeGroupVersion.String(), Kind: EndpointSlices.Kind},
		ObjectMeta:  metav1.ObjectMeta{Namespace: s.Namespace, Name: s.Name, Labels: s.Labels()},
		AddressType: s.AddressType, Ports: s.Ports,
	}
	add := func(n int, ready, serving bool) {
		for range n {
			slice.Endpoints = append(slice.Endpoints, discoveryv1.Endpoint{Conditions: discoveryv1.EndpointConditions{
				Ready: new(ready), Serving: new(serving), Terminating: new(serving && !ready),
			}})
		}
	}
	add(s.Ready, true, true)
	add(s.Serving, false, true)
	add(s.NotReady, false, false)
	return slice
}
