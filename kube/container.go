package kube

import (
	"iter"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// ContainerKind tells the lists of a pod spec apart, and native sidecars from
// the init containers among which they are listed.
type ContainerKind int

// The kinds of container. A sidecar is an init container with restartPolicy
// Always (KEP-753): it runs as long as the pod.
const (
	Main ContainerKind = iota
	Init
	Sidecar
	Ephemeral
)

// String returns "container", "init container", "sidecar" or "ephemeral container".
func (k ContainerKind) String() string {
	return [...]string{"container", "init container", "sidecar", "ephemeral container"}[k]
}

// Container is one container of a pod spec and where it is written. Its field
// path is put together only when it is asked for: most containers are looked at
// by every rule and named by few.
type Container struct {
	*corev1.Container
	Kind  ContainerKind
	spec  string // the field path of the pod spec
	index int    // in its list of the spec
}

// LongRunning reports whether the container runs as long as the pod: probes and
// ports mean something for it.
func (c Container) LongRunning() bool { return c.Kind == Main || c.Kind == Sidecar }

// Path returns the container's field path in the object:
// "spec.template.spec.initContainers[1]".
func (c Container) Path() string {
	return c.spec + "." + c.Kind.list() + "[" + strconv.Itoa(c.index) + "]"
}

// Field returns the path of one of the container's fields.
func (c Container) Field(path string) string {
	return c.spec + "." + c.Kind.list() + "[" + strconv.Itoa(c.index) + "]." + path
}

// list returns the field of a pod spec that has containers of a kind.
func (k ContainerKind) list() string {
	return [...]string{"containers", "initContainers", "initContainers", "ephemeralContainers"}[k]
}

// ContainersOf yields every container of a pod spec, init containers first,
// ephemeral ones last. Path is the spec's field path in its object.
func ContainersOf(spec *corev1.PodSpec, path string) iter.Seq[Container] {
	return func(yield func(Container) bool) {
		for i := range spec.InitContainers {
			c := Container{&spec.InitContainers[i], Init, path, i}
			if c.RestartPolicy != nil && *c.RestartPolicy == corev1.ContainerRestartPolicyAlways {
				c.Kind = Sidecar
			}
			if !yield(c) {
				return
			}
		}
		for i := range spec.Containers {
			if !yield(Container{&spec.Containers[i], Main, path, i}) {
				return
			}
		}
		for i := range spec.EphemeralContainers {
			// The two types have the same fields, so that nothing is copied.
			c := (*corev1.Container)(&spec.EphemeralContainers[i].EphemeralContainerCommon)
			if !yield(Container{c, Ephemeral, path, i}) {
				return
			}
		}
	}
}

// RepositoryOf returns the name of an image without its tag and digest: what is before
// them of "registry.example:5000/team/web:1.2@sha256:…" (github.com/distribution/reference).
func RepositoryOf(image string) string {
	named, _, _ := strings.Cut(image, "@")
	if colon := strings.LastIndexByte(named, ':'); colon > strings.LastIndexByte(named, '/') {
		return named[:colon]
	}
	return named
}
