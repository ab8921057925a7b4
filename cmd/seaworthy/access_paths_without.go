package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/access/paths"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// parseBinding reads the name of a binding of a view: clusterrolebinding/NAME or
// rolebinding/NAMESPACE/NAME. The error says what is wrong with it.
func parseBinding(view *kube.Cluster, text string) (kube.Ref, error) {
	kind, name, _ := strings.Cut(text, "/")
	namespace, inside, divided := strings.Cut(name, "/")
	ref, held := kube.Ref{}, false
	switch {
	case strings.EqualFold(kind, kube.ClusterRoleBindings.Kind) && name != "" && !divided:
		ref = kube.ClusterRoleBindings.Ref("", name)
		_, held = view.ClusterRoleBindings.Get("", name)
	case strings.EqualFold(kind, kube.RoleBindings.Kind) && namespace != "" && inside != "":
		ref = kube.RoleBindings.Ref(namespace, inside)
		_, held = view.RoleBindings.Get(namespace, inside)
	default:
		return ref, fmt.Errorf("%q is no binding: write clusterrolebinding/NAME or rolebinding/NAMESPACE/NAME", text)
	}
	if !held {
		return ref, fmt.Errorf("there is no %s", ref)
	}
	return ref, nil
}

// removal is what is left when bindings are taken away.
type removal struct {
	bindings []kube.Ref
	before   int     // starts that reached the target with them
	closed   []int32 // those that no longer do
}

// without measures the ways to targets once some bindings are gone, and what that
// closes. The removal is nil where none is.
func (o *pathsOptions) without(ctx context.Context, view *kube.Cluster, m *paths.Map, starts, targets []int32) (*paths.Ways, *removal, error) {
	if len(o.taken) == 0 {
		ways, err := m.Towards(ctx, targets)
		return ways, nil, err
	}
	r := &removal{}
	var labels []int32
	for _, text := range o.taken {
		binding, err := parseBinding(view, text)
		if err != nil {
			return nil, nil, usagef("reading --without: %w", err)
		}
		if !slices.Contains(r.bindings, binding) {
			r.bindings = append(r.bindings, binding)
			labels = append(labels, m.LabelsOf(binding)...)
		}
	}
	before, err := m.Towards(ctx, targets)
	if err != nil {
		return nil, nil, err
	}
	after, err := m.Towards(ctx, targets, labels...)
	if err != nil {
		return nil, nil, err
	}
	for _, start := range starts {
		if _, was := before.Best(start); was {
			r.before++
			if _, is := after.Best(start); !is {
				r.closed = append(r.closed, start)
			}
		}
	}
	return after, r, nil
}

// sentence tells what the removal closes.
func (r *removal) sentence(a *attack) string {
	names := make([]string, len(r.bindings))
	for i, b := range r.bindings {
		names[i] = b.String()
	}
	text := "Without " + strings.Join(names, " and ")
	switch {
	case r.before == 0:
		return text + " nothing changes: no start reached " + a.to + " with it."
	case len(r.closed) == 0:
		return text + " nothing is closed: a way of each start is left."
	case len(r.closed) == r.before && r.before == 1:
		return text + ", " + a.name(r.closed[0]) + " no longer reaches " + a.to + "."
	case len(r.closed) == 1:
		return fmt.Sprintf("%s, 1 of the %d starts that reached %s no longer does: %s.", text, r.before, a.to, a.name(r.closed[0]))
	case len(r.closed) == r.before:
		return fmt.Sprintf("%s, all %d starts that reached %s no longer do.", text, r.before, a.to)
	}
	return fmt.Sprintf("%s, %d of the %d starts that reached %s no longer do.", text, len(r.closed), r.before, a.to)
}
