package kube

import "iter"

// Change is one difference between two views.
type Change struct {
	Resource  Resource
	Namespace string
	Name      string
	Before    Object // nil if the object is new
	After     Object // nil if the object is gone
}

// Changes yields what differs between two views of the same source, by
// resource, namespace and name. Objects are compared by identity: a source that
// hands over the same value again has not changed it.
func Changes(before, after *Cluster) iter.Seq[Change] {
	return func(yield func(Change) bool) {
		for _, s := range allShelves() {
			if !s.diff(before, after, yield) {
				return
			}
		}
	}
}

func (s on[T]) diff(before, after *Cluster, yield func(Change) bool) bool {
	a, b := s.table(before).rows, s.table(after).rows
	if len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0]) {
		return true
	}
	for {
		if a, b = unequal(a, b); len(a) == 0 && len(b) == 0 {
			return true
		}
		change := Change{Resource: s.r}
		order := 0
		switch {
		case len(a) == 0:
			order = 1
		case len(b) == 0:
			order = -1
		default:
			order = compareObjects(a[0], b[0])
		}
		var subject Object
		if order <= 0 {
			change.Before, subject, a = a[0], a[0], a[1:]
		}
		if order >= 0 {
			change.After, subject, b = b[0], b[0], b[1:]
		}
		change.Namespace, change.Name = subject.GetNamespace(), subject.GetName()
		if !yield(change) {
			return false
		}
	}
}

// unequal returns what is left of two lists after the rows that are the same.
func unequal[T comparable](a, b []T) (restOfA, restOfB []T) {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	return a, b
}
