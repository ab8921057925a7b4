package kube

import (
	"hash/maphash"
	"maps"
	"sync"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// mapSharing holds each distinct map of labels or annotations once. What belongs
// together in a cluster bears the same labels: a Deployment, its ReplicaSets, its
// Service and its pods.
type mapSharing struct {
	mu   sync.Mutex
	seed maphash.Seed
	held map[uint64]map[string]string
}

// mostMaps is how many maps are remembered; the next one starts anew. What is
// forgotten is held twice at the worst.
const mostMaps = 1 << 16

func newMapSharing() *mapSharing {
	return &mapSharing{seed: maphash.MakeSeed(), held: map[uint64]map[string]string{}}
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

// metadata shares the labels and annotations of an object.
func (s *mapSharing) metadata(m metav1.Object) {
	m.SetLabels(s.share(m.GetLabels()))
	m.SetAnnotations(s.share(m.GetAnnotations()))
}
