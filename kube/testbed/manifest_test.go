package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestReadManifests(t *testing.T) {
	t.Parallel()
	const text = `# only a comment
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: last}
---
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: third}}
- {apiVersion: v1, kind: Namespace, metadata: {name: second}}
--- # with a comment
apiVersion: v1
kind: ConfigMap
metadata: {name: fourth}
data:
  text: |
    a
    ---
    b
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: first}
`
	folder := t.TempDir()
	for name, content := range map[string]string{"all.yaml": text, "KINDS.tsv": "not a manifest"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	manifests, err := readManifests([]string{"shop=" + folder}, "default")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range manifests {
		names = append(names, m.name())
		if m.namespace != "shop" || m.apiVersion() == "" {
			t.Errorf("%s has apiVersion %q, namespace %q", m.name(), m.apiVersion(), m.namespace)
		}
	}
	if want := []string{"first", "second", "third", "fourth", "last"}; !slices.Equal(names, want) {
		t.Fatalf("order %v, want %v", names, want)
	}
	if got := manifests[3].text("data", "text"); got != "a\n---\nb\n" {
		t.Errorf("the block scalar is %q", got)
	}
}

func TestReadManifestNamesTheFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "broken.yaml")
	if err := os.WriteFile(path, []byte("a: b\n---\na: [\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := readManifests([]string{path}, "default")
	if err == nil {
		t.Fatal("a broken file is read without an error")
	}
	if want := "reading manifest " + path + ", document 2: "; len(err.Error()) < len(want) || err.Error()[:len(want)] != want {
		t.Errorf("error %q, want it to begin with %q", err, want)
	}
}
