package proof

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/audit/access/graph"
	"github.com/seaworthy-dev/seaworthy/audit/access/paths"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// search compares the ways through two views.
type search struct {
	before, after *paths.Map
	starts        []start
	touched       map[kube.Ref]bool // the objects that changed
}

// start is from where ways are compared.
type start struct {
	graph.Vertex
	// before and after are what stands for it in each view: itself, or where
	// nothing names it, what it is a member of.
	before, after []int32
	// concerned is set for the subjects that the change is about.
	concerned bool
}

// identity tells vertices apart across views.
type identity struct {
	kind            graph.Kind
	namespace, name string
}

func identityOf(v graph.Vertex) identity { return identity{v.Kind, v.Namespace, v.Name} }

func newSearch(before, after *kube.Cluster, about []access.Subject) *search {
	s := &search{before: paths.Of(before), after: paths.Of(after), touched: map[kube.Ref]bool{}}
	for c := range kube.Changes(before, after) {
		s.touched[c.Resource.Ref(c.Namespace, c.Name)] = true
	}
	known := map[identity]bool{}
	add := func(v graph.Vertex, concerned bool) {
		if id := identityOf(v); !known[id] {
			known[id] = true
			s.starts = append(s.starts, start{v, standIns(s.before, v), standIns(s.after, v), concerned})
		}
	}
	for _, subject := range about {
		add(graph.VertexOf(subject), true)
	}
	for _, m := range []*paths.Map{s.before, s.after} {
		for _, v := range m.Starts() {
			add(m.Vertex(v), false)
		}
	}
	return s
}

// standIns returns the vertices of a map that are a start: a user or a group that no
// binding names has what the groups have that it is in, and a ServiceAccount that does
// not exist is nobody.
func standIns(m *paths.Map, v graph.Vertex) []int32 {
	subject, ok := v.Subject()
	if !ok {
		for _, entry := range m.Entries() {
			if identityOf(m.Vertex(entry)) == identityOf(v) {
				return []int32{entry}
			}
		}
		return nil
	}
	if vertex, ok := m.Subject(subject); ok {
		return []int32{vertex}
	}
	var all []int32
	if subject.Kind == rbacv1.ServiceAccountKind {
		return nil
	}
	for _, group := range access.IdentityOf(subject).Groups {
		if vertex, ok := m.Subject(access.Subject{Kind: rbacv1.GroupKind, Name: group}); ok {
			all = append(all, vertex)
		}
	}
	return all
}

// target compares who reaches one of [Proof.Targets].
func (s *search) target(ctx context.Context, name string) (Target, error) {
	before, err := towards(ctx, s.before, name)
	if err != nil {
		return Target{}, err
	}
	after, err := towards(ctx, s.after, name)
	if err != nil {
		return Target{}, err
	}
	t := Target{Name: name}
	for i := range s.starts {
		at := &s.starts[i]
		was, reached := best(before, at.before)
		is, reaches := best(after, at.after)
		if reached {
			t.Before++
		}
		if reaches {
			t.After++
		}
		switch {
		case reached && !reaches:
			t.Disconnected = append(t.Disconnected, at.Vertex)
		case !reached && reaches:
			t.Connected = append(t.Connected, at.Vertex)
		case reached && (at.concerned || s.uses(was)):
			t.Survivors = append(t.Survivors, Survivor{at.Vertex, was.Cost, is})
		}
	}
	slices.SortFunc(t.Disconnected, compareVertices)
	slices.SortFunc(t.Connected, compareVertices)
	slices.SortFunc(t.Survivors, func(a, b Survivor) int {
		return cmp.Or(cmp.Compare(a.Way.Cost, b.Way.Cost), cmp.Compare(len(a.Way.Hops), len(b.Way.Hops)), compareVertices(a.Start, b.Start))
	})
	return t, nil
}

func towards(ctx context.Context, m *paths.Map, name string) (*paths.Ways, error) {
	to, err := m.Target(name)
	if err != nil {
		return nil, fmt.Errorf("proving a change: %w", err)
	}
	return m.Towards(ctx, to)
}

// best returns the easiest way from any of some vertices.
func best(ways *paths.Ways, from []int32) (found paths.Way, ok bool) {
	for _, v := range from {
		way, reaches := ways.Best(v)
		if reaches && (!ok || way.Cost < found.Cost) {
			found, ok = way, true
		}
	}
	return found, ok
}

// uses reports whether a way takes something that changed.
func (s *search) uses(way paths.Way) bool {
	return slices.ContainsFunc(way.Hops, func(h paths.Hop) bool {
		e := h.Evidence
		return s.touched[e.Object] || s.touched[e.Role] || e.Binding != nil && s.touched[e.Binding.Ref]
	})
}

// compareVertices orders what somebody starts with: strangers and pods, then
// ServiceAccounts, users and groups by name.
func compareVertices(a, b graph.Vertex) int {
	place := func(v graph.Vertex) int {
		switch v.Kind {
		case graph.ServiceAccount:
			return 1
		case graph.User:
			return 2
		case graph.Group:
			return 3
		default:
			return 0
		}
	}
	return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a.Kind, b.Kind),
		strings.Compare(a.Namespace, b.Namespace), strings.Compare(a.Name, b.Name))
}
