package rules_test

import (
	"bytes"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/api/apitesting/fuzzer"
	metafuzzer "k8s.io/apimachinery/pkg/apis/meta/fuzzer"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"

	"github.com/seaworthy-dev/seaworthy/audit/rules"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

// FuzzManifests holds that no text makes the reader of manifests or any rule
// panic.
func FuzzManifests(f *testing.F) {
	examples, err := filepath.Glob("*/testdata/*/*.yaml")
	if err != nil || len(examples) == 0 {
		f.Fatalf("there are no examples: %v", err)
	}
	for _, file := range examples {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	all := rules.All()
	f.Fuzz(func(t *testing.T, text []byte) {
		source := manifest.New([]string{manifest.Stdin}, manifest.Options{Stdin: bytes.NewReader(text)})
		c, err := kube.Load(t.Context(), source, nil)
		if err != nil {
			return // what cannot be read is not judged
		}
		score.Assess(c, all)
	})
}

// TestNoRulePanics judges clusters of objects that are filled in at random: every
// field may be there or not, whatever the others say.
func TestNoRulePanics(t *testing.T) {
	t.Parallel()
	all := rules.All()
	scheme := runtime.NewScheme()
	metav1.AddToGroupVersion(scheme, schema.GroupVersion{Version: "v1"}) // what is filled into ControllerRevisions
	for seed := range int64(25) {
		b := kube.NewBuilder(kube.Info{Name: "random", Version: "v1.37.1", Offline: seed%3 == 0})
		fill := fuzzer.FuzzerFor(metafuzzer.Funcs, rand.NewSource(seed), serializer.NewCodecFactory(scheme))
		for _, r := range append(kube.Resources(), kube.Measurements) {
			for i := range 3 {
				o := kube.NewObject(r)
				named, ok := o.(metav1.Object)
				if !ok {
					continue // samples of usage are no objects of the API
				}
				if custom, ok := o.(*unstructured.Unstructured); ok {
					custom.Object = map[string]any{"spec": shapeless(rand.New(rand.NewSource(seed+int64(i))), 4)}
				} else {
					fill.Fill(o)
				}
				named.SetName([]string{"web", "api", "jobs"}[i])
				named.SetNamespace("")
				if r.Namespaced {
					named.SetNamespace([]string{"shop", "default"}[i%2])
				}
				if err := b.Set(r, o); err != nil {
					t.Fatal(err)
				}
			}
		}
		if a := score.Assess(b.Build(time.Unix(1_700_000_000, 0)), all); a.Count() == 0 {
			t.Errorf("seed %d: nothing is found in a heap of random objects", seed)
		}
	}
}

// shapeless returns a JSON-like value that is nothing that a rule would expect.
func shapeless(r *rand.Rand, depth int) any {
	switch n := r.Intn(8); {
	case depth > 0 && n < 3:
		m := map[string]any{}
		for _, key := range []string{"rules", "backendRefs", "parentRefs", "listeners", "template", "spec", "selector", "targetRef", "name", "kind"} {
			if r.Intn(2) == 0 {
				m[key] = shapeless(r, depth-1)
			}
		}
		return m
	case depth > 0 && n < 5:
		return []any{shapeless(r, depth-1), shapeless(r, depth-1)}
	case n == 5:
		return int64(r.Intn(100))
	case n == 6:
		return nil
	}
	return fmt.Sprint("text", r.Intn(10))
}
