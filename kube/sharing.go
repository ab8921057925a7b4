package kube

import (
	"encoding/binary"
	"fmt"
	"hash/maphash"
	"maps"
	"slices"
	"strings"
	"sync"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// mapSharing holds each distinct map of labels or annotations once. What belongs
// together in a cluster bears the same labels: a Deployment, its ReplicaSets, its
// Service and its pods.
type mapSharing struct {
	mu   sync.Mutex
	seed maphash.Seed
	held map[uint64]map[string]string

	managed  map[string][]metav1.ManagedFieldsEntry // by what they say
	texts    map[string]string
	families distinct[Family]
	images   distinct[RunImage]
	statuses map[uint64]*PodSaid // by what they say

	replicaSets map[replicas]*appsv1.ReplicaSetStatus
}

// mostMaps is how many maps are remembered; the next one starts anew. What is
// forgotten is held twice at the worst.
const mostMaps = 1 << 16

func newMapSharing() *mapSharing {
	return &mapSharing{
		seed: maphash.MakeSeed(), held: map[uint64]map[string]string{}, managed: map[string][]metav1.ManagedFieldsEntry{},
		texts: map[string]string{}, families: distinct[Family]{}, images: distinct[RunImage]{}, statuses: map[uint64]*PodSaid{},
		replicaSets: map[replicas]*appsv1.ReplicaSetStatus{},
	}
}

// distinct holds each value once, by its hash.
type distinct[T comparable] map[uint64]*T

// one returns the one copy of a value, which nobody may change.
func (d distinct[T]) one(seed maphash.Seed, value T) *T {
	content := maphash.Comparable(seed, value)
	if held := d[content]; held != nil && *held == value {
		return held
	}
	if len(d) >= mostMaps {
		clear(d)
	}
	held := new(T)
	*held = value
	d[content] = held
	return held
}

// share returns the one map of a content, which nobody may change.
func (s *mapSharing) share(m map[string]string) map[string]string {
	if len(m) == 0 {
		return nil
	}
	content := uint64(len(m))
	for key, value := range m {
		// A sum, because a map has no order.
		content += maphash.String(s.seed, key)*31 + maphash.String(s.seed, value)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if held, ok := s.held[content]; ok && maps.Equal(held, m) {
		return held
	}
	if len(s.held) >= mostMaps {
		clear(s.held)
	}
	s.held[content] = m
	return m
}

// encodedTexts returns the one text that a map of labels or annotations is encoded as,
// "" for an empty one: it takes a third of the map, and is for those that are hardly
// ever looked at.
func (s *mapSharing) encodedTexts(m map[string]string) string {
	var encoded []byte
	for _, key := range slices.Sorted(maps.Keys(m)) {
		for _, text := range [...]string{key, m[key]} {
			encoded = append(binary.AppendUvarint(encoded, uint64(len(text))), text...)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text(string(encoded))
}

// decodedTexts returns the map that was encoded.
func decodedTexts(encoded string) map[string]string {
	next := func() string {
		size, n := binary.Uvarint([]byte(encoded[:min(len(encoded), binary.MaxVarintLen64)]))
		text := encoded[n : n+int(size)] //nolint:gosec // the length of a text
		encoded = encoded[n+int(size):]  //nolint:gosec // the length of a text
		return text
	}
	m := map[string]string{}
	for encoded != "" {
		key := next()
		m[key] = next()
	}
	return m
}

// metadata shares what an object is called, and its labels and annotations. What
// belongs together often has one name.
func (s *mapSharing) metadata(m metav1.Object) {
	s.mu.Lock()
	m.SetNamespace(s.text(m.GetNamespace()))
	m.SetName(s.text(m.GetName()))
	s.mu.Unlock()
	m.SetLabels(s.share(m.GetLabels()))
	m.SetAnnotations(s.share(m.GetAnnotations()))
	m.SetManagedFields(s.managers(m.GetManagedFields()))
}

// text returns the one copy of a text; mu is held.
func (s *mapSharing) text(text string) string {
	if text == "" {
		return ""
	}
	if held, ok := s.texts[text]; ok {
		return held
	}
	if len(s.texts) >= mostMaps {
		clear(s.texts)
	}
	s.texts[text] = text
	return text
}

// family returns the one copy of what an object has in common with those of its
// controller.
func (s *mapSharing) family(m metav1.Object) *Family {
	family := Family{m.GetNamespace(), controllerOf(m)}
	s.mu.Lock()
	defer s.mu.Unlock()
	family.Namespace = s.text(family.Namespace)
	return s.families.one(s.seed, family)
}

// selector shares the labels that a selector asks for.
func (s *mapSharing) selector(l *metav1.LabelSelector) {
	if l != nil {
		l.MatchLabels = s.share(l.MatchLabels)
	}
}

// template shares the labels and annotations of a pod template.
func (s *mapSharing) template(t *corev1.PodTemplateSpec) {
	t.Labels, t.Annotations = s.share(t.Labels), s.share(t.Annotations)
}

// spec shares the labels in what an object wants to be.
func (s *mapSharing) spec(o Object) {
	switch o := o.(type) {
	case *appsv1.Deployment:
		s.selector(o.Spec.Selector)
		s.template(&o.Spec.Template)
	case *appsv1.StatefulSet:
		s.selector(o.Spec.Selector)
		s.template(&o.Spec.Template)
	case *appsv1.DaemonSet:
		s.selector(o.Spec.Selector)
		s.template(&o.Spec.Template)
	case *corev1.Service:
		o.Spec.Selector = s.share(o.Spec.Selector)
	case *policyv1.PodDisruptionBudget:
		s.selector(o.Spec.Selector)
	}
}

// managers returns the one copy of who manages the fields of an object: those
// that were installed together say the same, to the second.
func (s *mapSharing) managers(entries []metav1.ManagedFieldsEntry) []metav1.ManagedFieldsEntry {
	if len(entries) == 0 {
		return nil
	}
	var key strings.Builder
	for i := range entries {
		e := &entries[i]
		fmt.Fprintf(&key, "%s\x00%s\x00%s\x00%s\x00", e.Manager, e.Operation, e.APIVersion, e.Subresource)
		if e.FieldsV1 != nil {
			key.Write(e.FieldsV1.GetRawBytes())
		}
		key.WriteByte(0)
		if e.Time != nil {
			fmt.Fprintf(&key, "%d", e.Time.Unix())
		}
		key.WriteByte(0)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if held, ok := s.managed[key.String()]; ok {
		return held
	}
	if len(s.managed) >= mostMaps {
		clear(s.managed)
	}
	s.managed[key.String()] = entries
	return entries
}
