package podproto

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// magic begins every object in the API's protobuf encoding: the message after it
// is a runtime.Unknown, whose raw field is the object
// (k8s.io/apimachinery/pkg/runtime/serializer/protobuf).
const magic = "k8s\x00"

// List is a page of pods, as [kube.PodOfSpec], or of objects with a template.
type List struct {
	metav1.TypeMeta
	metav1.ListMeta

	Items []runtime.Object
}

var _ runtime.Object = (*List)(nil)

// DeepCopyObject returns a list of its own with the same objects, which never
// change.
func (l *List) DeepCopyObject() runtime.Object {
	copied := *l
	copied.Items = slices.Clone(l.Items)
	return &copied
}

// Object decodes a v1 Pod, as a [kube.PodOfSpec], or a v1 PodList, as a [List],
// from the form in which an API server sends it; and a Deployment, ReplicaSet,
// StatefulSet or DaemonSet of apps/v1, or a list of them. It returns nil for
// anything else, which somebody else has to decode.
func (d *Decoder) Object(data []byte) (runtime.Object, error) {
	message, ok := bytes.CutPrefix(data, []byte(magic))
	if !ok {
		return nil, nil
	}
	var version, kind string
	var raw []byte
	err := walk(message, func(f field) error {
		switch f.number {
		case 1:
			return walk(f.bytes, func(f field) error {
				switch f.number {
				case 1:
					version = string(f.bytes)
				case 2:
					kind = string(f.bytes)
				}
				return nil
			})
		case 2:
			raw = f.bytes
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, fmt.Errorf("decoding an object: %w", err)
	case version == appsv1.SchemeGroupVersion.String():
		if item, ok := strings.CutSuffix(kind, "List"); ok && hasTemplate(item) {
			return list(version, kind, raw, func(message []byte) (runtime.Object, error) { return d.templated(item, message) })
		}
		return d.templated(kind, raw)
	case version != "v1":
		return nil, nil
	case kind == kube.Pods.Kind:
		pod, err := d.Pod(raw)
		if err != nil {
			return nil, err
		}
		pod.TypeMeta = metav1.TypeMeta{APIVersion: version, Kind: kind}
		return pod, nil
	case kind == "PodList":
		return list(version, kind, raw, func(message []byte) (runtime.Object, error) { return d.Pod(message) })
	}
	return nil, nil
}

// list decodes a page item by item: all of its messages are there at once, but
// only one object is more than what a view keeps.
func list(version, kind string, message []byte, decode func([]byte) (runtime.Object, error)) (*List, error) {
	l := &List{TypeMeta: metav1.TypeMeta{APIVersion: version, Kind: kind}}
	err := walk(message, func(f field) error {
		switch f.number {
		case 1:
			return l.ListMeta.Unmarshal(f.bytes)
		case 2:
			item, err := decode(f.bytes)
			if err != nil {
				return err
			}
			l.Items = append(l.Items, item)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("decoding a %s: %w", kind, err)
	}
	return l, nil
}
