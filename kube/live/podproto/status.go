package podproto

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
)

// status decodes a PodStatus. Conditions are gathered where those of the pod before
// were: there are five of them, and a slice that grows to that takes thrice the memory.
func (d *Decoder) status(message []byte, s *corev1.PodStatus) error {
	d.conditions = d.conditions[:0]
	err := walk(message, func(f field) error {
		switch f.number {
		case 1:
			s.Phase = corev1.PodPhase(d.text(f.bytes))
		case 2:
			c, err := d.condition(f.bytes)
			d.conditions = append(d.conditions, c)
			return err
		case 3:
			s.Message = string(f.bytes)
		case 4:
			s.Reason = d.text(f.bytes)
		case 7:
			at, err := moment(f.bytes)
			s.StartTime = &at
			return err
		case 8:
			return d.containerStatus(f.bytes, &s.ContainerStatuses)
		case 10:
			return d.containerStatus(f.bytes, &s.InitContainerStatuses)
		case 11:
			s.NominatedNodeName = d.text(f.bytes)
		case 13:
			return d.containerStatus(f.bytes, &s.EphemeralContainerStatuses)
		}
		return nil
	})
	if len(d.conditions) > 0 {
		s.Conditions = slices.Clone(d.conditions)
	}
	return err
}

func (d *Decoder) condition(message []byte) (corev1.PodCondition, error) {
	var c corev1.PodCondition
	err := walk(message, func(f field) (err error) {
		switch f.number {
		case 1:
			c.Type = corev1.PodConditionType(d.text(f.bytes))
		case 2:
			c.Status = corev1.ConditionStatus(d.text(f.bytes))
		case 4:
			c.LastTransitionTime, err = moment(f.bytes)
		case 5:
			c.Reason = d.text(f.bytes)
		case 6:
			c.Message = d.text(f.bytes)
		}
		return err
	})
	return c, err
}

func (d *Decoder) containerStatus(message []byte, into *[]corev1.ContainerStatus) error {
	var s corev1.ContainerStatus
	err := walk(message, func(f field) (err error) {
		switch f.number {
		case 1:
			s.Name = d.text(f.bytes)
		case 2:
			s.State, err = d.state(f.bytes)
		case 3:
			s.LastTerminationState, err = d.state(f.bytes)
		case 4:
			s.Ready = f.value != 0
		case 5:
			s.RestartCount = int32(f.value) //nolint:gosec // an int32, encoded in 64 bits
		case 6:
			s.Image = d.text(f.bytes)
		case 7:
			s.ImageID = d.text(f.bytes)
		case 9:
			s.Started = new(f.value != 0)
		}
		return err
	})
	*into = append(*into, s)
	return err
}

func (d *Decoder) state(message []byte) (corev1.ContainerState, error) {
	var s corev1.ContainerState
	err := walk(message, func(f field) error {
		switch f.number {
		case 1:
			s.Waiting = &corev1.ContainerStateWaiting{}
			return walk(f.bytes, func(f field) error {
				switch f.number {
				case 1:
					s.Waiting.Reason = d.text(f.bytes)
				case 2:
					s.Waiting.Message = string(f.bytes)
				}
				return nil
			})
		case 2:
			s.Running = &corev1.ContainerStateRunning{}
			return walk(f.bytes, func(f field) (err error) {
				if f.number == 1 {
					s.Running.StartedAt, err = moment(f.bytes)
				}
				return err
			})
		case 3:
			s.Terminated = &corev1.ContainerStateTerminated{}
			return d.terminated(f.bytes, s.Terminated)
		}
		return nil
	})
	return s, err
}

func (d *Decoder) terminated(message []byte, t *corev1.ContainerStateTerminated) error {
	return walk(message, func(f field) (err error) {
		switch f.number {
		case 1:
			t.ExitCode = int32(f.value) //nolint:gosec // an int32, encoded in 64 bits
		case 2:
			t.Signal = int32(f.value) //nolint:gosec // an int32, encoded in 64 bits
		case 3:
			t.Reason = d.text(f.bytes)
		case 4:
			t.Message = string(f.bytes)
		case 5:
			t.StartedAt, err = moment(f.bytes)
		case 6:
			t.FinishedAt, err = moment(f.bytes)
		}
		return err
	})
}
