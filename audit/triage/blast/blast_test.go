package blast_test

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

	"github.com/seaworthy-dev/seaworthy/audit/triage/blast"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

var update = flag.Bool("update", false, "write the goldens")

// example is one file of objects, with what it says in comments: what is hit and down,
// and what must not depend on it although it looks like it.
type example struct {
	c                *kube.Cluster
	hit, down, never []kube.Ref
}

func readExample(t *testing.T, file string) example {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	e := example{c: viewOf(t, text)}
	for line := range strings.Lines(string(text)) {
		for prefix, refs := range map[string]*[]kube.Ref{"# hit: ": &e.hit, "# down: ": &e.down, "# never: ": &e.never} {
			if rest, ok := strings.CutPrefix(strings.TrimSpace(line), prefix); ok {
				for name := range strings.SplitSeq(rest, ", ") {
					*refs = append(*refs, refOf(t, name))
				}
			}
		}
	}
	return e
}

func viewOf(t *testing.T, text []byte) *kube.Cluster {
	t.Helper()
	source := manifest.New([]string{manifest.Stdin}, manifest.Options{
		Stdin: bytes.NewReader(text), Info: &kube.Info{Name: "example"}, Now: func() time.Time { return time.Date(2026, time.January, 1, 12, 0, 0, 0, time.UTC) },
	})
	c, err := kube.Load(context.Background(), source, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range source.Problems() {
		t.Fatalf("line %d: %v", problem.Line, problem.Err)
	}
	for _, skipped := range source.Skipped() {
		t.Fatalf("%s %s is a kind that is not audited", skipped.APIVersion, skipped.Kind)
	}
	return c
}

// refOf reads "Pod shop/web" or "Node n1".
func refOf(t *testing.T, text string) kube.Ref {
	t.Helper()
	kind, name, _ := strings.Cut(text, " ")
	namespace, rest, namespaced := strings.Cut(name, "/")
	if !namespaced {
		namespace, rest = "", name
	}
	for _, r := range kube.Resources() {
		if r.Kind == kind {
			return r.Ref(namespace, rest)
		}
	}
	t.Fatalf("%q is no kind", kind)
	return kube.Ref{}
}

func (e *example) isDown(ref kube.Ref) bool { return slices.Contains(e.down, ref) }

// refuted reports what must not depend on what is hit and does, or is not there to do so.
func (e *example) refuted(t *testing.T, r *blast.Radius) {
	t.Helper()
	for _, never := range e.never {
		if !e.c.Has(never) {
			t.Errorf("%s is not there, so that it proves nothing", never)
		}
		for _, d := range r.Dependents {
			if d.Object == never {
				t.Errorf("%s %s %s", d.Object, d.Relation, d.Through)
			}
		}
	}
}

func TestExamples(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d examples: %v", len(files), err)
	}
	told := map[blast.Relation]bool{}
	for _, file := range files {
		e := readExample(t, file)
		r := blast.Of(e.c, e.hit, e.isDown)
		for _, d := range r.Dependents {
			told[d.Relation] = true
		}
		e.refuted(t, r)
		got := written(r)
		golden := strings.TrimSuffix(file, ".yaml") + ".txt"
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", file, diff)
		}
		if diff := cmp.Diff(got, written(blast.Of(e.c, append(e.hit, e.hit...), e.isDown))); diff != "" {
			t.Errorf("%s: asked twice (-first +second):\n%s", file, diff)
		}
	}
	for relation := blast.Owns; relation <= blast.Names; relation++ {
		if !told[relation] {
			t.Errorf("no example has a dependent that %s something", relation)
		}
	}
}

// written is a radius as people would read it.
func written(r *blast.Radius) string {
	var b strings.Builder
	fmt.Fprintln(&b, r)
	for _, list := range []struct {
		name string
		of   []string
	}{{"hosts", r.HostNames}, {"zones", r.Zones}} {
		if len(list.of) > 0 {
			fmt.Fprintf(&b, "%s: %s\n", list.name, strings.Join(list.of, ", "))
		}
	}
	if r.WorkloadsDown > 0 {
		fmt.Fprintf(&b, "%d workloads are lost\n", r.WorkloadsDown)
	}
	for _, d := range r.Dependents {
		fmt.Fprintf(&b, "%d %s, %s: %s %s %s", d.Distance, d.Certainty, d.When, d.Object, d.Relation, d.Through)
		if d.Detail != "" {
			fmt.Fprintf(&b, " (%s)", d.Detail)
		}
		if d.Optional {
			b.WriteString(", optional")
		}
		if d.Lost != "" {
			fmt.Fprintf(&b, ": %s", d.Lost)
		}
		if d.Whole {
			b.WriteString(", all of it")
		}
		b.WriteString("\n")
	}
	if r.More > 0 {
		fmt.Fprintf(&b, "and %d more\n", r.More)
	}
	for _, h := range r.Hubs {
		fmt.Fprintf(&b, "hub: %d %s %s\n", h.Count, h.Relation, h.Object)
	}
	return b.String()
}

// TestImpact tells the line of impact for other things that are hit in the examples.
func TestImpact(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		file      string
		hit, down []string // no down: all that is hit
		want      string
	}{
		{"service", []string{"ReplicaSet shop/web-1"}, []string{"Pod shop/web-1"}, "potential impact: 3 hosts, 2 services (1 at 0), 1 workload, 1 pod"},
		{"service", []string{"ReplicaSet shop/web-2"}, nil, "potential impact: nothing that is known of"},
		{"service", []string{"Deployment shop/web"}, nil, "potential impact: 3 hosts, 2 services (2 at 0), 1 workload, 3 pods"},
		{"service", []string{"Deployment shop/web", "Pod shop/web-1"}, []string{"Pod shop/web-1"}, "potential impact: 3 hosts, 2 services (1 at 0), 1 workload, 1 pod"},
		{"service", []string{"Pod shop/web-3"}, nil, "potential impact: 3 hosts, 1 service, 1 workload, 1 pod"},
		{"service", []string{"Pod shop/web-3"}, []string{"Pod shop/web-1"}, "potential impact: 3 hosts, 1 service, 1 workload, 1 pod"},
		{"service", []string{"Ingress shop/fallback"}, nil, "potential impact: 2 hosts"},
		{"service", []string{"Service shop/web"}, nil, "potential impact: 3 hosts, 1 service"},
		{"service", []string{"Service shop/other"}, nil, "potential impact: 2 hosts, 1 service"},
		{"service", []string{"Service shop/gone"}, nil, "potential impact: 1 service (1 at 0)"},
		{"service", []string{"Pod shop/gone", "Namespace shop", "ConfigMap shop/gone"}, nil, "potential impact: nothing that is known of"},
		{"service", nil, nil, "potential impact: nothing that is known of"},
		{"scaling", []string{"Pod shop/web-c"}, nil, "potential impact: 1 service, 1 workload"},
		{"node", []string{"Node n2"}, nil, "potential impact: 1 host, 1 service (1 at 0), 1 workload, 1 pod"},
		{"node", []string{"Node n2"}, []string{"Pod shop/web-0"}, "potential impact: 1 host, 1 service, 1 workload, 1 pod"},
		{"node", []string{"Node n3"}, nil, "potential impact: 1 service, 2 workloads, 2 pods"},
		{"node", []string{"PersistentVolumeClaim shop/once"}, nil, "potential impact: 1 host, 1 service, 1 workload, 1 pod"},
		{"configmap", []string{"ConfigMap shop/other"}, nil, "potential impact: 1 workload, 1 pod"},
		{"route", []string{"HTTPRoute shop/home"}, nil, "potential impact: 1 host"},
		{"claim", []string{"StatefulSet shop/data"}, nil, "potential impact: 1 workload, 1 pod"},
	} {
		e := readExample(t, "testdata/"+test.file+".yaml")
		refs := func(names []string) []kube.Ref {
			var all []kube.Ref
			for _, name := range names {
				all = append(all, refOf(t, name))
			}
			return all
		}
		e.hit, e.down = refs(test.hit), refs(test.down)
		isDown := e.isDown
		if test.down == nil {
			isDown = nil
		}
		if got := blast.Of(e.c, e.hit, isDown).String(); got != test.want {
			t.Errorf("%s, %v is hit, %v is down:\n got %s\nwant %s", test.file, test.hit, test.down, got, test.want)
		}
	}
}

// A local volume goes with its node, also when the object of the node is gone.
func TestTheVolumesOfANodeThatIsGone(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/node.yaml")
	if err != nil {
		t.Fatal(err)
	}
	node := "kind: Node\nmetadata: {name: n1, "
	if !bytes.Contains(text, []byte(node)) {
		t.Fatal("the example has no such node")
	}
	c := viewOf(t, bytes.Replace(text, []byte(node), []byte("kind: Node\nmetadata: {name: n4, "), 1))
	claim := kube.PersistentVolumeClaims.Ref("shop", "local")
	pinned := func(d blast.Dependent) bool { return d.Object == claim && d.Relation == blast.PinnedTo }
	if r := blast.Of(c, []kube.Ref{kube.Nodes.Ref("", "n1")}, nil); slices.ContainsFunc(r.Dependents, pinned) {
		t.Errorf("another node has its label: %s", written(r))
	}
	c = viewOf(t, bytes.Replace(text, []byte(node+"labels: {kubernetes.io/hostname: n1"), []byte("kind: Node\nmetadata: {name: n4, labels: {kubernetes.io/hostname: n4"), 1))
	if r := blast.Of(c, []kube.Ref{kube.Nodes.Ref("", "n1")}, nil); !slices.ContainsFunc(r.Dependents, pinned) {
		t.Errorf("the claim is not pinned:\n%s", written(r))
	}
}

func TestWhatADriverStores(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ file, driver, want string }{
		{"claim", "csi.example", "[StorageClass fast]"},
		{"node", "csi.example", "[PersistentVolume pv-a PersistentVolume pv-b]"},
		{"node", "", "[]"},
	} {
		e := readExample(t, "testdata/"+test.file+".yaml")
		if got := fmt.Sprint(blast.StoredBy(e.c, test.driver)); got != test.want {
			t.Errorf("%s: %q stores %s, want %s", test.file, test.driver, got, test.want)
		}
	}
}
