package manifest_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

// TestObject gives the documents as they are written, and none that has values in it.
func TestObject(t *testing.T) {
	t.Parallel()
	const text = `# the shop
apiVersion: v1
kind: ServiceAccount
metadata: {name: web, namespace: shop} # its account
---
apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}}
  - apiVersion: v1
    kind: Secret
    metadata: {name: key, namespace: shop}
    stringData: {password: tomato}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
data: {password: tomato}
---
x: &secret {kind: Secret}
apiVersion: v1
<<: *secret
metadata: {name: merged, namespace: shop}
data: {password: dG9tYXRv}
---
apiVersion: v1
kind: Service
metadata: {name: other, namespace: shop, annotations: {from: '{"kind":"ConfigMap"}'}}
spec: {x: {kind: ConfigMap, name: settings}}
`
	source := manifest.New([]string{manifest.Stdin}, manifest.Options{Stdin: strings.NewReader(text)})
	if _, err := kube.Load(t.Context(), source, nil); err != nil {
		t.Fatal(err)
	}
	documents := strings.SplitAfter(text, "\n---")
	for ref, want := range map[kube.Ref]kube.Text{
		kube.ServiceAccounts.Ref("shop", "web"): {YAML: []byte(strings.TrimSuffix(documents[0], "---")), File: "-", Line: 1},
		kube.Services.Ref("shop", "web"):        {File: "-", Line: 5, Path: "items[0]", Withheld: "withheld"},
		kube.Secrets.Ref("shop", "key"):         {File: "-", Line: 5, Path: "items[1]", Withheld: "withheld"},
		kube.ConfigMaps.Ref("shop", "settings"): {File: "-", Line: 14, Withheld: "withheld"},
		kube.Secrets.Ref("shop", "merged"):      {File: "-", Line: 19, Withheld: "withheld"},
		kube.Services.Ref("shop", "other"):      {YAML: []byte("---" + documents[4]), File: "-", Line: 25},
	} {
		got, err := source.Object(t.Context(), ref)
		if err != nil {
			t.Errorf("%s: %v", ref, err)
			continue
		}
		if got.Withheld != "" {
			got.Withheld = "withheld"
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", ref, diff)
		}
	}
	if _, err := source.Object(t.Context(), kube.Pods.Ref("shop", "gone")); err == nil || !strings.Contains(err.Error(), "Pod shop/gone") {
		t.Errorf("an object that is not there: %v", err)
	}
}
