package podproto

import (
	"bytes"
	"crypto/sha256"

	"google.golang.org/protobuf/encoding/protowire"
	corev1 "k8s.io/api/core/v1"
)

// The fields of a PodSpec that have containers, and that of a Container which has
// its mounts.
const (
	containersField     protowire.Number = 2
	initContainersField protowire.Number = 20
	volumeMountsField   protowire.Number = 9
)

// heldContainer is a container without its mounts, and how many specs have it: a
// template and the spec of its pods differ in the mount of a token alone, and the
// proxy of a mesh is the same everywhere.
type heldContainer struct {
	container *corev1.Container
	specs     int
}

// hash is the content of an encoded message.
type hash = [sha256.Size]byte

// decodeSpec decodes a PodSpec whose containers share what they can with those of
// other specs, and returns by what they are counted.
func (d *Decoder) decodeSpec(message []byte) (spec *corev1.PodSpec, counted []hash, err error) {
	var rest []byte
	var containers, initContainers []corev1.Container
	err = each(message, func(number protowire.Number, whole, value []byte) {
		if err != nil {
			return
		}
		into := &containers
		switch number {
		case containersField:
		case initContainersField:
			into = &initContainers
		default:
			rest = append(rest, whole...)
			return
		}
		c, h, failure := d.decodeContainer(value)
		if failure != nil {
			err = failure
			return
		}
		*into, counted = append(*into, c), append(counted, h)
	})
	spec = &corev1.PodSpec{}
	if err == nil {
		err = spec.Unmarshal(rest)
	}
	if err == nil {
		err = d.shareSpec(spec)
	}
	if err != nil {
		d.releaseContainers(counted)
		return nil, nil, err
	}
	spec.Containers, spec.InitContainers = containers, initContainers
	return spec, counted, nil
}

// decodeContainer decodes a container and counts one more spec that has it.
func (d *Decoder) decodeContainer(message []byte) (corev1.Container, hash, error) {
	var rest, mounts []byte
	err := each(message, func(number protowire.Number, whole, _ []byte) {
		if number == volumeMountsField {
			mounts = append(mounts, whole...)
		} else {
			rest = append(rest, whole...)
		}
	})
	if err != nil {
		return corev1.Container{}, hash{}, err
	}
	h := sha256.Sum256(rest)
	held := d.containers[h]
	if held == nil {
		held = &heldContainer{container: &corev1.Container{}}
		if err := held.container.Unmarshal(rest); err != nil {
			return corev1.Container{}, h, err
		}
		if err := d.shareContainer(held.container); err != nil {
			return corev1.Container{}, h, err
		}
		d.containers[h] = held
	}
	c := *held.container
	if len(mounts) > 0 {
		var mounted corev1.Container
		if err := mounted.Unmarshal(bytes.Clone(mounts)); err != nil {
			return c, h, err
		}
		c.VolumeMounts = mounted.VolumeMounts
	}
	held.specs++
	return c, h, nil
}

// releaseContainers counts one spec less for each container.
func (d *Decoder) releaseContainers(counted []hash) {
	for _, h := range counted {
		if held := d.containers[h]; held != nil {
			if held.specs--; held.specs <= 0 {
				delete(d.containers, h)
			}
		}
	}
}
