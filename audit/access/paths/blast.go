package paths

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/access/graph"
	"github.com/seaworthy-dev/seaworthy/audit/access/reach"
)

// Blast is what falls with something: where all ways from it lead, whatever they
// cost.
type Blast struct {
	// Cluster reports that everything falls, whatever the rest says.
	Cluster bool
	// Pools are how many pools of nodes it gets root on.
	Pools int
	// Admin are the namespaces in which it may do everything, Secrets those whose
	// Secrets it reads; sorted. "" stands for all and is then the only one.
	Admin, Secrets []string
	// Accounts are how many ServiceAccounts it can be beside those it starts with.
	Accounts int
}

// chunk is after how many vertices it is looked whether the answer is still wanted.
const chunk = 4096

// Blast returns what falls with some vertices. The error is that of the context.
func (m *Map) Blast(ctx context.Context, starts []int32) (Blast, error) {
	var b Blast
	seen := make([]bool, m.Len())
	queue := slices.Clone(starts)
	for _, v := range starts {
		seen[v] = true
	}
	for i := 0; i < len(queue); i++ {
		if i%chunk == 0 && ctx.Err() != nil {
			return Blast{}, fmt.Errorf("following attack paths: %w", ctx.Err())
		}
		if i >= len(starts) {
			b.add(m.Vertex(queue[i]))
		}
		for _, e := range m.From(queue[i]) {
			if !seen[e.To] {
				seen[e.To] = true
				queue = append(queue, e.To)
			}
		}
	}
	b.Admin, b.Secrets = all(b.Admin), all(b.Secrets)
	return b, nil
}

// add counts a vertex that falls.
func (b *Blast) add(v graph.Vertex) {
	switch v.Kind {
	case graph.Cluster:
		b.Cluster = true
	case graph.Node:
		b.Pools++
	case graph.NamespaceAdmin:
		b.Admin = append(b.Admin, v.Namespace)
	case graph.Secrets:
		b.Secrets = append(b.Secrets, v.Namespace)
	case graph.ServiceAccount:
		b.Accounts++
	default: // is on the way to one of these, or nothing by itself
	}
}

// all sorts namespaces; the one that stands for all takes the place of the others.
func all(namespaces []string) []string {
	slices.Sort(namespaces)
	if len(namespaces) > 0 && namespaces[0] == "" {
		return namespaces[:1]
	}
	return namespaces
}

// Cost returns what the easiest way from a vertex costs, false if there is none:
// that of [Ways.Best], without looking for the way.
func (w *Ways) Cost(start int32) (int, bool) { return w.far.Cost(reach.Vertex(start)) }

// Inside returns what an attacker may come to control first in a namespace: its
// pods, by classes, and its ServiceAccounts.
func (m *Map) Inside(namespace string) []int32 {
	var inside []int32
	for v, vertex := range m.Vertices() {
		if vertex.Namespace == namespace && (vertex.Kind == graph.Workload || vertex.Kind == graph.ServiceAccount) {
			inside = append(inside, v)
		}
	}
	return inside
}

// Into returns the hops by which something is got that leads to a vertex at once, or
// to a whole that it is a part of, but for the whole cluster: at most as many as
// asked for, easiest first, and how many were found, of which a thousand is enough.
func (m *Map) Into(v int32, most int) (hops []Hop, found int) {
	const enough = 1000
	wholes := []int32{v}
	for i := 0; i < len(wholes) && len(hops) < enough; i++ {
		for step := range m.search().Into(reach.Vertex(wholes[i])) {
			h := (&Ways{of: m}).hop(step)
			from := m.Vertex(h.From).Kind
			switch whole := h.Family.Structural() || from == graph.NamespaceAdmin; {
			case from == graph.Cluster:
			case !whole:
				hops = append(hops, h)
			case !slices.Contains(wholes, h.From) && len(wholes) < enough:
				wholes = append(wholes, h.From)
			}
			if len(hops) == enough {
				break
			}
		}
	}
	slices.SortStableFunc(hops, func(a, b Hop) int {
		return cmp.Or(cmp.Compare(a.Cost, b.Cost), strings.Compare(m.Vertex(a.From).String(), m.Vertex(b.From).String()), cmp.Compare(a.Label, b.Label))
	})
	return hops[:min(len(hops), most)], len(hops)
}
