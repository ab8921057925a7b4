package manifest

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	metricsv1beta1 "k8s.io/metrics/pkg/apis/metrics/v1beta1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// empty returns what an object of a resource is decoded into: the type that the
// view holds, for Secrets and ConfigMaps their metadata alone, and the type of
// the metrics API for samples of it.
func empty(r kube.Resource) metav1.Object {
	switch r {
	case kube.PodMetrics:
		return &metricsv1beta1.PodMetrics{}
	case kube.NodeMetrics:
		return &metricsv1beta1.NodeMetrics{}
	}
	object, _ := kube.NewObject(r).(metav1.Object)
	return object
}

// held turns a decoded object into what the view holds: metrics become samples.
func held(o metav1.Object) kube.Object {
	switch o := o.(type) {
	case *metricsv1beta1.PodMetrics:
		usage := &kube.Usage{
			Namespace: o.Namespace, Name: o.Name, Time: o.Timestamp.Time, Window: o.Window.Duration,
			Containers: make(map[string]corev1.ResourceList, len(o.Containers)),
		}
		for _, c := range o.Containers {
			usage.Containers[c.Name] = c.Usage
		}
		return usage
	case *metricsv1beta1.NodeMetrics:
		return &kube.Usage{
			Name: o.Name, Time: o.Timestamp.Time, Window: o.Window.Duration,
			Containers: map[string]corev1.ResourceList{"": o.Usage},
		}
	}
	return o
}
