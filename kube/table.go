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
	rows  []T
	spans []span
}

// span is where the objects of a namespace are in a table.
type span struct {
	namespace string
	from, to  int
}

// TableOf returns the table of rows, which it sorts and keeps.
func TableOf[T Object](rows []T) Table[T] {
	slices.SortFunc(rows, compareObjects)
	return Table[T]{rows: rows, spans: spansOf(rows)}
}

func spansOf[T Object](rows []T) []span {
	var spans []span
	for i, o := range rows {
		namespace := o.GetNamespace()
		if len(spans) == 0 || spans[len(spans)-1].namespace != namespace {
			spans = append(spans, span{namespace: namespace, from: i})
		}
		spans[len(spans)-1].to = i + 1
	}
	return spans
}

// Len returns the number of objects.
func (t Table[T]) Len() int { return len(t.rows) }

// All yields every object, by namespace and name.
func (t Table[T]) All() iter.Seq[T] { return slices.Values(t.rows) }

// In returns the objects of a namespace, by name; those of cluster-scoped
// resources are in the namespace "". The caller must not change the slice.
func (t Table[T]) In(namespace string) []T {
	i, ok := slices.BinarySearchFunc(t.spans, namespace, func(s span, namespace string) int {
		return strings.Compare(s.namespace, namespace)
	})
	if !ok {
		return nil
	}
	s := t.spans[i]
	return t.rows[s.from:s.to:s.to]
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
		for _, s := range t.spans {
			if !yield(s.namespace) {
				return
			}
		}
	}
}

// revised returns the table with some rows replaced, added or, where gone,
// removed; a revision names each row once and is in order. What did not change
// is copied as memory, however large the table is.
func (t Table[T]) revised(revision []revisedRow[T]) Table[T] {
	rows := make([]T, 0, len(t.rows)+len(revision))
	rest, moved := t.rows, false
	for _, r := range revision {
		i, found := slices.BinarySearchFunc(rest, r, func(o T, r revisedRow[T]) int {
			return cmp.Or(strings.Compare(o.GetNamespace(), r.key.Namespace), strings.Compare(o.GetName(), r.key.Name))
		})
		rows = append(rows, rest[:i]...)
		rest = rest[i:]
		if found {
			rest = rest[1:]
		}
		if !r.gone {
			rows = append(rows, r.row)
		}
		moved = moved || found == r.gone
	}
	rows = append(rows, rest...)
	if moved {
		return Table[T]{rows: rows, spans: spansOf(rows)}
	}
	return Table[T]{rows: rows, spans: t.spans}
}
