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
// namespace and name. Each namespace has a slice of its own, so that the table
// after a change shares with the one before all namespaces in which nothing
// changed. The zero Table is empty.
type Table[T Object] struct {
	parts []part[T]
	size  int
}

// part is what a table has of one namespace: at least one row.
type part[T Object] struct {
	namespace string
	rows      []T
}

// Len returns the number of objects.
func (t Table[T]) Len() int { return t.size }

// All yields every object, by namespace and name.
func (t Table[T]) All() iter.Seq[T] {
	return func(yield func(T) bool) {
		for _, p := range t.parts {
			for _, o := range p.rows {
				if !yield(o) {
					return
				}
			}
		}
	}
}

// In returns the objects of a namespace, by name; those of cluster-scoped
// resources are in the namespace "". The caller must not change the slice.
func (t Table[T]) In(namespace string) []T {
	i, ok := slices.BinarySearchFunc(t.parts, namespace, func(p part[T], namespace string) int {
		return strings.Compare(p.namespace, namespace)
	})
	if !ok {
		return nil
	}
	return t.parts[i].rows
}

// Get returns one object, false if there is none of that name.
func (t Table[T]) Get(namespace, name string) (T, bool) {
	rows := t.In(namespace)
	i, ok := slices.BinarySearchFunc(rows, name, func(o T, name string) int { return strings.Compare(o.GetName(), name) })
	if !ok {
		var none T
		return none, false
	}
	return rows[i], true
}

func compareObjects[T Object](a, b T) int {
	return cmp.Or(strings.Compare(a.GetNamespace(), b.GetNamespace()), strings.Compare(a.GetName(), b.GetName()))
}

// names yields the namespaces that have objects in the table, in order.
func (t Table[T]) names() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, p := range t.parts {
			if !yield(p.namespace) {
				return
			}
		}
	}
}

// revised returns the table with some rows replaced, added or, where gone,
// removed; a revision names each row once and is in order.
func (t Table[T]) revised(revision []revisedRow[T]) Table[T] {
	next := Table[T]{parts: make([]part[T], 0, len(t.parts)), size: t.size}
	rest := t.parts
	for len(revision) > 0 {
		namespace, end := revision[0].key.Namespace, 1
		for end < len(revision) && revision[end].key.Namespace == namespace {
			end++
		}
		i, found := slices.BinarySearchFunc(rest, namespace, func(p part[T], namespace string) int {
			return strings.Compare(p.namespace, namespace)
		})
		next.parts, rest = append(next.parts, rest[:i]...), rest[i:]
		var before []T
		if found {
			before, rest = rest[0].rows, rest[1:]
		}
		rows := revisedRows(before, revision[:end])
		if len(rows) > 0 {
			next.parts = append(next.parts, part[T]{namespace, rows})
		}
		next.size += len(rows) - len(before)
		revision = revision[end:]
	}
	next.parts = append(next.parts, rest...)
	return next
}

// revisedRows revises the rows of one namespace.
func revisedRows[T Object](before []T, revision []revisedRow[T]) []T {
	rows := make([]T, 0, len(before)+len(revision))
	for _, r := range revision {
		i, found := slices.BinarySearchFunc(before, r.key.Name, func(o T, name string) int { return strings.Compare(o.GetName(), name) })
		rows, before = append(rows, before[:i]...), before[i:]
		if found {
			before = before[1:]
		}
		if !r.gone {
			rows = append(rows, r.row)
		}
	}
	return append(rows, before...)
}
