package kube

import "slices"

// From says that a derivation depends on nothing of a view but the objects of
// some resources, how far their reading has come, and Info. The next view of a
// [Builder] then takes it over for as long as none of that changes. It returns
// the derivation, and is for package variables: call it before any use. What is
// derived must not hold the view itself, which would be kept with it.
func (d *Derivation[T]) From(resources ...Resource) *Derivation[T] {
	d.from, d.narrowed = resources, true
	return d
}

// From is [Derivation.From] for every key: what is derived for one key is kept
// until any object of the resources changes.
func (d *KeyedDerivation[K, T]) From(resources ...Resource) *KeyedDerivation[K, T] {
	d.parts.From(resources...)
	return d
}

func (d *Derivation[T]) inheritedBy(c, before *Cluster) bool {
	return d.narrowed && sameOf(before, c, d.from)
}

// inheritDerivations takes over what was derived from the view before and is
// the same of this one, and for [Revise] what was derived last.
func (c *Cluster) inheritDerivations(before *Cluster) {
	if before == nil {
		return
	}
	before.revised.Range(func(key, value any) bool {
		c.revised.Store(key, value)
		return true
	})
	before.derivations.Range(func(key, once any) bool {
		if d, ok := key.(interface{ inheritedBy(c, before *Cluster) bool }); ok && d.inheritedBy(c, before) {
			c.derivations.Store(key, once)
		}
		return true
	})
}

// sameOf reports whether two views hold the same objects of some resources,
// read as far, of the same cluster.
func sameOf(before, after *Cluster, resources []Resource) bool {
	return before.Info.equal(after.Info) &&
		!slices.ContainsFunc(allShelves(), func(s shelf) bool {
			return slices.Contains(resources, s.resource()) && !s.diff(before, after, func(Change) bool { return false })
		}) &&
		readAlike(before, after, resources) && readAlike(after, before, resources)
}

// readAlike reports whether each state that a view has of the resources is as
// good as another view's.
func readAlike(a, b *Cluster, resources []Resource) bool {
	return !slices.ContainsFunc(a.states, func(s State) bool {
		if !slices.Contains(resources, s.Resource) {
			return false
		}
		other, ok := b.stateOf[stateKey{s.Resource, s.Namespace}]
		return !ok || s.Phase != other.Phase || s.Reason != other.Reason
	})
}

func (i Info) equal(other Info) bool {
	return i.Name == other.Name && i.Server == other.Server && i.Version == other.Version && i.User == other.User &&
		i.Offline == other.Offline && i.Redacted == other.Redacted && (i.Scope == nil) == (other.Scope == nil) && slices.Equal(i.Scope, other.Scope)
}
