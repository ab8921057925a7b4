package podproto

import (
	"crypto/sha256"

	"google.golang.org/protobuf/encoding/protowire"
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// The fields of a PodSpec that have containers, and that of a Container which has
// its mounts.
const (
	containersField     protowire.Number = 2
	initContainersField protowire.Number = 20
	volumeMountsField   protowire.Number = 9
)

// heldContainer is a container, of which all but the mounts counts, and how many
// specs have it: a template and the spec of its pods differ in the mount of a
// token alone, and the proxy of a mesh is the same everywhere. It is part of the
// first spec that had it.
type heldContainer struct {
	container *corev1.Container
	specs     int
}

// hash is the content of an encoded message.
type hash = [sha256.Size]byte

// owner is what a pod spec is of: the names of the token volume are generated in
// pods alone.
type owner bool

const (
	ofPod      owner = true
	ofTemplate owner = false
)

// decodeSpec decodes a PodSpec whose parts are those of other specs where they are
// equal, and returns by what its containers are counted.
func (d *Decoder) decodeSpec(message []byte, of owner) (spec *corev1.PodSpec, counted []hash, err error) {
	var rest, usual []byte
	containers, initContainers := 0, 0
	err = each(message, func(number protowire.Number, whole, _ []byte) {
		switch {
		case number == containersField:
			containers++
		case number == initContainersField:
			initContainers++
		case isUsual(number):
			usual = append(usual, whole...)
		default:
			rest = append(rest, whole...)
		}
	})
	if err != nil {
		return nil, nil, err
	}
	base, err := d.usual(usual)
	if err != nil {
		return nil, nil, err
	}
	spec = new(*base)
	if err := spec.Unmarshal(rest); err != nil {
		return nil, nil, err
	}
	if err := d.shareSpec(spec); err != nil {
		return nil, nil, err
	}
	spec.Containers, spec.InitContainers = sized(containers), sized(initContainers)
	counted, err = d.decodeContainers(message, spec, of)
	if err != nil {
		d.releaseContainers(counted)
		return nil, nil, err
	}
	return spec, counted, nil
}

// sized returns room for n containers, nil for none.
func sized(n int) []corev1.Container {
	if n == 0 {
		return nil
	}
	return make([]corev1.Container, 0, n)
}

// decodeContainers decodes the containers of an encoded spec into spec, which has
// room for them, and returns by what they are counted, also where it fails.
func (d *Decoder) decodeContainers(message []byte, spec *corev1.PodSpec, of owner) (counted []hash, err error) {
	counted = make([]hash, 0, cap(spec.Containers)+cap(spec.InitContainers))
	failure := each(message, func(number protowire.Number, _, value []byte) {
		into := &spec.Containers
		switch {
		case err != nil:
			return
		case number == containersField:
		case number == initContainersField:
			into = &spec.InitContainers
		default:
			return
		}
		*into = append(*into, corev1.Container{})
		var h hash
		if h, err = d.decodeContainer(value, &(*into)[len(*into)-1], of); err == nil {
			counted = append(counted, h)
		}
	})
	if err == nil {
		err = failure
	}
	return counted, err
}

// decodeContainer decodes a container and counts one more spec that has it.
func (d *Decoder) decodeContainer(message []byte, into *corev1.Container, of owner) (hash, error) {
	rest, mounts := d.rest[:0], d.mounts[:0]
	err := each(message, func(number protowire.Number, whole, _ []byte) {
		if number == volumeMountsField {
			mounts = append(mounts, whole...)
		} else {
			rest = append(rest, whole...)
		}
	})
	d.rest, d.mounts = rest, mounts
	if err != nil {
		return hash{}, err
	}
	h := sha256.Sum256(rest)
	held := d.containers[h]
	if held == nil {
		if err := d.decodeWithoutMounts(rest, into); err != nil {
			return h, err
		}
		held = &heldContainer{container: into}
	} else {
		*into = *held.container
	}
	if into.VolumeMounts, err = d.volumeMounts(mounts, of); err != nil {
		return h, err
	}
	d.containers[h] = held
	held.specs++
	return h, nil
}

// volumeMounts returns the one copy of encoded mounts, which most containers have
// in common with others: nothing but the token, or a volume for temporary files.
func (d *Decoder) volumeMounts(encoded []byte, of owner) ([]corev1.VolumeMount, error) {
	if len(encoded) == 0 {
		return nil, nil
	}
	if of == ofTemplate {
		return part(d.parts.mounts, encoded, func(c *corev1.Container) []corev1.VolumeMount { return c.VolumeMounts })
	}
	maskTokenVolume(encoded)
	return part(d.parts.podMounts, encoded, func(c *corev1.Container) []corev1.VolumeMount {
		kube.Shareable(&corev1.PodSpec{Containers: []corev1.Container{*c}}) // before anybody shares them
		return c.VolumeMounts
	})
}

// part returns the one copy of a part of a container, decoded from all fields
// that make it up.
func part[T any](held map[string]T, encoded []byte, of func(*corev1.Container) T) (T, error) {
	if one, ok := held[string(encoded)]; ok {
		return one, nil
	}
	var c corev1.Container
	if err := c.Unmarshal(encoded); err != nil {
		var none T
		return none, err
	}
	one := of(&c)
	held[string(encoded)] = one
	return one, nil
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
