package graph_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/access/graph"
	"github.com/seaworthy-dev/seaworthy/audit/access/reach"
)

// searchable returns a graph for searching.
func searchable(t *testing.T, g *graph.Graph) *reach.Graph {
	t.Helper()
	b := reach.NewBuilder(g.Len(), g.Labels())
	from, to, cost, label := g.Edges()
	for i := range from {
		support := reach.Always
		if label[i] != graph.None {
			support = b.By(reach.Label(label[i]))
		}
		b.Add(reach.Vertex(from[i]), reach.Vertex(to[i]), int(cost[i]), support)
	}
	built, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return built
}

// Searching finds ways as they are told, and what closes them.
func TestWaysAreFound(t *testing.T) {
	t.Parallel()
	g := graph.Of(story(t, "pod-security"))
	far, err := searchable(t, g).Towards(context.Background(), []reach.Vertex{reach.Vertex(g.Cluster())})
	if err != nil {
		t.Fatal(err)
	}
	user := named(g, "User relabel")
	way, ok := far.Path(reach.Vertex(user))
	if !ok {
		t.Fatal("User relabel does not reach the cluster")
	}
	var told []string
	for _, s := range way.Steps {
		told = append(told, g.Describe(g.Edge(edgeOf(t, g, s))))
	}
	want := []string{
		"User relabel may update namespaces, which is a part of it: A namespace's Pod Security level can be lowered (RoleBinding strict/relabel (Role strict/relabel, rule 2))",
		"User relabel may take the Pod Security label off the namespace, and so has privileged pods in strict (RoleBinding strict/relabel (Role strict/relabel, rule 1))",
		"privileged pods in strict name their node themselves and are root on any control plane node",
		"a control plane node is a part of any control plane node",
		"a control plane node hold the keys and the database of the cluster",
	}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("the way (-want +got):\n%s", diff)
	}
}

// edgeOf returns the number of the edge that a step is.
func edgeOf(t *testing.T, g *graph.Graph, s reach.Step) int {
	t.Helper()
	for i, e := range g.From(int32(s.From)) {
		if e.To == int32(s.To) && int(e.Cost) == s.Cost {
			return i
		}
	}
	t.Fatalf("there is no edge from %s to %s", g.Vertex(int32(s.From)), g.Vertex(int32(s.To)))
	return 0
}
