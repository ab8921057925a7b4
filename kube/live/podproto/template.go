package podproto

import (
	"crypto/sha256"
	"fmt"
	"runtime"
	"weak"

	"google.golang.org/protobuf/encoding/protowire"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	api "k8s.io/apimachinery/pkg/runtime"
)

// The fields on the way to the pod spec of an object with a template: spec, then
// template (2 in a DaemonSet, 3 in the others), then spec.
const (
	specField     protowire.Number = 2
	templateField protowire.Number = 3
)

// hasTemplate reports whether templated decodes a kind of apps/v1.
func hasTemplate(kind string) bool {
	switch kind {
	case "ReplicaSet", "Deployment", "StatefulSet", "DaemonSet":
		return true
	}
	return false
}

// templated decodes an object of apps/v1 that has a pod template; nil if the kind
// is none. Its containers are those of its pods, but for their mounts; a
// ReplicaSet, of which there are many, has its pod spec encoded.
func (d *Decoder) templated(kind string, message []byte) (api.Object, error) {
	type typed interface {
		api.Object
		metav1.Object
		Unmarshal([]byte) error
	}
	var (
		o        typed
		into     *corev1.PodTemplateSpec
		selector **metav1.LabelSelector
		field    = templateField
	)
	switch kind {
	case "ReplicaSet":
		return d.replicaSet(message)
	case "Deployment":
		deployment := &appsv1.Deployment{}
		o, into, selector = deployment, &deployment.Spec.Template, &deployment.Spec.Selector
	case "StatefulSet":
		set := &appsv1.StatefulSet{}
		o, into, selector = set, &set.Spec.Template, &set.Spec.Selector
	case "DaemonSet":
		set := &appsv1.DaemonSet{}
		o, into, selector, field = set, &set.Spec.Template, &set.Spec.Selector, 2
	default:
		return nil, nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.bound()
	rest, encoded, err := excise(message, specField, field, specField)
	if err == nil {
		err = o.Unmarshal(rest)
	}
	if err == nil && encoded != nil {
		var spec *corev1.PodSpec
		var counted []hash
		if spec, counted, err = d.decodeSpec(encoded, ofTemplate); err == nil {
			into.Spec = *spec
			content := sha256.Sum256(encoded)
			d.templates[content] = weak.Make(&into.Spec)
			d.countedBy(o, content, counted)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("decoding %s %s/%s: %w", kind, o.GetNamespace(), o.GetName(), err)
	}
	d.selector(*selector)
	o.SetLabels(d.same(o.GetLabels()))
	into.Labels, into.Annotations = d.same(into.Labels), d.same(into.Annotations) // pods have them
	o.GetObjectKind().SetGroupVersionKind(appsv1.SchemeGroupVersion.WithKind(kind))
	return o, nil
}

// excise returns a message without the field at the end of a path, and that
// field; nil if it is not there.
func excise(message []byte, path ...protowire.Number) (rest, cut []byte, err error) {
	if len(path) == 1 {
		err = each(message, func(number protowire.Number, whole, value []byte) {
			if number == path[0] {
				cut = value
				return
			}
			rest = append(rest, whole...)
		})
		return rest, cut, err
	}
	rest, err = rewrite(message, path[0], func(inner []byte) (shorter []byte, err error) {
		shorter, cut, err = excise(inner, path[1:]...)
		return shorter, err
	})
	return rest, cut, err
}

// rewrite returns a message with another value of a field, if it is there.
func rewrite(message []byte, field protowire.Number, change func([]byte) ([]byte, error)) (out []byte, err error) {
	out = make([]byte, 0, len(message))
	failure := each(message, func(number protowire.Number, whole, value []byte) {
		if number != field || err != nil {
			out = append(out, whole...)
			return
		}
		var changed []byte
		if changed, err = change(value); err == nil {
			out = protowire.AppendBytes(protowire.AppendTag(out, field, protowire.BytesType), changed)
		}
	})
	if failure != nil {
		err = failure
	}
	return out, err
}

// each hands over each field of a message: all of it, and the value of strings and
// messages.
func each(message []byte, take func(number protowire.Number, whole, value []byte)) error {
	for len(message) > 0 {
		number, kind, n := protowire.ConsumeTag(message)
		if n < 0 {
			return protowire.ParseError(n)
		}
		size := protowire.ConsumeFieldValue(number, kind, message[n:])
		if size < 0 {
			return protowire.ParseError(size)
		}
		var value []byte
		if kind == protowire.BytesType {
			value, _ = protowire.ConsumeBytes(message[n:])
		}
		take(number, message[:n+size], value)
		message = message[n+size:]
	}
	return nil
}

// countedBy remembers the template of an object, and counts its containers, for as
// long as somebody has it.
func (d *Decoder) countedBy(o api.Object, content hash, counted []hash) {
	release := func(counted []hash) {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.releaseContainers(counted)
		if d.templates[content].Value() == nil {
			delete(d.templates, content)
		}
	}
	switch o := o.(type) {
	case *appsv1.Deployment:
		runtime.AddCleanup(o, release, counted)
	case *appsv1.StatefulSet:
		runtime.AddCleanup(o, release, counted)
	case *appsv1.DaemonSet:
		runtime.AddCleanup(o, release, counted)
	}
}
