package document_test

import (
	"testing"

	"github.com/seaworthy-dev/seaworthy/kube/document"
)

const nested = `# a pod
kind: Pod
metadata: {name: p,
  labels: {app: x}}
spec:

  containers:
  # first
  - name: a
    ports:
      - containerPort: 1
      -
        containerPort: 2
  - &b
    name: b
    resources: {}
  - *b
  - <<: *b
    image: c
  initContainers: []
items:
- kind: List
  items:
  - kind: Pod
    metadata:
      name: inner
base: &base
  x: 1
  y: &y {z: 1}
one: {<<: *base, x: 2}
two:
  <<: [{x: 3}, *base]
alias: *base
"quoted.key":
  ? long
  : 1
nulls: null
`

func TestLineOf(t *testing.T) {
	t.Parallel()
	tests := map[string]int{
		"":                                    2,
		"kind":                                2,
		"absent":                              2,
		"absent.further[3]":                   2,
		"kind.below":                          2,
		"kind[0]":                             2,
		"metadata":                            3,
		"metadata.name":                       3,
		"metadata.labels.app":                 4,
		"metadata.labels.absent":              4,
		"metadata.annotations":                3,
		"spec":                                5,
		"spec.containers":                     7,
		"spec.containers.name":                7,
		"spec.containers[0]":                  9,
		"spec.containers[0].image":            9,
		"spec.containers[0].ports":            10,
		"spec.containers[0].ports[0]":         11,
		"spec.containers[0].ports[1]":         13,
		"spec.containers[0].ports[1].name":    13,
		"spec.containers[0].ports[2]":         10,
		"spec.containers[1].name":             15,
		"spec.containers[1].resources.limits": 16,
		"spec.containers[2].name":             15, // through an alias
		"spec.containers[3].image":            19,
		"spec.containers[3].name":             15, // merged in
		"spec.containers[9].name":             7,
		"spec.initContainers[0].name":         20,
		"items[0].items[0].metadata.name":     26,
		"items[0].items[0].spec":              24,
		"items[0].items[1]":                   23,
		"base.y.z":                            29,
		"one.x":                               30, // its own key goes before a merged one
		"one.y.z":                             29,
		"two.x":                               32, // the first of several merged maps
		"two.y":                               29,
		"alias.x":                             28,
		"alias":                               33,
		`["quoted.key"].long`:                 35,
		"nulls.below":                         37,
	}
	root, err := document.Parse([]byte(nested))
	if err != nil {
		t.Fatal(err)
	}
	for field, want := range tests {
		t.Run(field, func(t *testing.T) {
			t.Parallel()
			path, err := document.ParsePath(field)
			if err != nil {
				t.Fatal(err)
			}
			if got := document.LineOf(root, path); got != want {
				t.Errorf("line is %d, want %d", got, want)
			}
		})
	}
}

func TestLineOfNothing(t *testing.T) {
	t.Parallel()
	root, err := document.Parse([]byte("# nothing\n"))
	if root != nil || err != nil {
		t.Fatalf("parsed %v, %v", root, err)
	}
	if got := document.LineOf(root, document.Path{document.Key("a")}); got != 1 {
		t.Errorf("line is %d, want 1", got)
	}
}

func TestLocateCountsSteps(t *testing.T) {
	t.Parallel()
	root, err := document.Parse([]byte(nested))
	if err != nil {
		t.Fatal(err)
	}
	path, err := document.ParsePath("spec.containers[2].resources.limits.cpu")
	if err != nil {
		t.Fatal(err)
	}
	found, key, steps := document.Locate(root, path)
	if steps != 4 || key == nil || key.Value != "resources" || found == nil || len(found.Content) != 0 {
		t.Errorf("found %v at key %v after %d steps", found, key, steps)
	}
	if _, key, _ := document.Locate(root, path[:3]); key != nil {
		t.Errorf("an element has the key %v", key)
	}
}

// Maps that merge each other never end.
func TestLocateInACircle(t *testing.T) {
	t.Parallel()
	root, err := document.Parse([]byte("a: &a\n  <<: *a\n  b: 1\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got := document.LineOf(root, document.Path{document.Key("a"), document.Key("absent")}); got != 1 {
		t.Errorf("line is %d, want 1", got)
	}
}

func FuzzLineOf(f *testing.F) {
	f.Add([]byte(nested), "spec.containers[3].name")
	f.Add([]byte("a: &a [{<<: [*a, *a]}]"), "a[0].b")
	f.Add([]byte("*a : b"), "b")
	f.Fuzz(func(t *testing.T, text []byte, field string) {
		path, err := document.ParsePath(field)
		if err != nil {
			return
		}
		root, err := document.Parse(text)
		if err != nil {
			return
		}
		if line := document.LineOf(root, path); line < 1 || line > len(text)+1 {
			t.Errorf("line %d of %q", line, text)
		}
		if _, _, steps := document.Locate(root, path); steps > len(path) {
			t.Errorf("%d steps of %d", steps, len(path))
		}
	})
}
