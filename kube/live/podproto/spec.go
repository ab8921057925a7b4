package podproto

import (
	"bytes"
	"crypto/sha256"
	"runtime"
	"weak"

	"google.golang.org/protobuf/encoding/protowire"
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// The fields of a PodSpec that are a pod's own.
const (
	nodeName protowire.Number = 10
	hostname protowire.Number = 16
)

// tokenVolume begins the encoded name of the volume that carries the API token,
// in a Volume and in a VolumeMount alike: field 1, 21 letters. The last five are
// random (names.SimpleNameGenerator).
const tokenVolume = "\x0a\x15kube-api-access-"

const suffix = 5

// spec returns the one copy of an encoded spec, and the node.
func (d *Decoder) spec(message []byte) (*corev1.PodSpec, string, error) {
	node := ""
	d.spare = d.spare[:0]
	rest := message
	for len(rest) > 0 {
		number, kind, n := protowire.ConsumeTag(rest)
		if n < 0 {
			return nil, "", protowire.ParseError(n)
		}
		size := protowire.ConsumeFieldValue(number, kind, rest[n:])
		if size < 0 {
			return nil, "", protowire.ParseError(size)
		}
		switch {
		case number == nodeName && kind == protowire.BytesType:
			value, _ := protowire.ConsumeBytes(rest[n:])
			node = d.text(value)
		case number == hostname:
		default:
			d.spare = append(d.spare, rest[:n+size]...)
		}
		rest = rest[n+size:]
	}
	maskTokenVolume(d.spare)
	content := sha256.Sum256(d.spare)
	if held := d.specs[content].Value(); held != nil {
		return held, node, nil
	}
	spec, counted, err := d.decodeSpec(message, ofPod)
	if err != nil {
		return nil, "", err
	}
	spec = kube.Shareable(spec)
	d.specs[content] = weak.Make(spec)
	runtime.AddCleanup(spec, func(counted []hash) { d.release(content, counted) }, counted)
	return spec, node, nil
}

// maskTokenVolume makes the generated names of the token volume equal.
func maskTokenVolume(spec []byte) {
	for {
		i := bytes.Index(spec, []byte(tokenVolume))
		if i < 0 || len(spec) < i+len(tokenVolume)+suffix {
			return
		}
		spec = spec[i+len(tokenVolume):]
		copy(spec, "-----")
	}
}

// release forgets a spec that nobody has any more.
func (d *Decoder) release(content hash, counted []hash) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.releaseContainers(counted)
	if d.specs[content].Value() == nil {
		delete(d.specs, content)
	}
}
