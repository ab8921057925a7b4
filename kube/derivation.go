package kube

import "sync"

// Derivation is what another package computes from a view, at most once for
// each view, when it is first asked for. It must depend on nothing but the view
// and is shared by all who ask: nobody may change it.
type Derivation[T any] struct {
	derive func(*Cluster) T
	// from are the resources on which it depends, where it says so: see From.
	from     []Resource
	narrowed bool
}

// Derive returns the derivation that derive computes.
func Derive[T any](derive func(*Cluster) T) *Derivation[T] {
	return &Derivation[T]{derive: derive}
}

// Of returns what is derived from a view; other callers wait while the first
// computes it. It is collected together with the view.
func (d *Derivation[T]) Of(c *Cluster) T {
	if once, ok := c.derivations.Load(d); ok {
		return once.(func() T)()
	}
	once, _ := c.derivations.LoadOrStore(d, sync.OnceValue(func() T { return d.derive(c) }))
	return once.(func() T)()
}
