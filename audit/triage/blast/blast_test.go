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
