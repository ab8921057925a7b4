package podproto

import (
	corev1 "k8s.io/api/core/v1"
)

// parts holds once what many pod specs have by default or by habit: tolerations
// of nodes that fail, the volume of the API token, requests of round numbers. A
// decoded map of two quantities takes ten times as much as its encoding.
type parts struct {
	tolerations map[string][]corev1.Toleration
	projected   map[string]*corev1.ProjectedVolumeSource
	resources   map[string]corev1.ResourceRequirements
}

func newParts() parts {
	return parts{map[string][]corev1.Toleration{}, map[string]*corev1.ProjectedVolumeSource{}, map[string]corev1.ResourceRequirements{}}
}

func (p *parts) len() int { return len(p.tolerations) + len(p.projected) + len(p.resources) }

// shareSpec makes a pod spec without containers share its parts.
func (d *Decoder) shareSpec(s *corev1.PodSpec) error {
	s.RestartPolicy = corev1.RestartPolicy(d.one(string(s.RestartPolicy)))
	s.DNSPolicy = corev1.DNSPolicy(d.one(string(s.DNSPolicy)))
	s.SchedulerName, s.ServiceAccountName = d.one(s.SchedulerName), d.one(s.ServiceAccountName)
	s.DeprecatedServiceAccount = d.one(s.DeprecatedServiceAccount)
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
	if len(s.Tolerations) == 0 {
		return nil
	}
	encoded, err := (&corev1.PodSpec{Tolerations: s.Tolerations}).Marshal()
	if err != nil {
		return err
	}
	s.Tolerations = shared(d.parts.tolerations, encoded, s.Tolerations)
	return nil
}

// shareContainer makes a container share its parts.
func (d *Decoder) shareContainer(c *corev1.Container) error {
	c.TerminationMessagePath = d.one(c.TerminationMessagePath)
	c.TerminationMessagePolicy = corev1.TerminationMessagePolicy(d.one(string(c.TerminationMessagePolicy)))
	c.ImagePullPolicy = corev1.PullPolicy(d.one(string(c.ImagePullPolicy)))
	c.Name = d.one(c.Name)
	encoded, err := c.Resources.Marshal()
	if err != nil {
		return err
	}
	c.Resources = shared(d.parts.resources, encoded, c.Resources)
	return nil
}

// shared returns the one value of an encoding.
func shared[T any](held map[string]T, encoded []byte, value T) T {
	if one, ok := held[string(encoded)]; ok {
		return one
	}
	held[string(encoded)] = value
	return value
}
