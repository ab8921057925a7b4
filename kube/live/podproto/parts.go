package podproto

import (
	"google.golang.org/protobuf/encoding/protowire"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// parts holds once what many pod specs have by default or by habit: tolerations
// of nodes that fail, the volume of the API token, requests of round numbers. A
// decoded map of two quantities takes ten times as much as its encoding. All are
// found by their encoding.
type parts struct {
	usual           map[string]*corev1.PodSpec
	projected       map[string]*corev1.ProjectedVolumeSource
	resources       map[string]corev1.ResourceRequirements
	ports           map[string][]corev1.ContainerPort
	mounts          map[string][]corev1.VolumeMount // of templates
	podMounts       map[string][]corev1.VolumeMount // of pods, with the token under its one name
	probes          map[string]*corev1.Probe
	securityContext map[string]*corev1.SecurityContext
}

func newParts() parts {
	return parts{
		map[string]*corev1.PodSpec{},
		map[string]*corev1.ProjectedVolumeSource{},
		map[string]corev1.ResourceRequirements{},
		map[string][]corev1.ContainerPort{},
		map[string][]corev1.VolumeMount{},
		map[string][]corev1.VolumeMount{},
		map[string]*corev1.Probe{},
		map[string]*corev1.SecurityContext{},
	}
}

func (p *parts) len() int {
	return len(p.usual) + len(p.projected) + len(p.resources) + len(p.ports) + len(p.mounts) + len(p.podMounts) + len(p.probes) + len(p.securityContext)
}

// isUsual reports whether a field of a PodSpec says how the pod is run rather than
// what it is: most specs say one of a few things in all such fields together.
func isUsual(number protowire.Number) bool {
	switch number {
	case 3, 4, 6, 19, // restartPolicy, terminationGracePeriodSeconds, dnsPolicy, schedulerName
		7, 22, 24, 25, 31, // nodeSelector, tolerations, priorityClassName, priority, preemptionPolicy
		11, 12, 13, 14, 27, 36, 37, // hostNetwork, hostPID, hostIPC, securityContext, shareProcessNamespace, os, hostUsers
		15, 21, 29, 30: // imagePullSecrets, automountServiceAccountToken, runtimeClassName, enableServiceLinks
		return true
	default:
		return false
	}
}

// usual returns the one spec that has just the usual fields of an encoded spec.
func (d *Decoder) usual(encoded []byte) (*corev1.PodSpec, error) {
	if held := d.parts.usual[string(encoded)]; held != nil {
		return held, nil
	}
	key := string(encoded)
	spec := &corev1.PodSpec{}
	if err := spec.Unmarshal(encoded); err != nil {
		return nil, err
	}
	d.parts.usual[key] = spec
	return spec, nil
}

// shareSpec makes a pod spec without containers share its other parts.
func (d *Decoder) shareSpec(s *corev1.PodSpec) error {
	s.ServiceAccountName, s.DeprecatedServiceAccount = d.one(s.ServiceAccountName), d.one(s.DeprecatedServiceAccount)
	s.Volumes = trimmed(s.Volumes)
	for i := range s.TopologySpreadConstraints {
		d.selector(s.TopologySpreadConstraints[i].LabelSelector)
	}
	for i := range s.Volumes {
		v := &s.Volumes[i]
		if v.Projected == nil {
			continue
		}
		encoded, err := v.Projected.Marshal()
		if err != nil {
			return err
		}
		v.Projected = shared(d.parts.projected, encoded, v.Projected)
	}
	return nil
}

// selector makes a selector share its labels with those of the workload.
func (d *Decoder) selector(s *metav1.LabelSelector) {
	if s != nil {
		s.MatchLabels = d.same(s.MatchLabels)
	}
}

// The fields of a Container that are parts.
const (
	portsField           protowire.Number = 6
	resourcesField       protowire.Number = 8
	livenessProbeField   protowire.Number = 10
	readinessProbeField  protowire.Number = 11
	securityContextField protowire.Number = 15
	startupProbeField    protowire.Number = 22
)

// decodeWithoutMounts decodes a container that shares its parts.
func (d *Decoder) decodeWithoutMounts(message []byte, c *corev1.Container) error {
	var rest []byte
	found := map[protowire.Number][]byte{}
	err := each(message, func(number protowire.Number, whole, _ []byte) {
		switch number {
		case portsField, resourcesField, livenessProbeField, readinessProbeField, securityContextField, startupProbeField:
			found[number] = append(found[number], whole...)
		default:
			rest = append(rest, whole...)
		}
	})
	if err == nil {
		err = c.Unmarshal(rest)
	}
	if err != nil {
		return err
	}
	c.TerminationMessagePath = d.one(c.TerminationMessagePath)
	c.TerminationMessagePolicy = corev1.TerminationMessagePolicy(d.one(string(c.TerminationMessagePolicy)))
	c.ImagePullPolicy = corev1.PullPolicy(d.one(string(c.ImagePullPolicy)))
	c.Name = d.one(c.Name)
	for i := range c.Env {
		c.Env[i].Name = d.one(c.Env[i].Name)
	}
	c.Env, c.Command, c.Args = trimmed(c.Env), trimmed(c.Command), trimmed(c.Args)
	for number, encoded := range found {
		if err := d.decodePart(number, encoded, c); err != nil {
			return err
		}
	}
	return nil
}

// decodePart sets a part of a container.
func (d *Decoder) decodePart(number protowire.Number, encoded []byte, c *corev1.Container) (err error) {
	p := &d.parts
	switch number {
	case portsField:
		c.Ports, err = part(p.ports, encoded, func(c *corev1.Container) []corev1.ContainerPort { return c.Ports })
	case resourcesField:
		c.Resources, err = part(p.resources, encoded, func(c *corev1.Container) corev1.ResourceRequirements { return c.Resources })
	case livenessProbeField:
		c.LivenessProbe, err = part(p.probes, encoded, func(c *corev1.Container) *corev1.Probe { return c.LivenessProbe })
	case readinessProbeField:
		c.ReadinessProbe, err = part(p.probes, encoded, func(c *corev1.Container) *corev1.Probe { return c.ReadinessProbe })
	case startupProbeField:
		c.StartupProbe, err = part(p.probes, encoded, func(c *corev1.Container) *corev1.Probe { return c.StartupProbe })
	case securityContextField:
		c.SecurityContext, err = part(p.securityContext, encoded, func(c *corev1.Container) *corev1.SecurityContext { return c.SecurityContext })
	default: // no part
	}
	return err
}

// trimmed returns a slice without the room that decoding leaves: up to twice what
// is there.
func trimmed[T any](s []T) []T {
	if len(s) == cap(s) {
		return s
	}
	return append(make([]T, 0, len(s)), s...)
}

// shared returns the one value of an encoding.
func shared[T any](held map[string]T, encoded []byte, value T) T {
	if one, ok := held[string(encoded)]; ok {
		return one
	}
	held[string(encoded)] = value
	return value
}
