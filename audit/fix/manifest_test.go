package fix_test

import (
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/fix"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

var update = flag.Bool("update", false, "write the golden files")

// only reads a manifest that holds one object.
func only(t *testing.T, text string) (kube.Resource, kube.Object) {
	t.Helper()
	source := manifest.New([]string{manifest.Stdin}, manifest.Options{Stdin: strings.NewReader(text)})
	c, err := kube.Load(context.Background(), source, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range kube.Resources() {
		for _, o := range c.Objects(r) {
			return r, o
		}
	}
	t.Fatalf("no object in\n%s", text)
	return kube.Resource{}, nil
}

// Objects as a server gives them, and as a person would have written them.
func TestToYAML(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("testdata", "manifest", "*.live.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("found %v, %v", files, err)
	}
	for _, file := range files {
		golden := strings.TrimSuffix(file, ".live.yaml") + ".golden"
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			live, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got, err := fix.ToYAML(only(t, string(live)))
			if err != nil {
				t.Fatal(err)
			}
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("manifest (-want +got):\n%s", diff)
			}
			again, err := fix.ToYAML(only(t, string(got)))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(got), string(again)); diff != "" {
				t.Errorf("written again (-first +second):\n%s", diff)
			}
		})
	}
}

// Writing an object leaves the view as it was.
func TestToYAMLChangesNothing(t *testing.T) {
	t.Parallel()
	live, err := os.ReadFile(filepath.Join("testdata", "manifest", "pod.live.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	r, o := only(t, string(live))
	before := copied(o)
	if _, err := fix.ToYAML(r, o); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, copied(o)); diff != "" {
		t.Errorf("object (-before +after):\n%s", diff)
	}
}

func TestToYAMLRefusesParts(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"Secret shop/s":     "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: shop}\ndata: {password: aGk=}\n",
		"ConfigMap shop/s":  "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: s, namespace: shop}\ndata: {a: b}\n",
		"PodMetrics shop/s": "apiVersion: metrics.k8s.io/v1beta1\nkind: PodMetrics\nmetadata: {name: s, namespace: shop}\ncontainers: []\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, err := fix.ToYAML(only(t, text))
			if !errors.Is(err, fix.ErrNotWhole) || len(text) > 0 {
				t.Fatalf("got %q, %v, want ErrNotWhole", text, err)
			}
			if want := "writing " + name + " as a manifest: "; !strings.HasPrefix(err.Error(), want) {
				t.Errorf("error is %q, want one that begins with %q", err, want)
			}
		})
	}
}

func TestDiff(t *testing.T) {
	t.Parallel()
	before := "a: 1\nb: 2\nc: 3\nd: 4\ne: 5\n"
	tests := map[string]struct{ before, after, want string }{
		"nothing": {before, before, ""},
		"a line": {
			before, strings.Replace(before, "e: 5", "e: 6", 1),
			"--- a/k8s/web.yaml\n+++ b/k8s/web.yaml\n@@ -2,4 +2,4 @@\n b: 2\n c: 3\n d: 4\n-e: 5\n+e: 6\n",
		},
		"no break at the end": {
			"a: 1", "a: 2",
			"--- a/k8s/web.yaml\n+++ b/k8s/web.yaml\n@@ -1,1 +1,1 @@\n-a: 1\n\\ No newline at end of file\n+a: 2\n\\ No newline at end of file\n",
		},
		"a new file": {"", "a: 1\n", "--- a/k8s/web.yaml\n+++ b/k8s/web.yaml\n@@ -0,0 +1,1 @@\n+a: 1\n"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := fix.Diff("k8s/web.yaml", []byte(test.before), []byte(test.after))
			if diff := cmp.Diff(test.want, string(got)); diff != "" {
				t.Errorf("diff (-want +got):\n%s", diff)
			}
		})
	}
}
