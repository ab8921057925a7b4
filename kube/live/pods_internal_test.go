package live

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/scheme"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/live/podproto"
)

// What a client decodes pods with decides how much memory a cluster takes.
func TestPodsAreDecodedIntoWhatIsKept(t *testing.T) {
	t.Parallel()
	codecs := podCodecs{scheme.Codecs.WithoutConversion(), podproto.NewDecoder()}
	pod := &corev1.Pod{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"}, ObjectMeta: metav1.ObjectMeta{Name: "web"}}
	list := &corev1.PodList{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "PodList"}, Items: []corev1.Pod{*pod}}
	service := &corev1.Service{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Service"}}
	for _, test := range []struct {
		name      string
		mediaType string
		sent      runtime.Object
		into      runtime.Object
		is        func(runtime.Object) bool
	}{
		{"pod", runtime.ContentTypeProtobuf, pod, nil, is[*kube.PodOfSpec]},
		{"page", runtime.ContentTypeProtobuf, list, nil, is[*podproto.List]},
		{"other kind", runtime.ContentTypeProtobuf, service, nil, is[*corev1.Service]},
		{"into", runtime.ContentTypeProtobuf, pod, &corev1.Pod{}, is[*corev1.Pod]},
		{"JSON", runtime.ContentTypeJSON, pod, nil, is[*corev1.Pod]},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			info, ok := runtime.SerializerInfoForMediaType(codecs.SupportedMediaTypes(), test.mediaType)
			if !ok {
				t.Fatalf("nothing decodes %s", test.mediaType)
			}
			sent, err := runtime.Encode(info.Serializer, test.sent)
			if err != nil {
				t.Fatal(err)
			}
			got, kind, err := codecs.DecoderToVersion(info.Serializer, nil).Decode(sent, nil, test.into)
			if err != nil {
				t.Fatal(err)
			}
			if !test.is(got) || kind.Kind != test.sent.GetObjectKind().GroupVersionKind().Kind {
				t.Errorf("decoded as %T of kind %s", got, kind.Kind)
			}
		})
	}
}

// An event says the same whoever opens it, and one that is cut short is refused.
func TestEnvelopes(t *testing.T) {
	t.Parallel()
	codecs := podCodecs{scheme.Codecs.WithoutConversion(), podproto.NewDecoder()}
	info, _ := runtime.SerializerInfoForMediaType(codecs.SupportedMediaTypes(), runtime.ContentTypeProtobuf)
	plain, _ := runtime.SerializerInfoForMediaType(codecs.NegotiatedSerializer.SupportedMediaTypes(), runtime.ContentTypeProtobuf)
	for _, sent := range []metav1.WatchEvent{
		{Type: "ADDED", Object: runtime.RawExtension{Raw: []byte("k8s\x00 and more")}},
		{Type: "BOOKMARK", Object: runtime.RawExtension{Raw: []byte{0}}},
		{Type: "", Object: runtime.RawExtension{Raw: []byte("nameless")}},
		{Type: "DELETED"},
	} {
		data, err := sent.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		for cut := range len(data) + 1 {
			var want, got metav1.WatchEvent
			_, _, wantErr := plain.StreamSerializer.Decode(data[:cut], nil, &want)
			_, _, gotErr := info.StreamSerializer.Decode(data[:cut], nil, &got)
			if (wantErr == nil) != (gotErr == nil) || wantErr == nil && (want.Type != got.Type || string(want.Object.Raw) != string(got.Object.Raw)) {
				t.Errorf("%q cut to %d bytes: %+v (%v), want %+v (%v)", sent.Type, cut, got, gotErr, want, wantErr)
			}
		}
	}
}

func is[T runtime.Object](o runtime.Object) bool {
	_, ok := o.(T)
	return ok
}
