package graph_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seaworthy-dev/seaworthy/audit/access/graph"
)

// Every family is told of in full.
func TestFamiliesAreToldInFull(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, f := range graph.Families() {
		if seen[f.ID] {
			t.Errorf("two families are called %s", f.ID)
		}
		seen[f.ID] = true
		if f.Title == "" || f.Source == "" || f.Cost > 4 || !strings.Contains(f.Story, "{from}") || !strings.Contains(f.Story, "{to}") {
			t.Errorf("%s is not told of in full", f.ID)
		}
		if found, ok := graph.FamilyOf(f.ID); !ok || found != f {
			t.Errorf("%s is not found", f.ID)
		}
	}
}

// Every way of the list is an edge of a family, or it says why not.
func TestCoverageIsTrue(t *testing.T) {
	t.Parallel()
	listed, edges := map[string]bool{}, 0
	all := graph.Coverage()
	for _, c := range all {
		if listed[c.ID] {
			t.Errorf("%s is listed twice", c.ID)
		}
		listed[c.ID] = true
		_, own := graph.FamilyOf(c.ID)
		if _, known := graph.FamilyOf(c.Family); c.Family != "" && !known {
			t.Errorf("%s is within %s, which is no family", c.ID, c.Family)
		}
		if own != (c.Family == c.ID) || own == (c.Why != "") {
			t.Errorf("%s has a family of its own: %v, and is listed as %+v", c.ID, own, c)
		}
		if own {
			edges++
		}
	}
	if len(all) != 205 || edges != 120 {
		t.Errorf("%d ways are listed, %d of them edges, want 205 and 120", len(all), edges)
	}
	for _, f := range graph.Families() {
		// The first is of the graph itself; the others part one way in two.
		if !listed[f.ID] && f.ID != "CONTAINS" && f.ID != "NSADMIN_CONTROLPLANE" && f.ID != "PRIVILEGED_POD_NODE" {
			t.Errorf("%s is in no list", f.ID)
		}
	}
}

// No family is claimed of which no story has an edge.
func TestEveryFamilyIsInAStory(t *testing.T) {
	t.Parallel()
	told := map[*graph.Family]bool{}
	tell := func(g *graph.Graph) {
		for e := range g.Size() {
			told[g.Edge(e).Family] = true
		}
	}
	tell(graph.Of(stock(t)))
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		tell(graph.Of(read(t, text)))
	}
	for _, f := range graph.Families() {
		if !told[f] {
			t.Errorf("no story has an edge of %s", f.ID)
		}
	}
}
