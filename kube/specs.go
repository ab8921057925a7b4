package kube

import (
	"crypto/sha256"
	"runtime"
	"strings"
	"sync"
	"weak"

	corev1 "k8s.io/api/core/v1"
)

// tokenVolume is how the ServiceAccount admission plugin names the volume that
// carries the API token; it appends a random suffix for each pod.
const tokenVolume = "kube-api-access-"

// specs holds each distinct pod spec once. It holds them weakly: a spec that no
// pod of any view has any more is collected, without counting references.
type specs struct {
	mu     sync.Mutex
	byHash map[[sha256.Size]byte]weak.Pointer[corev1.PodSpec]
}

func newSpecs() *specs {
	return &specs{byHash: map[[sha256.Size]byte]weak.Pointer[corev1.PodSpec]{}}
}

// PodOfSpec is a pod without its spec, which is held once for all pods that have
// it: [Shareable] has been applied to it. Nobody changes its labels, annotations
// and owners.
type PodOfSpec struct {
	*corev1.Pod
	Shared *corev1.PodSpec
}

// Shareable makes the specs of replicas equal: it drops where a pod was put and
// what was generated for it alone. It changes the spec and returns it.
func Shareable(spec *corev1.PodSpec) *corev1.PodSpec {
	spec.NodeName = ""
	spec.Hostname = ""
	for i := range spec.Volumes {
		if v := &spec.Volumes[i]; v.Projected != nil && strings.HasPrefix(v.Name, tokenVolume) {
			v.Name = strings.TrimSuffix(tokenVolume, "-")
		}
	}
	for _, c := range [][]corev1.Container{spec.InitContainers, spec.Containers} {
		for i := range c {
			for j := range c[i].VolumeMounts {
				if m := &c[i].VolumeMounts[j]; strings.HasPrefix(m.Name, tokenVolume) {
					m.Name = strings.TrimSuffix(tokenVolume, "-")
				}
			}
		}
	}
	return spec
}

// share returns the one copy of a spec.
func (s *specs) share(spec *corev1.PodSpec) *corev1.PodSpec {
	encoded, err := spec.Marshal()
	if err != nil {
		return spec // a spec that cannot be encoded is kept by itself
	}
	hash := sha256.Sum256(encoded)
	s.mu.Lock()
	defer s.mu.Unlock()
	if held := s.byHash[hash].Value(); held != nil {
		return held
	}
	s.byHash[hash] = weak.Make(spec)
	runtime.AddCleanup(spec, s.forget, hash)
	return spec
}

func (s *specs) forget(hash [sha256.Size]byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byHash[hash].Value() == nil {
		delete(s.byHash, hash)
	}
}
