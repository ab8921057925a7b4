package cel

import (
	"reflect"
	"sync"

	admissionv1 "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// gaps are what a view does not keep, by resource.
var gaps = sync.OnceValue(func() map[kube.Resource]*Gaps {
	all := map[kube.Resource]*Gaps{}
	for _, r := range kube.Resources() {
		all[r] = gapsOf(r)
	}
	return all
})

// ObjectOf is an object of a view as the API has it. In a view of manifests the
// status is a gap, unless the manifest has one.
func ObjectOf(c *kube.Cluster, r kube.Resource, o kube.Object) Value {
	known := gaps()[r]
	if known.All {
		return Unknown()
	}
	if custom, ok := kube.APIOf(o).(*unstructured.Unstructured); ok {
		if _, told := custom.Object["status"]; c.Info.Offline && !told {
			known = known.without("status")
		}
		return redacted(c, Value{custom.Object, known})
	}
	switch held := o.(type) {
	case *kube.ReplicaSet:
		known = gapsOfReplicaSet(held)
	case *kube.Pod:
		if !held.Deleted().IsZero() {
			known = gapsOfDeletedPods()
		}
	}
	object := typed(r, o)
	if object == nil {
		return Unknown()
	}
	if c.Info.Offline && statusless(object) {
		known = known.without("status")
	}
	return redacted(c, Value{object, known})
}

// without returns gaps that have one more.
func (g *Gaps) without(key string) *Gaps {
	more := &Gaps{Fields: map[string]*Gaps{key: unknown}, Elements: g.Elements}
	for other, below := range g.Fields {
		if other != key {
			more.Fields[other] = below
		}
	}
	return more
}

// typed returns the API object of what a view holds, with its kind: nil if it is
// of no API that anybody writes to.
func typed(r kube.Resource, o kube.Object) runtime.Object {
	object, ok := kube.APIOf(o).(runtime.Object)
	if !ok {
		return nil
	}
	kind := schema.GroupVersionKind{Group: r.Group, Version: r.Version, Kind: r.Kind}
	if object.GetObjectKind().GroupVersionKind() == kind {
		return object
	}
	object = shallow(object)
	object.GetObjectKind().SetGroupVersionKind(kind)
	return object
}

// shallow returns a copy whose own fields can be changed.
func shallow(o runtime.Object) runtime.Object {
	clone := reflect.New(reflect.TypeOf(o).Elem())
	clone.Elem().Set(reflect.ValueOf(o).Elem())
	same, ok := reflect.TypeAssert[runtime.Object](clone)
	if !ok {
		return o // it cannot be: the type is the same
	}
	return same
}

// statusless reports whether nobody has said anything of the status.
func statusless(o runtime.Object) bool {
	status := reflect.ValueOf(o).Elem().FieldByName("Status")
	return status.IsValid() && status.IsZero()
}

// PodOf is the pod that a workload makes, as it would be created. Its name, and
// all else that it gets when it is created, is a gap.
func PodOf(c *kube.Cluster, w *kube.Workload) Value {
	pod := &corev1.Pod{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: kube.Pods.Kind},
		ObjectMeta: metav1.ObjectMeta{
			Namespace: w.Ref.Namespace, Labels: w.Pod.Labels, Annotations: w.Pod.Annotations,
		},
		Spec: *w.Pod.Spec,
	}
	if w.Ref.Kind == kube.Pods.Kind {
		pod.Name = w.Ref.Name
		return redacted(c, Value{pod, gapsOfBarePod()})
	}
	return redacted(c, Value{pod, gapsOfTemplate()})
}

// PodSpecOf is the spec of the pod that a workload makes.
func PodSpecOf(c *kube.Cluster, w *kube.Workload) Value {
	return redacted(c, Value{Of: w.Pod.Spec})
}

var gapsOfTemplate = sync.OnceValue(func() *Gaps {
	return gapsAt("metadata name", "metadata generateName", "metadata uid", "metadata creationTimestamp",
		"metadata ownerReferences", "metadata managedFields", "metadata resourceVersion", "status")
})

var gapsOfBarePod = sync.OnceValue(func() *Gaps {
	return gapsAt(append(ofPodMetadata(), "metadata uid", "metadata creationTimestamp", "spec nodeName", "spec hostname", "status")...)
})

// NamespaceOf is the Namespace object of a namespace: null for "", and a gap
// where the view does not hold it.
func NamespaceOf(c *kube.Cluster, name string) Value {
	if name == "" {
		return Value{}
	}
	namespace, ok := c.Namespaces.Get("", name)
	if !ok {
		return Unknown()
	}
	return ObjectOf(c, kube.Namespaces, namespace)
}

// Creation is the request that would create an object.
func Creation(r kube.Resource, namespace, name string) admissionv1.AdmissionRequest {
	kind := metav1.GroupVersionKind{Group: r.Group, Version: r.Version, Kind: r.Kind}
	resource := metav1.GroupVersionResource{Group: r.Group, Version: r.Version, Resource: r.Plural}
	if r == kube.Namespaces {
		namespace = name // a request for a Namespace is one in it
	}
	return admissionv1.AdmissionRequest{
		Kind: kind, RequestKind: &kind, Resource: resource, RequestResource: &resource,
		Namespace: namespace, Name: name, Operation: admissionv1.Create, DryRun: new(false),
	}
}
