package fleet

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Key returns the key under which an API server stores an object in etcd: most
// resources have their own name in it, some an older one
// (k8s.io/kubernetes/pkg/registry and pkg/kubeapiserver/default_storage_factory_builder.go).
func Key(r kube.Resource, o kube.Object) string {
	folder := r.Plural
	switch r {
	case kube.Nodes:
		folder = "minions"
	case kube.Services:
		folder = "services/specs"
	case kube.ReplicationControllers:
		folder = "controllers"
	case kube.Ingresses:
		folder = "ingress"
	}
	if r.Namespaced {
		return "/registry/" + folder + "/" + o.GetNamespace() + "/" + o.GetName()
	}
	return "/registry/" + folder + "/" + o.GetName()
}

// Stored returns an object as an API server stores it: in protobuf, after four
// bytes that say so.
func Stored(r kube.Resource, o Object) ([]byte, error) {
	raw, err := o.Marshal()
	if err != nil {
		return nil, fmt.Errorf("encoding %s %s/%s: %w", r, o.GetNamespace(), o.GetName(), err)
	}
	version := r.Version
	if r.Group != "" {
		version = r.Group + "/" + r.Version
	}
	unknown := runtime.Unknown{TypeMeta: runtime.TypeMeta{APIVersion: version, Kind: r.Kind}, Raw: raw}
	encoded, err := unknown.Marshal()
	if err != nil {
		return nil, fmt.Errorf("encoding %s %s/%s: %w", r, o.GetNamespace(), o.GetName(), err)
	}
	return append([]byte("k8s\x00"), encoded...), nil
}

// WriteTo writes every object as "testbed fill" reads it: the length of its key,
// the key, the length of its value, the value, lengths as in
// [binary.AppendUvarint].
func (f Fleet) WriteTo(w io.Writer) (int64, error) {
	out, size := bufio.NewWriterSize(w, 1<<20), int64(0)
	for r, o := range f.Objects() {
		n, err := WriteObject(out, r, o)
		size += n
		if err != nil {
			return size, err
		}
	}
	return size, out.Flush()
}

// WriteObject writes one object as WriteTo does.
func WriteObject(w io.Writer, r kube.Resource, o Object) (int64, error) {
	value, err := Stored(r, o)
	if err != nil {
		return 0, err
	}
	key := Key(r, o)
	frame := binary.AppendUvarint(nil, uint64(len(key)))
	frame = append(frame, key...)
	frame = binary.AppendUvarint(frame, uint64(len(value)))
	n, err := w.Write(append(frame, value...))
	if err != nil {
		return int64(n), fmt.Errorf("writing %s: %w", key, err)
	}
	return int64(n), nil
}
