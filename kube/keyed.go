package kube

import "sync"

// KeyedDerivation is a [Derivation] in parts, by a namespace or another key:
// each is computed when it is first asked for, so that a change in one namespace
// costs nothing for the others. It must depend on nothing but the view and the
// key, and is shared by all who ask: nobody may change it.
type KeyedDerivation[K comparable, T any] struct {
	derive func(c *Cluster, key K) T
	parts  *Derivation[*parts[K, T]]
}

// parts are those of one view that were asked for.
type parts[K comparable, T any] struct {
	mu    sync.Mutex
	byKey map[K]*derived[T]
}

// derived is one of them: there may be as many as there are workloads.
type derived[T any] struct {
	mu    sync.Mutex // held while it is computed
	done  bool
	value T
}

// DeriveFor returns the derivation that derive computes for a key.
func DeriveFor[K comparable, T any](derive func(c *Cluster, key K) T) *KeyedDerivation[K, T] {
	return &KeyedDerivation[K, T]{derive, Derive(func(*Cluster) *parts[K, T] {
		return &parts[K, T]{byKey: map[K]*derived[T]{}}
	})}
}

// Of returns what is derived from a view for a key; other callers wait while the
// first computes it. It is collected together with the view.
func (d *KeyedDerivation[K, T]) Of(c *Cluster, key K) T {
	p := d.parts.Of(c)
	p.mu.Lock()
	part := p.byKey[key]
	if part == nil {
		part = &derived[T]{}
		p.byKey[key] = part
	}
	p.mu.Unlock()
	part.mu.Lock()
	defer part.mu.Unlock()
	if !part.done {
		part.value = d.derive(c, key)
		part.done = true
	}
	return part.value
}
