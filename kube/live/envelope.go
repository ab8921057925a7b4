package live

import (
	"google.golang.org/protobuf/encoding/protowire"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// envelopes decodes the events of a watch that come as protobuf, without a copy
// of the object in them, which is a third of all memory that reading a cluster
// would ask for. The object is in the buffer of the stream: whoever decodes it
// has done so before the next event is read (k8s.io/client-go/rest/watch).
type envelopes struct{ runtime.Serializer }

// Decode decodes one event; what is none is for the serializer that it wraps.
func (e envelopes) Decode(data []byte, defaults *schema.GroupVersionKind, into runtime.Object) (runtime.Object, *schema.GroupVersionKind, error) {
	event, ok := into.(*metav1.WatchEvent)
	if !ok {
		return e.Serializer.Decode(data, defaults, into)
	}
	kind, object, ok := opened(data)
	if !ok {
		return e.Serializer.Decode(data, defaults, into)
	}
	event.Type, event.Object.Raw = kind, object
	return event, &schema.GroupVersionKind{}, nil
}

// opened returns what is in the event of a watch: its type (field 1), and the
// object's bytes (field 1 of field 2; apis/meta/v1/generated.proto). It reports
// false for anything that looks otherwise.
func opened(data []byte) (kind string, object []byte, ok bool) {
	for len(data) > 0 {
		number, value, n := consumeBytes(data)
		if n < 0 {
			return "", nil, false
		}
		data = data[n:]
		if number == 1 {
			kind = string(value)
		}
		if number == 2 {
			inner, raw, n := consumeBytes(value)
			if n != len(value) || inner != 1 {
				return "", nil, false
			}
			object = raw
		}
	}
	return kind, object, kind != "" && object != nil
}

// consumeBytes reads a field that has bytes; n is negative for any other.
func consumeBytes(data []byte) (number protowire.Number, value []byte, n int) {
	number, kind, n := protowire.ConsumeTag(data)
	if n < 0 || kind != protowire.BytesType {
		return 0, nil, -1
	}
	value, m := protowire.ConsumeBytes(data[n:])
	if m < 0 {
		return 0, nil, -1
	}
	return number, value, n + m
}
