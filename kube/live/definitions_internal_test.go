package live

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/scheme"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// written returns a definition as a server sends it, with a schema of many fields.
func written(name string, fields int) string {
	properties := make([]string, fields)
	for i := range properties {
		properties[i] = fmt.Sprintf(`"field%d":{"type":"string","description":"%s"}`, i, strings.Repeat("what the field is for ", 6))
	}
	return fmt.Sprintf(`{"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
		"metadata":{"name":%q,"resourceVersion":"7","labels":{"app":"fleet"}},
		"spec":{"group":"example.com","scope":"Namespaced","names":{"plural":"boats","kind":"Boat"},
			"versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","properties":{%s}}}}]},
		"status":{"storedVersions":["v1"],"conditions":[{"type":"Established","status":"True","reason":"InitialNamesAccepted","message":"","lastTransitionTime":"2026-01-01T10:00:00Z"}]}}`,
		name, strings.Join(properties, ","))
}

func listed(definitions ...string) []byte {
	return []byte(`{"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinitionList",
		"metadata":{"resourceVersion":"9","continue":"next","remainingItemCount":5},"items":[` + strings.Join(definitions, ",") + `]}`)
}

func definitions() runtime.Decoder {
	info, _ := runtime.SerializerInfoForMediaType(scheme.Codecs.SupportedMediaTypes(), runtime.ContentTypeJSON)
	return definitionCodecs{scheme.Codecs.WithoutConversion()}.DecoderToVersion(info.Serializer, nil)
}

func TestDefinitionsAreDecodedWithoutSchemas(t *testing.T) {
	t.Parallel()
	decoded, kind, err := definitions().Decode(listed(written("boats.example.com", 9), written("ships.example.com", 9)), nil, nil)
	list, ok := decoded.(*unstructured.UnstructuredList)
	if err != nil || !ok || len(list.Items) != 2 || kind.Kind != "CustomResourceDefinitionList" {
		t.Fatalf("decoded as %T of kind %v: %v", decoded, kind, err)
	}
	if list.GetResourceVersion() != "9" || list.GetContinue() != "next" || *list.GetRemainingItemCount() != 5 {
		t.Errorf("the list says %v", list.Object)
	}
	one, _, err := definitions().Decode([]byte(written("boats.example.com", 9)), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range []runtime.Object{one, &list.Items[0]} {
		expectBoats(t, o)
	}
}

// expectBoats expects a definition of boats, as it was written but for its schema.
func expectBoats(t *testing.T, o runtime.Object) {
	t.Helper()
	held, ok := o.(*unstructured.Unstructured)
	if !ok || held.GetName() != "boats.example.com" || held.GetResourceVersion() != "7" || held.GetKind() != "CustomResourceDefinition" || held.GetLabels()["app"] != "fleet" {
		t.Errorf("decoded as %v", o)
		return
	}
	d, err := kube.Decode[kube.Definition](held)
	if err != nil || d.Spec.Names.Kind != "Boat" || !d.Spec.Versions[0].Storage || d.Status.Conditions[0].Type != "Established" {
		t.Errorf("decoded as %+v (%v)", d, err)
	}
	if text, _ := json.Marshal(held); strings.Contains(string(text), "what the field is for") {
		t.Errorf("with its schema: %s", text)
	}
}

// What else a server sends there is for the decoder of everything.
func TestDefinitionsAreNotAllThatIsDecoded(t *testing.T) {
	t.Parallel()
	refused, _, err := definitions().Decode([]byte(`{"apiVersion":"v1","kind":"Status","status":"Failure","code":403,"message":"no"}`), nil, nil)
	if s, ok := refused.(*metav1.Status); err != nil || !ok || s.Code != 403 {
		t.Errorf("a refusal is decoded as %v (%v)", refused, err)
	}
	for _, broken := range []string{`{`, `{"kind":"CustomResourceDefinition","spec":7}`, `{"kind":"CustomResourceDefinitionList","items":{}}`} {
		if o, _, err := definitions().Decode([]byte(broken), nil, nil); err == nil {
			t.Errorf("%s is decoded as %v", broken, o)
		}
	}
}

// BenchmarkDefinitions decodes a page whose definitions have schemas of 60 kB, as those of
// operators do, beside the same decoded whole.
func BenchmarkDefinitions(b *testing.B) {
	all := make([]string, definitionPage)
	for i := range all {
		all[i] = written(fmt.Sprintf("boats%d.example.com", i), 340)
	}
	data := listed(all...)
	decoders := map[string]runtime.Decoder{"lean": definitions(), "whole": unstructured.UnstructuredJSONScheme}
	for name, decoder := range decoders {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				if _, _, err := decoder.Decode(data, nil, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
