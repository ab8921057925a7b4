package podproto

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// metadata decodes an ObjectMeta (apis/meta/v1/generated.proto).
func (d *Decoder) metadata(message []byte, m *metav1.ObjectMeta) error {
	var labels, annotations [][]byte
	var owners [][]byte
	err := walk(message, func(f field) error {
		switch f.number {
		case 1:
			m.Name = string(f.bytes)
		case 3:
			m.Namespace = d.text(f.bytes)
		case 5:
			m.UID = types.UID(f.bytes)
		case 6:
			m.ResourceVersion = string(f.bytes)
		case 8:
			t, err := moment(f.bytes)
			m.CreationTimestamp = t
			return err
		case 9:
			t, err := moment(f.bytes)
			m.DeletionTimestamp = &t
			return err
		case 11:
			labels = append(labels, f.bytes)
		case 12:
			annotations = append(annotations, f.bytes)
		case 13:
			owners = append(owners, f.bytes)
		case 14:
			m.Finalizers = append(m.Finalizers, d.text(f.bytes))
		}
		return nil
	})
	if err != nil {
		return err
	}
	if m.Labels, err = d.stringMap(labels, func(string) bool { return true }); err != nil {
		return err
	}
	if m.Annotations, err = d.stringMap(annotations, kube.KeepsAnnotation); err != nil {
		return err
	}
	m.OwnerReferences, err = d.ownerReferences(owners)
	return err
}

// key joins encoded parts into what they are looked up by.
func (d *Decoder) key(parts [][]byte) []byte {
	d.spare = d.spare[:0]
	for _, p := range parts {
		d.spare = append(d.spare, byte(len(p)), byte(len(p)>>8), byte(len(p)>>16))
		d.spare = append(d.spare, p...)
	}
	return d.spare
}

// stringMap decodes the entries of a map, nil if there are none.
func (d *Decoder) stringMap(entries [][]byte, keep func(key string) bool) (map[string]string, error) {
	if len(entries) == 0 {
		return nil, nil
	}
	key := d.key(entries)
	if held, ok := d.pairs[string(key)]; ok {
		return held, nil
	}
	encoded := string(key)
	m := make(map[string]string, len(entries))
	for _, e := range entries {
		k, v, err := entry(e)
		if err != nil {
			return nil, err
		}
		if name := d.text(k); keep(name) {
			m[name] = d.text(v)
		}
	}
	m = d.same(m)
	d.pairs[encoded] = m
	return m, nil
}

// ownerReferences decodes references to owners.
func (d *Decoder) ownerReferences(encoded [][]byte) ([]metav1.OwnerReference, error) {
	if len(encoded) == 0 {
		return nil, nil
	}
	key := d.key(encoded)
	if held, ok := d.owners[string(key)]; ok {
		return held, nil
	}
	name := string(key)
	references := make([]metav1.OwnerReference, len(encoded))
	for i, message := range encoded {
		r := &references[i]
		err := walk(message, func(f field) error {
			switch f.number {
			case 1:
				r.Kind = d.text(f.bytes)
			case 3:
				r.Name = d.text(f.bytes)
			case 5:
				r.APIVersion = d.text(f.bytes)
			case 6:
				r.Controller = new(f.value != 0)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	d.owners[name] = references
	return references, nil
}
