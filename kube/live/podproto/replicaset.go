package podproto

import (
	"crypto/sha256"
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// replicaSet decodes a ReplicaSet but for its pod spec, which stays as it is, and
// its managed fields: its controller is its manager.
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
			if err == nil {
				err = d.check(encoded)
			}
			set.Encoded = kube.EncodedPodSpecOf(encoded)
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

// check refuses a pod spec that cannot be decoded, before somebody takes it for
// an empty one.
func (d *Decoder) check(encoded []byte) error {
	content := sha256.Sum256(encoded)
	if d.checked[content] {
		return nil
	}
	if err := new(corev1.PodSpec).Unmarshal(encoded); err != nil {
		return err
	}
	d.checked[content] = true
	return nil
}
