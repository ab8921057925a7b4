package kube

import (
	"iter"
	"strings"
)

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

// ChangesOf is [Changes] for the resources that are wanted. It is asked only for
// those of which something changed, so that the rest costs next to nothing.
func ChangesOf(before, after *Cluster, wanted func(Resource) bool) iter.Seq[Change] {
	return func(yield func(Change) bool) {
		for _, s := range allShelves() {
			if s.same(before, after) || !wanted(s.resource()) {
				continue
			}
			if !s.diff(before, after, yield) {
				return
			}
		}
	}
}

func (s on[T]) same(before, after *Cluster) bool {
	return sameSlice(s.table(before).parts, s.table(after).parts)
}

func (s on[T]) diff(before, after *Cluster, yield func(Change) bool) bool {
	a, b := s.table(before).parts, s.table(after).parts
	if sameSlice(a, b) {
		return true
	}
	for len(a) > 0 || len(b) > 0 {
		var was, is []T
		namespace, order := "", compareFirst(a, b, comparePart)
		if order <= 0 {
			namespace, was, a = a[0].namespace, a[0].rows, a[1:]
		}
		if order >= 0 {
			namespace, is, b = b[0].namespace, b[0].rows, b[1:]
		}
		if !s.diffIn(namespace, was, is, yield) {
			return false
		}
	}
	return true
}

// diffIn yields what differs between two lists of one namespace.
func (s on[T]) diffIn(namespace string, a, b []T, yield func(Change) bool) bool {
	if sameSlice(a, b) {
		return true
	}
	for {
		if a, b = unequal(a, b); len(a) == 0 && len(b) == 0 {
			return true
		}
		change := Change{Resource: s.r, Namespace: namespace}
		order := compareFirst(a, b, compareObjects)
		if order >= 0 {
			change.After, change.Name, b = b[0], b[0].GetName(), b[1:]
		}
		if order <= 0 {
			change.Before, change.Name, a = a[0], a[0].GetName(), a[1:]
		}
		if !yield(change) {
			return false
		}
	}
}

// compareFirst orders the first elements of two lists of which at most one is
// empty: that one has its elements after all others.
func compareFirst[T any](a, b []T, compare func(a, b T) int) int {
	switch {
	case len(a) == 0:
		return 1
	case len(b) == 0:
		return -1
	}
	return compare(a[0], b[0])
}

func comparePart[T Object](a, b part[T]) int { return strings.Compare(a.namespace, b.namespace) }

// sameSlice reports whether two lists are one.
func sameSlice[T any](a, b []T) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

// unequal returns what is left of two lists after the rows that are the same.
func unequal[T comparable](a, b []T) (restOfA, restOfB []T) {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	return a, b
}
