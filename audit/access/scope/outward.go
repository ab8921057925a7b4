package scope

import (
	"context"
	"fmt"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/audit/access/graph"
	"github.com/seaworthy-dev/seaworthy/audit/access/paths"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Outward is how far the cluster is from the ServiceAccounts of every namespace. It
// never changes, and is kept for as long as the attack graph is the same.
type Outward struct {
	of      *paths.Map
	outlets map[string][]Outlet // by namespace
	// all counts every grant, own those that the server does not make itself.
	all, own *paths.Distances
	falls    func(int32) int // how many of the namespaces fall with a vertex
	spaces   int
}

// Outlet is a ServiceAccount from which a way leads to the cluster.
type Outlet struct {
	Who    access.Subject
	Cost   int // see [paths.Distances]
	vertex int32
}

// Route is how an attacker would go.
type Route struct {
	End        string // "the cluster", or a node
	Steps      int
	Confidence string // of its weakest step: "proven", "conditional" or "inferred"
	Story      string // each step in a clause
}

// WaysDependOn returns the resources on which [Outward] depends: where one of them
// could not be read, that there is no way proves nothing.
func WaysDependOn() []kube.Resource { return graph.Resources() }

var outward = kube.Revise(func(c *kube.Cluster, before *Outward) *Outward {
	m := paths.Of(c)
	if before != nil && before.of == m {
		return before
	}
	o, err := newOutward(context.Background(), c, m)
	if err != nil {
		panic(fmt.Sprintf("what cannot be called off was called off: %v", err))
	}
	return o
})

// OutwardOf measures the attack graph of a view.
func OutwardOf(c *kube.Cluster) *Outward { return outward.Of(c) }

func newOutward(ctx context.Context, c *kube.Cluster, m *paths.Map) (*Outward, error) {
	o := &Outward{of: m, outlets: map[string][]Outlet{}}
	var err error
	if o.all, err = m.Distances(ctx); err != nil {
		return nil, err
	}
	if o.own, err = o.all.Without(ctx, toController); err != nil {
		return nil, err
	}
	var spaces []int32
	for v, vertex := range m.Vertices() {
		switch {
		case vertex.Kind == graph.NamespaceAdmin && vertex.Namespace != "":
			spaces = append(spaces, v)
		case vertex.Kind == graph.ServiceAccount:
			who := access.Subject{Kind: rbacv1.ServiceAccountKind, Namespace: vertex.Namespace, Name: vertex.Name}
			if cost, ok := o.distances(who).From(v); ok && !missing(c, who) {
				o.outlets[who.Namespace] = append(o.outlets[who.Namespace], Outlet{who, cost, v})
			}
		}
	}
	o.spaces = len(spaces)
	if o.falls, err = o.all.Falls(ctx, spaces); err != nil {
		return nil, err
	}
	return o, nil
}

// toController reports whether evidence is a grant that the server makes to its
// controllers.
func toController(e graph.Evidence) bool {
	if e.Binding == nil || !e.Binding.Bootstrap {
		return false
	}
	for _, s := range e.Binding.Subjects {
		if s.HomeNamespace() == controlPlane && serverMade(e.Binding, s.Subject) {
			return true
		}
	}
	return false
}

// distances returns the costs that count for somebody. What the server grants its
// controllers is the same in every cluster, and no fault of the namespace that
// they are in; for everybody else the controllers are a way like others.
func (o *Outward) distances(who access.Subject) *paths.Distances {
	if who.Namespace == controlPlane {
		return o.own
	}
	return o.all
}

// Outlets returns the ServiceAccounts of a namespace from which a way leads to the
// cluster, in the order of the graph. The caller must not change the slice.
func (o *Outward) Outlets(namespace string) []Outlet { return o.outlets[namespace] }

// Route returns the way that takes least.
func (o *Outward) Route(from Outlet) Route {
	way, _ := o.distances(from.Who).Way(from.vertex)
	r := Route{Confidence: way.Confidence().String()}
	var told []string
	for _, h := range way.Hops {
		r.End = o.of.Vertex(h.To).String()
		if h.Family.Structural() {
			continue
		}
		told = append(told, o.of.Describe(h.Edge))
		if o.of.Vertex(h.To).Kind != graph.Partly {
			r.Steps++
		}
	}
	r.Story = strings.Join(told, "; then ")
	return r
}

// Falls returns how many of all namespaces fall with a subject, by the ways that
// what it has opens.
func (o *Outward) Falls(who access.Subject) (fallen, all int) {
	if v, ok := o.of.Subject(who); ok {
		return o.falls(v), o.spaces
	}
	return 0, o.spaces
}
