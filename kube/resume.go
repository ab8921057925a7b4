package kube

// From returns a Builder that goes on from an earlier view: one of b, or of a Builder
// that came from b in this way. It shares with b what is written down once for all
// objects, and costs no more than the number of resources. The number of its next view
// follows on that of c.
func (b *Builder) From(c *Cluster) *Builder {
	next := NewBuilder(c.Info)
	next.specs, next.maps = b.specs, b.maps
	next.clock, next.generation, next.last = c.Clock, c.Generation, c
	if c.origins != nil {
		next.origins, next.shared = c.origins, true
	}
	for _, s := range next.stores {
		s.resume(c)
	}
	for _, s := range c.states {
		next.states[stateKey{s.Resource, s.Namespace}] = s
	}
	return next
}

// Skip counts a view that is not built: the next one has the number after it.
func (b *Builder) Skip() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.generation++
}
