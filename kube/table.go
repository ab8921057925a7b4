package kube

import (
	"cmp"
	"iter"
	"slices"
	"strings"
)

// Object is what the view needs of anything it holds. All API objects,
// [metav1.PartialObjectMetadata] and [Pod] have it.
type Object interface {
	GetNamespace() string
	GetName() string
}

// Table is the immutable set of the objects of one resource, ordered by
// namespace and name. The zero Table is empty.
type Table[T Object] struct {
	rows []T
}

// TableOf returns the table of rows, which it sorts and keeps.
func TableOf[T Object](rows []T) Table[T] {
	slices.SortFunc(rows, compareObjects)
	return Table[T]{rows: rows}
}

// Len returns the number of objects.
func (t Table[T]) Len() int { return len(t.rows) }

// All yields every object, by namespace and name.
func (t Table[T]) All() iter.Seq[T] { return slices.Values(t.rows) }

// In returns the objects of a namespace, by name; those of cluster-scoped
// resources are in the namespace "". The caller must not change the slice.
func (t Table[T]) In(namespace string) []T {
	from, _ := slices.BinarySearchFunc(t.rows, namespace, func(o T, ns string) int {
		return cmp.Compare(o.GetNamespace(), ns)
	})
	to := from
	for to < len(t.rows) && t.rows[to].GetNamespace() == namespace {
		to++
	}
	return t.rows[from:to:to]
}

// Get returns one object, false if there is none of that name.
func (t Table[T]) Get(namespace, name string) (T, bool) {
	i, ok := t.find(namespace, name)
	if !ok {
		var none T
		return none, false
	}
	return t.rows[i], true
}

func (t Table[T]) find(namespace, name string) (int, bool) {
	return slices.BinarySearchFunc(t.rows, Ref{Namespace: namespace, Name: name}, func(o T, want Ref) int {
		return cmp.Or(strings.Compare(o.GetNamespace(), want.Namespace), strings.Compare(o.GetName(), want.Name))
	})
}

func compareObjects[T Object](a, b T) int {
	return cmp.Or(strings.Compare(a.GetNamespace(), b.GetNamespace()), strings.Compare(a.GetName(), b.GetName()))
}
