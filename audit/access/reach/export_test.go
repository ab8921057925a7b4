package reach

import "context"

// MaximumFlow sends what it can from node 0 to node 1 of a network of nodes, whose
// arcs are from, to and capacity. It is for tests of the flow alone: a cut that it
// gets wrong is mended by what comes after it, at a price.
func MaximumFlow(ctx context.Context, nodes int, arcs [][3]int) (int, error) {
	var f flowNetwork
	for range nodes {
		f.node()
	}
	for _, a := range arcs {
		f.arc(int32(a[0]), int32(a[1]), int64(a[2]))
	}
	err := f.run(&watch{ctx: ctx, doing: "sending flow"})
	sent := int64(0)
	for a := f.first[flowSource]; a >= 0; a = f.next[a] {
		sent += f.sent(a) - f.sent(a^1)
	}
	return int(sent), err
}
