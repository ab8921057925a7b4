package kube

import "sync"

// NamespacedDerivation is a [Derivation] for each namespace by itself: what the
// objects of one give is computed when it is first asked for, so that a change
// in one namespace costs nothing for the others.
type NamespacedDerivation[T any] struct {
	all    *Derivation[*namespaced[T]]
	derive func(c *Cluster, namespace string) T
}

// namespaced is what is derived from the namespaces of one view.
type namespaced[T any] struct {
	mu   sync.Mutex
	once map[string]func() T
}

// DeriveIn returns the derivation that derive computes for a namespace, which
// must depend on nothing but the view.
func DeriveIn[T any](derive func(c *Cluster, namespace string) T) *NamespacedDerivation[T] {
	return &NamespacedDerivation[T]{Derive(func(*Cluster) *namespaced[T] {
		return &namespaced[T]{once: map[string]func() T{}}
	}), derive}
}

// Of returns what is derived from a namespace of a view; "" is that of
// cluster-scoped objects.
func (d *NamespacedDerivation[T]) Of(c *Cluster, namespace string) T {
	n := d.all.Of(c)
	n.mu.Lock()
	once, ok := n.once[namespace]
	if !ok {
		once = sync.OnceValue(func() T { return d.derive(c, namespace) })
		n.once[namespace] = once
	}
	n.mu.Unlock()
	return once()
}
