package reach_test

import (
	"math/rand/v2"
	"testing"

	"github.com/seaworthy-dev/seaworthy/audit/access/reach"
)

// The shortest ways are taken first: here the one through the middle, which must
// then be given back for two others.
func TestFlowIsGivenBack(t *testing.T) {
	t.Parallel()
	const a, b, c, d, e, f = 2, 3, 4, 5, 6, 7
	arcs := [][3]int{
		{0, a, 1}, {a, b, 1}, {b, 1, 1}, // the shortest
		{0, c, 1}, {c, d, 1}, {d, b, 1}, // in place of it from behind
		{a, e, 1}, {e, f, 1}, {f, 1, 1}, // and from before
	}
	if got, err := reach.MaximumFlow(t.Context(), 8, arcs); err != nil || got != 2 {
		t.Errorf("flow %d, %v; want 2", got, err)
	}
}

// What flows is what the narrowest cut takes, found by trying every cut.
func TestFlowIsMaximal(t *testing.T) {
	t.Parallel()
	differ := map[int]bool{}
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 4))
		nodes := 2 + r.IntN(7)
		var arcs [][3]int
		for range r.IntN(4 * nodes) {
			arcs = append(arcs, [3]int{r.IntN(nodes), r.IntN(nodes), r.IntN(5)})
		}
		want := -1
		for side := range 1 << nodes { // the nodes with a bit are on the side of the source
			if side&1 == 0 || side&2 != 0 {
				continue
			}
			cut := 0
			for _, a := range arcs {
				if side&(1<<a[0]) != 0 && side&(1<<a[1]) == 0 {
					cut += a[2]
				}
			}
			if want < 0 || cut < want {
				want = cut
			}
		}
		got, err := reach.MaximumFlow(t.Context(), nodes, arcs)
		if err != nil || got != want {
			t.Fatalf("seed %d: flow %d, %v; want %d: %v", seed, got, err, want, arcs)
		}
		differ[want] = true
	}
	if len(differ) < 8 {
		t.Errorf("only %d different flows", len(differ))
	}
}
