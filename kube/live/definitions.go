package live

import (
	"encoding/json"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// definitionPage is how many CustomResourceDefinitions are asked for at once. They are
// listed and not streamed: a server compresses lists (k8s.io/apiserver
// pkg/endpoints/handlers/responsewriters), which leaves a tenth of what is mostly prose.
const definitionPage = 50

// definitionCodecs decodes CustomResourceDefinitions that come as JSON without their
// schemas, and all else as the codecs it wraps.
type definitionCodecs struct{ runtime.NegotiatedSerializer }

// DecoderToVersion returns the decoder of a media type, which serializer stands for.
func (c definitionCodecs) DecoderToVersion(serializer runtime.Decoder, gv runtime.GroupVersioner) runtime.Decoder {
	return definitionDecoder{c.NegotiatedSerializer.DecoderToVersion(serializer, gv)}
}

// definitionDecoder passes over the schemas: what becomes of them is never in memory but
// as the bytes of the answer.
type definitionDecoder struct{ runtime.Decoder }

// definition is a CustomResourceDefinition as far as it is read.
type definition struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`
	kube.Definition   `json:",inline"`
}

// Decode decodes an object; into is for the wrapped decoder alone.
func (d definitionDecoder) Decode(data []byte, defaults *schema.GroupVersionKind, into runtime.Object) (runtime.Object, *schema.GroupVersionKind, error) {
	if into != nil {
		return d.Decoder.Decode(data, defaults, into)
	}
	var kind metav1.TypeMeta
	if err := json.Unmarshal(data, &kind); err != nil {
		return nil, nil, fmt.Errorf("decoding %s: %w", kube.CustomResourceDefinitions, err)
	}
	var o runtime.Object
	var err error
	switch kind.Kind {
	case kube.CustomResourceDefinitions.Kind:
		o, err = decodeDefinition(data)
	case kube.CustomResourceDefinitions.Kind + "List":
		o, err = decodeDefinitions(data)
	default:
		return d.Decoder.Decode(data, defaults, into)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("decoding a %s: %w", kind.Kind, err)
	}
	return o, new(kind.GroupVersionKind()), nil
}

func decodeDefinition(data []byte) (*unstructured.Unstructured, error) {
	var one definition
	if err := json.Unmarshal(data, &one); err != nil {
		return nil, err
	}
	return one.lean()
}

func decodeDefinitions(data []byte) (*unstructured.UnstructuredList, error) {
	var read struct {
		metav1.ListMeta `json:"metadata"`
		Items           []definition `json:"items"`
	}
	if err := json.Unmarshal(data, &read); err != nil {
		return nil, err
	}
	list := &unstructured.UnstructuredList{Items: make([]unstructured.Unstructured, 0, len(read.Items))}
	list.SetResourceVersion(read.ResourceVersion)
	list.SetContinue(read.Continue)
	list.SetRemainingItemCount(read.RemainingItemCount)
	for i := range read.Items {
		o, err := read.Items[i].lean()
		if err != nil {
			return nil, err
		}
		list.Items = append(list.Items, *o)
	}
	return list, nil
}

// lean returns the definition in the form in which a view holds it.
func (d *definition) lean() (*unstructured.Unstructured, error) {
	fields, err := runtime.DefaultUnstructuredConverter.ToUnstructured(d)
	if err != nil {
		return nil, fmt.Errorf("keeping %s: %w", d.Name, err)
	}
	return &unstructured.Unstructured{Object: fields}, nil
}
