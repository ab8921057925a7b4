package podproto

import (
	"bytes"
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// magic begins every object in the API's protobuf encoding: the message after it
// is a runtime.Unknown, whose raw field is the object
// (k8s.io/apimachinery/pkg/runtime/serializer/protobuf).
const magic = "k8s\x00"

// List is a PodList.
type List struct {
	metav1.TypeMeta
	metav1.ListMeta

	Items []*kube.PodOfSpec
}

var _ runtime.Object = (*List)(nil)

// DeepCopyObject returns a list of its own with the same pods, which never
// change.
func (l *List) DeepCopyObject() runtime.Object {
	copied := *l
	copied.Items = append([]*kube.PodOfSpec(nil), l.Items...)
	return &copied
}

// Object decodes a v1 Pod, as a [kube.PodOfSpec], or a v1 PodList, as a [List],
// from the form in which an API server sends it; and a Deployment, ReplicaSet,
// StatefulSet or DaemonSet of apps/v1. It returns nil for anything else, which
// somebody else has to decode.
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
		return d.list(raw)
	}
	return nil, nil
}

func (d *Decoder) list(message []byte) (*List, error) {
	l := &List{TypeMeta: metav1.TypeMeta{APIVersion: corev1.SchemeGroupVersion.Version, Kind: "PodList"}}
	err := walk(message, func(f field) error {
		switch f.number {
		case 1:
			return l.ListMeta.Unmarshal(f.bytes)
		case 2:
			pod, err := d.Pod(f.bytes)
			l.Items = append(l.Items, pod)
			return err
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("decoding a list of pods: %w", err)
	}
	return l, nil
}
