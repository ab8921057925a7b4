package compare

import (
	"cmp"
	"slices"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Writer is somebody who wrote an object.
type Writer struct {
	Manager   string // as metadata.managedFields calls it
	Operation string // "Apply" or "Update"
	Time      time.Time
}

// Objects returns the object of a finding on both sides; nil where a view does not hold
// it.
func (c *Comparison) Objects(change *Change) (before, after kube.Object) {
	was, is := change.Finding().Subject, change.Finding().Subject
	if change.Kind == Moved {
		was = change.Before.Subject
	}
	if o, ok := c.Before.Cluster.Find(was); ok {
		before = o
	}
	if o, ok := c.After.Cluster.Find(is); ok {
		after = o
	}
	return before, after
}

// Writers returns who wrote the object of a finding between the two moments, newest
// first, as far as its managedFields tell; nil if nobody is known to have. They name who
// wrote when, the last time of each (KEP-555), and not which field: a view does not keep
// that. What only wrote the status is left out.
func (c *Comparison) Writers(change *Change) []Writer {
	_, after := c.Objects(change)
	object, ok := after.(metav1.Object)
	if !ok {
		return nil
	}
	var all []Writer
	for _, m := range object.GetManagedFields() {
		if m.Time == nil || m.Subresource != "" || !m.Time.After(c.Before.Cluster.Time) {
			continue
		}
		if w := (Writer{m.Manager, string(m.Operation), m.Time.Time}); !slices.Contains(all, w) {
			all = append(all, w)
		}
	}
	slices.SortStableFunc(all, func(a, b Writer) int {
		return cmp.Or(b.Time.Compare(a.Time), cmp.Compare(a.Manager, b.Manager), cmp.Compare(a.Operation, b.Operation))
	})
	return all
}

// Group is the changes that have something in common.
type Group struct {
	Name   string
	Counts Counts
}

// By groups the changes by what a function says of each, those with most
// regressions first.
func (c *Comparison) By(name func(*Change) string) []Group {
	var groups []Group
	at := map[string]int{}
	for i := range c.Changes {
		change := &c.Changes[i]
		key := name(change)
		g, known := at[key]
		if !known {
			g = len(groups)
			at[key] = g
			groups = append(groups, Group{Name: key})
		}
		groups[g].Counts[change.Kind]++
	}
	slices.SortFunc(groups, func(a, b Group) int {
		return cmp.Or(
			cmp.Compare(b.Counts.Regressions(), a.Counts.Regressions()),
			cmp.Compare(b.Counts.Total(), a.Counts.Total()),
			cmp.Compare(a.Name, b.Name),
		)
	})
	return groups
}

// Regressions is how many changes are regressions.
func (c Counts) Regressions() int {
	total := 0
	for _, k := range Kinds() {
		if k.Regression() {
			total += c[k]
		}
	}
	return total
}

// Regression reports whether a finding of this kind is not known to have been there as
// it is now: it is new or came, is more severe, counts again, or could not be seen. That
// nobody saw it does not say that it was there.
func (k Kind) Regression() bool { return k >= New && k <= Revealed }
