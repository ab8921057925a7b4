package graph_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/access/graph"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

var update = flag.Bool("update", false, "rewrite the edges that the manifests in testdata list")

// read returns the view of a file of manifests. A line "# server v1.33.0" says
// which server they are on; "# live" that they are all that the cluster has.
func read(t *testing.T, text []byte) *kube.Cluster {
	t.Helper()
	source := manifest.New([]string{manifest.Stdin}, manifest.Options{Stdin: bytes.NewReader(text)})
	c, err := kube.Load(context.Background(), source, nil)
	if err != nil {
		t.Fatal(err)
	}
	info := c.Info
	for line := range strings.Lines(string(text)) {
		if version, ok := strings.CutPrefix(line, "# server "); ok {
			info.Version = strings.TrimSpace(version)
		}
		if strings.TrimSpace(line) == "# live" {
			info.Offline = false
		}
	}
	return copyOf(t, info, c, nil)
}

// copyOf returns the view of the objects of another that keep keeps; nil keeps all.
func copyOf(t *testing.T, info kube.Info, c *kube.Cluster, keep func(kube.Object) bool) *kube.Cluster {
	t.Helper()
	b := kube.NewBuilder(info)
	for _, r := range kube.Resources() {
		for _, o := range c.Objects(r) {
			if keep != nil && !keep(o) {
				continue
			}
			if err := b.Set(r, o); err != nil {
				t.Fatal(err)
			}
		}
	}
	return b.Build(time.Unix(0, 0))
}

// lines returns every edge that a grant or a field makes, as files list them: a
// way that needs several grants is one line.
func lines(g *graph.Graph) []string {
	var all []string
	for from, v := range g.Vertices() {
		if v.Kind == graph.Partly {
			continue
		}
		for _, e := range g.From(from) {
			if e.Label == graph.None {
				continue
			}
			for _, to := range ends(g, e.To) {
				all = append(all, fmt.Sprintf("# edge %s -> %s %s %s", v, g.Vertex(to), e.Family.ID, e.Confidence))
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// ends returns where a way leads in the end.
func ends(g *graph.Graph, v int32) []int32 {
	if g.Vertex(v).Kind != graph.Partly {
		return []int32{v}
	}
	var all []int32
	for _, e := range g.From(v) {
		all = append(all, ends(g, e.To)...)
	}
	return all
}

// Each file tells a story, and lists at its end all edges that it makes.
func TestStories(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			c := read(t, text)
			g := graph.Of(c)
			var want, rest []string
			for line := range strings.Lines(string(text)) {
				line = strings.TrimRight(line, "\n")
				switch {
				case strings.HasPrefix(line, "# edge "):
					want = append(want, line)
				default:
					rest = append(rest, line)
					checkPath(t, c, g, line)
				}
			}
			got := lines(g)
			if *update {
				out := strings.Join(append(rest, got...), "\n") + "\n"
				if err := os.WriteFile(file, []byte(out), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("edges (-want +got):\n%s", diff)
			}
		})
	}
}

// checkPath judges a line "# path A -> B" or "# no path A -> B".
func checkPath(t *testing.T, c *kube.Cluster, g *graph.Graph, line string) {
	t.Helper()
	claim, is := strings.CutPrefix(line, "# path ")
	if !is {
		if claim, is = strings.CutPrefix(line, "# no path "); !is {
			return
		}
	}
	from, to, _ := strings.Cut(claim, " -> ")
	want := strings.HasPrefix(line, "# path ")
	a, b := find(c, g, from), named(g, to)
	got := a >= 0 && b >= 0 && g.Reaches(a, b)
	if a < 0 || b < 0 && want {
		t.Errorf("%s: there is no such vertex", line)
	}
	if got != want {
		t.Errorf("%s: %v", line, got)
	}
}

// find returns the vertex that is called so, or that stands for the workload or pod
// of that name; -1 if there is none.
func find(c *kube.Cluster, g *graph.Graph, name string) int32 {
	if v := named(g, name); v >= 0 {
		return v
	}
	for _, w := range c.Workloads() {
		if w.Ref.String() == name {
			if v, ok := g.Find(c, w.Ref); ok {
				return v
			}
		}
	}
	return -1
}

// named returns the vertex that is called so, -1 if there is none.
func named(g *graph.Graph, name string) int32 {
	for i, v := range g.Vertices() {
		if v.String() == name {
			return i
		}
	}
	return -1
}

func meta(namespace, name string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Namespace: namespace, Name: name}
}
