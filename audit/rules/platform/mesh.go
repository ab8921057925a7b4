package platform

import (
	"cmp"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// invited reports whether a namespace or a pod asks for a proxy by its labels and
// annotations, a pod before its namespace, and how it says so, "istio-injection=enabled".
func invited(namespace *corev1.Namespace, p *kube.Pod) (by kube.DataPlane, how string) {
	ofPod := func(key string) string { return cmp.Or(p.Labels[key], p.Annotations[key]) }
	switch inject := ofPod("sidecar.istio.io/inject"); {
	case inject == "false" || namespace.Labels["istio-injection"] == "disabled":
	case namespace.Labels["istio-injection"] == "enabled":
		return kube.IstioSidecar, "istio-injection=enabled"
	case namespace.Labels["istio.io/rev"] != "":
		return kube.IstioSidecar, "istio.io/rev=" + namespace.Labels["istio.io/rev"]
	case inject == "true":
		return kube.IstioSidecar, "sidecar.istio.io/inject=true"
	}
	if mode := cmp.Or(p.Labels[ambientMode], namespace.Labels[ambientMode]); mode == "ambient" {
		return kube.IstioAmbient, ambientMode + "=ambient"
	}
	switch inject := cmp.Or(p.Annotations[linkerdInject], namespace.Annotations[linkerdInject]); inject {
	case "enabled", "ingress":
		if namespace.Labels["config.linkerd.io/admission-webhooks"] != "disabled" {
			return kube.LinkerdSidecar, linkerdInject + "=" + inject
		}
	}
	return kube.NoMesh, ""
}

const (
	ambientMode   = "istio.io/dataplane-mode"
	linkerdInject = "linkerd.io/inject"
)

// spared reports whether no injector looks at a namespace whatever it says of itself.
func spared(namespace string) bool {
	return slices.Contains([]string{"kube-system", "kube-public", "kube-node-lease"}, namespace)
}

// controlPlane is an istiod.
type controlPlane struct {
	namespace string
	revision  string // "default" where it has no other
	image     string
}

// istiods has the control planes of Istio that are Deployments of the cluster.
var istiods = kube.Derive(func(c *kube.Cluster) []controlPlane {
	var all []controlPlane
	for d := range c.Deployments.All() {
		for _, container := range d.Spec.Template.Spec.Containers {
			if d.Labels["app"] == "istiod" && container.Name == "discovery" || strings.HasSuffix("/"+kube.RepositoryOf(container.Image), "/pilot") {
				all = append(all, controlPlane{d.Namespace, cmp.Or(d.Labels["istio.io/rev"], "default"), container.Image})
				break
			}
		}
	}
	return all
}).From(kube.Deployments)
