package podproto

import (
	"crypto/sha256"
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// replicaSet decodes a ReplicaSet but for its managed fields (its controller is its
// manager) and its pod spec, which is that of a template that is held, or stays as it
// is.
func (d *Decoder) replicaSet(message []byte) (*kube.ReplicaSetOfSpec, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.bound()
	set := &kube.ReplicaSetOfSpec{ReplicaSet: &appsv1.ReplicaSet{}}
	err := walk(message, func(f field) error {
		switch f.number {
		case 1:
			return d.metadata(f.bytes, &set.ObjectMeta)
		case 2:
			rest, encoded, err := excise(f.bytes, templateField, specField)
			if err == nil {
				err = set.Spec.Unmarshal(rest)
			}
			if err != nil {
				return err
			}
			set.Encoded, err = d.encoded(encoded)
			return err
		case 3:
			return set.Status.Unmarshal(f.bytes)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("decoding %s: %w", kube.ReplicaSets.Ref(set.Namespace, set.Name), err)
	}
	set.SetGroupVersionKind(appsv1.SchemeGroupVersion.WithKind(kube.ReplicaSets.Kind))
	return set, nil
}

// encoded returns an encoded pod spec, of which nothing is kept if a template is held
// that has it too. It refuses one that cannot be decoded, before somebody takes it for
// an empty one.
func (d *Decoder) encoded(encoded []byte) (kube.EncodedPodSpec, error) {
	content := sha256.Sum256(encoded)
	if held := d.templates[content].Value(); held != nil {
		return kube.DecodedPodSpec(held), nil
	}
	if !d.checked[content] {
		if err := new(corev1.PodSpec).Unmarshal(encoded); err != nil {
			return kube.EncodedPodSpec{}, err
		}
		d.checked[content] = true
	}
	return kube.EncodedPodSpecOf(encoded), nil
}
