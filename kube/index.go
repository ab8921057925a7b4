package kube

import (
	"slices"

	"k8s.io/apimachinery/pkg/labels"
)

// index is what a view derives from its tables, when first asked.
type index struct {
	namespaces []string
	workloads  []*Workload // by namespace, kind and name
	byRef      map[Ref]*Workload
	podOwner   map[*Pod]*Workload
	podsOf     map[*Workload][]*Pod
	byAccount  map[accountKey][]*Workload
}

type accountKey struct{ namespace, name string }

func (c *Cluster) index() *index {
	c.deriveIndex.Do(func() {
		if c.derived != nil {
			return // inherited
		}
		c.derived = newIndex(c)
	})
	return c.derived
}

func newIndex(c *Cluster) *index {
	x := &index{
		namespaces: c.collectNamespaces(),
		byRef:      map[Ref]*Workload{},
		podsOf:     map[*Workload][]*Pod{},
		byAccount:  map[accountKey][]*Workload{},
	}
	x.workloads, x.podOwner = deriveWorkloads(c)
	for p := range c.Pods.All() {
		if w := x.podOwner[p]; w != nil {
			x.podsOf[w] = append(x.podsOf[w], p)
		}
	}
	for _, w := range x.workloads {
		x.byRef[w.Ref] = w
		key := accountKey{w.Ref.Namespace, w.ServiceAccount()}
		x.byAccount[key] = append(x.byAccount[key], w)
	}
	return x
}

// inheritIndex takes over the index of the view before if no object changed
// since: a view is also published when only a State did.
func (c *Cluster) inheritIndex(before *Cluster) {
	if before == nil {
		return
	}
	for range Changes(before, c) {
		return
	}
	before.deriveIndex.Do(func() { before.derived = newIndex(before) })
	c.derived = before.derived
}

// Workloads returns every workload, by namespace, kind and name. The caller
// must not change the slice.
func (c *Cluster) Workloads() []*Workload { return c.index().workloads }

// WorkloadsIn returns the workloads of a namespace. The caller must not change
// the slice.
func (c *Cluster) WorkloadsIn(namespace string) []*Workload {
	all := c.index().workloads
	from, _ := slices.BinarySearchFunc(all, Ref{Namespace: namespace}, func(w *Workload, want Ref) int {
		return CompareRefs(w.Ref, want)
	})
	to := from
	for to < len(all) && all[to].Ref.Namespace == namespace {
		to++
	}
	return all[from:to:to]
}

// Workload returns the workload that ref names, nil if there is none.
func (c *Cluster) Workload(ref Ref) *Workload { return c.index().byRef[ref] }

// WorkloadOf returns the workload that a pod of this view rolls up to, nil for
// a finished pod without an owner.
func (c *Cluster) WorkloadOf(p *Pod) *Workload { return c.index().podOwner[p] }

// PodsOf returns the pods of a workload of this view. The caller must not
// change the slice.
func (c *Cluster) PodsOf(w *Workload) []*Pod { return c.index().podsOf[w] }

// WorkloadsRunningAs returns the workloads that run as a ServiceAccount. The
// caller must not change the slice.
func (c *Cluster) WorkloadsRunningAs(namespace, account string) []*Workload {
	return c.index().byAccount[accountKey{namespace, account}]
}

// PodsSelected returns the pods that a selector selects in a namespace.
func (c *Cluster) PodsSelected(namespace string, selector labels.Selector) []*Pod {
	var selected []*Pod
	for _, p := range c.Pods.In(namespace) {
		if selector.Matches(labels.Set(p.Labels)) {
			selected = append(selected, p)
		}
	}
	return selected
}
