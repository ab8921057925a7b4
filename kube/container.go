package kube

import (
	"fmt"
	"iter"

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

// Container is one container of a pod spec and where it is written.
type Container struct {
	*corev1.Container
	Kind ContainerKind
	Path string // its field path in the object, "spec.template.spec.initContainers[1]"
}

// LongRunning reports whether the container runs as long as the pod: probes and
// ports mean something for it.
func (c Container) LongRunning() bool { return c.Kind == Main || c.Kind == Sidecar }

// Field returns the path of one of the container's fields.
func (c Container) Field(path string) string { return c.Path + "." + path }

// ContainersOf yields every container of a pod spec, init containers first,
// ephemeral ones last. Path is the spec's field path in its object.
func ContainersOf(spec *corev1.PodSpec, path string) iter.Seq[Container] {
	return func(yield func(Container) bool) {
		for i := range spec.InitContainers {
			c := Container{&spec.InitContainers[i], Init, fmt.Sprintf("%s.initContainers[%d]", path, i)}
			if c.RestartPolicy != nil && *c.RestartPolicy == corev1.ContainerRestartPolicyAlways {
				c.Kind = Sidecar
			}
			if !yield(c) {
				return
			}
		}
		for i := range spec.Containers {
			if !yield(Container{&spec.Containers[i], Main, fmt.Sprintf("%s.containers[%d]", path, i)}) {
				return
			}
		}
		for i := range spec.EphemeralContainers {
			c := corev1.Container(spec.EphemeralContainers[i].EphemeralContainerCommon)
			if !yield(Container{&c, Ephemeral, fmt.Sprintf("%s.ephemeralContainers[%d]", path, i)}) {
				return
			}
		}
	}
}
