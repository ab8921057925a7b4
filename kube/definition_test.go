package kube_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// boats is a definition as a server has it.
const boats = `{
	"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
	"metadata": {"name": "boats.example.com", "annotations": {"team": "fleet"}},
	"spec": {
		"group": "example.com", "scope": "Namespaced", "preserveUnknownFields": false,
		"names": {"plural": "boats", "singular": "boat", "kind": "Boat", "listKind": "BoatList", "shortNames": ["bo"], "categories": ["all"]},
		"conversion": {"strategy": "Webhook", "webhook": {
			"clientConfig": {"service": {"namespace": "fleet", "name": "converter", "path": "/convert", "port": 443}, "caBundle": "dG9tYXRv"},
			"conversionReviewVersions": ["v1"]}},
		"versions": [
			{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": {"type": "object", "description": "tomato"}}},
			{"name": "v1beta1", "served": true, "storage": false, "deprecated": true, "additionalPrinterColumns": [{"name": "tomato"}]}]},
	"status": {
		"acceptedNames": {"plural": "boats", "kind": "Boat"}, "storedVersions": ["v1"],
		"conditions": [{"type": "Established", "status": "True", "reason": "InitialNamesAccepted", "message": "fine", "lastTransitionTime": "2026-01-01T10:00:00Z"}]}}`

func TestDefinitionsAreLean(t *testing.T) {
	t.Parallel()
	o := &unstructured.Unstructured{}
	if err := json.Unmarshal([]byte(boats), &o.Object); err != nil {
		t.Fatal(err)
	}
	held, _ := build(t, object{kube.CustomResourceDefinitions, o}).Custom(kube.CustomResourceDefinitions).Get("", "boats.example.com")
	got, err := kube.Decode[kube.Definition](held)
	if err != nil {
		t.Fatal(err)
	}
	webhook := &kube.ConversionWebhook{}
	webhook.ClientConfig.Service = &kube.ConversionService{Namespace: "fleet", Name: "converter"}
	webhook.ClientConfig.CABundle = &kube.CABundle{Fault: "it is not PEM"}
	want := kube.Definition{
		Spec: kube.DefinitionSpec{
			Group: "example.com", Scope: "Namespaced", Conversion: &kube.Conversion{Strategy: "Webhook", Webhook: webhook},
			Names:    kube.DefinitionNames{Plural: "boats", Singular: "boat", Kind: "Boat", ListKind: "BoatList", ShortNames: []string{"bo"}, Categories: []string{"all"}},
			Versions: []kube.DefinitionVersion{{Name: "v1", Served: true, Storage: true}, {Name: "v1beta1", Served: true, Deprecated: true}},
		},
		Status: kube.DefinitionStatus{StoredVersions: []string{"v1"}, Conditions: []metav1.Condition{{
			Type: "Established", Status: "True", Reason: "InitialNamesAccepted", Message: "fine", LastTransitionTime: got.Status.Conditions[0].LastTransitionTime,
		}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the definition (-want +got):\n%s", diff)
	}
	text, err := json.Marshal(held)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "tomato") || strings.Contains(string(text), "dG9tYXRv") || held.GetAnnotations()["team"] != "fleet" {
		t.Errorf("held is %s", text)
	}
}

// What cannot be read is held all the same: that it is there is what most ask.
func TestDefinitionsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	o := custom(kube.CustomResourceDefinitions, "", "boats.example.com")
	o.Object["spec"] = map[string]any{"versions": "v1"}
	held, ok := build(t, object{kube.CustomResourceDefinitions, o}).Custom(kube.CustomResourceDefinitions).Get("", "boats.example.com")
	if !ok || held.GetKind() != "CustomResourceDefinition" || held.Object["spec"] != nil {
		t.Errorf("held is %v", held)
	}
}
