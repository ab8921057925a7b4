package kube

import corev1 "k8s.io/api/core/v1"

// DataPlane is how a pod takes part in a service mesh.
type DataPlane int

// The data planes. Istio's is a proxy in the pod, or one that the pods of a node share
// (https://istio.io/latest/docs/overview/dataplane-modes/).
const (
	NoMesh DataPlane = iota
	IstioSidecar
	IstioAmbient
	LinkerdSidecar
)

// String returns the data plane as findings name it.
func (d DataPlane) String() string {
	return [...]string{"no mesh", "Istio", "Istio ambient mode", "Linkerd"}[d]
}

// The containers in which proxies run, whatever registry their images are from.
const (
	IstioProxy   = "istio-proxy"
	LinkerdProxy = "linkerd-proxy"
)

// redirected is what Istio's node agent notes on a pod whose traffic it has led to the
// proxy of the node.
const redirected = "ambient.istio.io/redirection"

// DataPlane returns how the pod takes part in a mesh as it runs, whatever its namespace
// asks for.
func (p *Pod) DataPlane() DataPlane {
	switch {
	case p.Proxy() != nil:
		return IstioSidecar
	case p.runs(LinkerdProxy) != nil:
		return LinkerdSidecar
	case p.Annotations[redirected] == "enabled":
		return IstioAmbient
	}
	return NoMesh
}

// Proxy returns the container that is Istio's proxy, nil if the pod has none.
func (p *Pod) Proxy() *corev1.Container { return p.runs(IstioProxy) }

// runs returns a container that runs as long as the pod, among the containers or as a
// native sidecar among the init containers; nil if there is none of the name.
func (p *Pod) runs(name string) *corev1.Container {
	for c := range ContainersOf(p.Spec, "spec") {
		if c.LongRunning() && c.Name == name {
			return c.Container
		}
	}
	return nil
}
