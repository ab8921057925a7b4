package live

import (
	"slices"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/seaworthy-dev/seaworthy/kube/live/podproto"
)

// podCodecs decodes pods that come as protobuf into what a view keeps of them,
// and all else as the codecs it wraps.
type podCodecs struct {
	runtime.NegotiatedSerializer
	pods *podproto.Decoder
}

// SupportedMediaTypes returns those of the codecs it wraps, of which protobuf
// opens the events of a watch in place.
func (c podCodecs) SupportedMediaTypes() []runtime.SerializerInfo {
	infos := slices.Clone(c.NegotiatedSerializer.SupportedMediaTypes())
	for i := range infos {
		if infos[i].MediaType == runtime.ContentTypeProtobuf && infos[i].StreamSerializer != nil {
			stream := *infos[i].StreamSerializer
			stream.Serializer = envelopes{stream.Serializer}
			infos[i].StreamSerializer = &stream
		}
	}
	return infos
}

// DecoderToVersion returns the decoder of a media type, which serializer stands
// for.
func (c podCodecs) DecoderToVersion(serializer runtime.Decoder, gv runtime.GroupVersioner) runtime.Decoder {
	next := c.NegotiatedSerializer.DecoderToVersion(serializer, gv)
	info, ok := runtime.SerializerInfoForMediaType(c.SupportedMediaTypes(), runtime.ContentTypeProtobuf)
	if !ok || info.Serializer != serializer {
		return next
	}
	return podDecoder{next, c.pods}
}

// podDecoder decodes pods and lists of them; other objects, such as the Status
// of an error, are for the decoder that it wraps.
type podDecoder struct {
	runtime.Decoder
	pods *podproto.Decoder
}

// Decode decodes an object; into is for the wrapped decoder alone.
func (d podDecoder) Decode(data []byte, defaults *schema.GroupVersionKind, into runtime.Object) (runtime.Object, *schema.GroupVersionKind, error) {
	if into != nil {
		return d.Decoder.Decode(data, defaults, into)
	}
	o, err := d.pods.Object(data)
	if o == nil && err == nil {
		return d.Decoder.Decode(data, defaults, into)
	}
	if err != nil {
		return nil, nil, err
	}
	kind := o.GetObjectKind().GroupVersionKind()
	return o, &kind, nil
}
