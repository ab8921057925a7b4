package kube

import "sync"

// Derivation is what another package computes from a view, at most once for
// each view, when it is first asked for. It must depend on nothing but the view
// and is shared by all who ask: nobody may change it.
type Derivation[T any] struct {
	derive func(*Cluster) T
	// revise is set instead where what an earlier view had is of use: see Revise.
	revise func(c *Cluster, before T) T
	// from are the resources on which it depends, where it says so: see From.
	from     []Resource
	narrowed bool
}

// Derive returns the derivation that derive computes.
func Derive[T any](derive func(*Cluster) T) *Derivation[T] {
	return &Derivation[T]{derive: derive}
}

// Revise returns a derivation that may take over what was last derived of an
// earlier view of the same Builder, or parts of it: before, which is the zero
// value if there is none. That is for saving work and must not be seen: what
// revise returns is what it would have returned without. What is derived must not
// hold the view itself, which would be kept for as long as there are views.
func Revise[T any](revise func(c *Cluster, before T) T) *Derivation[T] {
	return &Derivation[T]{revise: revise}
}

// Of returns what is derived from a view; other callers wait while the first
// computes it. It is collected together with the view.
func (d *Derivation[T]) Of(c *Cluster) T {
	if once, ok := c.derivations.Load(d); ok {
		return once.(func() T)()
	}
	once, _ := c.derivations.LoadOrStore(d, sync.OnceValue(func() T { return d.compute(c) }))
	return once.(func() T)()
}

func (d *Derivation[T]) compute(c *Cluster) T {
	if d.revise == nil {
		return d.derive(c)
	}
	var before T
	if held, ok := c.revised.Load(d); ok {
		before, _ = held.(T)
	}
	now := d.revise(c, before)
	c.revised.Store(d, now)
	return now
}
