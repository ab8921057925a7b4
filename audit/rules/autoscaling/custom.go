package autoscaling

import (
	"cmp"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// customTarget returns the object that a custom autoscaler is about, by the
// field of its spec that says so. The zero Ref means that it does not say.
// A ScaledObject may leave out that it means a Deployment (KEDA, ScaledObject
// specification).
func customTarget(o *unstructured.Unstructured, field string) kube.Ref {
	read := func(key string) string {
		value, _, _ := unstructured.NestedString(o.Object, "spec", field, key)
		return value
	}
	version, kind, name := read("apiVersion"), read("kind"), read("name")
	if name == "" {
		return kube.Ref{}
	}
	if o.GetKind() == kube.ScaledObjects.Kind {
		version, kind = cmp.Or(version, "apps/v1"), cmp.Or(kind, kube.Deployments.Kind)
	}
	gv, err := schema.ParseGroupVersion(version)
	if err != nil {
		return kube.Ref{}
	}
	return kube.Ref{Group: gv.Group, Kind: kind, Namespace: o.GetNamespace(), Name: name}
}

// customTargets has what VerticalPodAutoscalers and ScaledObjects of a namespace
// are about.
var customTargets = kube.DeriveFor(func(c *kube.Cluster, namespace string) map[kube.Ref]bool {
	targets := map[kube.Ref]bool{}
	for _, o := range c.Custom(kube.VerticalPodAutoscalers).In(namespace) {
		targets[customTarget(o, "targetRef")] = true
	}
	for _, o := range c.Custom(kube.ScaledObjects).In(namespace) {
		targets[customTarget(o, "scaleTargetRef")] = true
	}
	return targets
}).From(kube.VerticalPodAutoscalers, kube.ScaledObjects)
