package kube

import (
	"maps"
	"slices"
	"sync"

	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// index is what a view derives from its tables. It is derived namespace by
// namespace, when first asked, and shares with the view before the namespaces
// in which nothing happened that it depends on.
type index struct {
	namespaces []string // the names that the view knows of, in order
	spaces     map[string]*space
	all        func() []*Workload
	podsOf     sync.Map // namespace → func() map[*Workload][]*Pod
}

// space is the index of one namespace. It never changes, and holds no pods but
// those that are workloads themselves or stand for one.
type space struct {
	workloads []*Workload // by kind and name
	owners    owners[*Workload]
	byAccount map[string][]*Workload
}

// owners finds something by an owner: by its kind, then its name. There are few
// kinds, and several owners a workload.
type owners[T any] map[schema.GroupKind]map[string]T

func (o owners[T]) of(owner Owner) (T, bool) {
	held, ok := o[schema.GroupKind{Group: owner.Group, Kind: owner.Kind}][owner.Name]
	return held, ok
}

func (o owners[T]) set(owner Owner, value T) {
	kind := schema.GroupKind{Group: owner.Group, Kind: owner.Kind}
	if o[kind] == nil {
		o[kind] = map[string]T{}
	}
	o[kind][owner.Name] = value
}

func (c *Cluster) index() *index {
	c.deriveIndex.Do(func() {
		c.derived.Store(newIndex(c, c.basis))
		c.basis = nil // or every view would hold on to the one before
	})
	return c.derived.Load()
}

// basis is an index of an earlier view and what happened since.
type basis struct {
	index   *index
	touched map[string]touched // by namespace
}

// clone returns a basis that the Builder does not change any more.
func (b basis) clone() *basis { return &basis{index: b.index, touched: maps.Clone(b.touched)} }

// touched is what happened in a namespace to what workloads are made of.
type touched struct {
	controllers bool
	pods        []changedPod
}

// changedPod is a pod as it was and as it is: nil if it is new or gone.
type changedPod struct{ before, after *Pod }

func newIndex(c *Cluster, b *basis) *index {
	x := &index{spaces: map[string]*space{}}
	x.namespaces = c.collectNamespaces()
	for _, namespace := range x.namespaces {
		var before *space
		if b != nil {
			before = b.index.spaces[namespace]
			if before != nil && !before.disturbed(b.touched[namespace]) {
				x.spaces[namespace] = before
				continue
			}
		}
		x.spaces[namespace] = deriveSpace(c, namespace, before)
	}
	if b != nil && slices.Equal(b.index.namespaces, x.namespaces) {
		x.namespaces = b.index.namespaces
	}
	x.all = sync.OnceValue(func() []*Workload {
		var all []*Workload
		for _, namespace := range x.namespaces {
			all = append(all, x.spaces[namespace].workloads...)
		}
		return all
	})
	return x
}

// disturbed reports whether the workloads of a namespace may be others than
// before. Pods of a controller that is held come and go without a trace.
func (s *space) disturbed(t touched) bool {
	return t.controllers || slices.ContainsFunc(t.pods, func(p changedPod) bool {
		return (!s.holds(p.before) || !s.holds(p.after)) && !s.judgesAlike(p)
	})
}

// holds reports whether a pod belongs to a controller that is held.
func (s *space) holds(p *Pod) bool {
	if p == nil {
		return true
	}
	w, _ := s.owners.of(p.Owner)
	return w != nil
}

// judgesAlike reports whether no workload shows a change of a pod whose
// controller is not held: it has finished before already, or another member
// stands for that controller. The status of such pods changes all the time.
func (s *space) judgesAlike(p changedPod) bool {
	if p.before == nil || p.after == nil || p.before.Owner != p.after.Owner || p.before.Finished() != p.after.Finished() {
		return false
	}
	if p.before.Finished() {
		return true
	}
	w := s.of(p.before)
	return !standsAlone(p.before) && w != nil && w.Object != Object(p.before)
}

// space returns the index of a namespace, an empty one for a name unknown.
func (x *index) space(namespace string) *space {
	if s := x.spaces[namespace]; s != nil {
		return s
	}
	return &space{}
}

func (s *space) workload(ref Ref) *Workload {
	i, ok := slices.BinarySearchFunc(s.workloads, ref, func(w *Workload, ref Ref) int { return CompareRefs(w.Ref, ref) })
	if !ok {
		return nil
	}
	return s.workloads[i]
}

// of returns the workload that a pod rolls up to.
func (s *space) of(p *Pod) *Workload {
	if w, _ := s.owners.of(p.Owner); w != nil && !p.Owner.IsZero() {
		return w
	}
	if p.Finished() {
		return nil
	}
	if standsAlone(p) {
		return s.workload(p.Ref())
	}
	return s.workload(Ref{Group: p.Owner.Group, Kind: p.Owner.Kind, Namespace: p.Namespace, Name: p.Owner.Name})
}

// group puts pods, which are in order, under the workloads they roll up to. By
// their names the pods of a controller mostly follow each other: then they are
// part of the slice that they come in.
func (s *space) group(pods []*Pod) map[*Workload][]*Pod {
	grouped := make(map[*Workload][]*Pod, len(s.workloads))
	var family *Family
	var holder *Workload
	of := func(p *Pod) *Workload {
		if p.Family != family {
			family = p.Family
			holder, _ = s.owners.of(p.Owner)
		}
		if holder != nil {
			return holder
		}
		return s.of(p)
	}
	for len(pods) > 0 {
		w, n := of(pods[0]), 1
		for n < len(pods) && of(pods[n]) == w {
			n++
		}
		switch {
		case w == nil:
		case grouped[w] == nil:
			grouped[w] = pods[:n:n]
		default:
			grouped[w] = append(grouped[w], pods[:n]...)
		}
		pods = pods[n:]
	}
	return grouped
}

// standsAlone reports whether a pod has no controller: static pods are owned by
// their node.
func standsAlone(p *Pod) bool { return p.Owner.IsZero() || p.Owner.Kind == Nodes.Kind }

// Workloads returns every workload, by namespace, kind and name. The caller
// must not change the slice.
func (c *Cluster) Workloads() []*Workload { return c.index().all() }

// WorkloadsIn returns the workloads of a namespace. The caller must not change
// the slice. It is the one of the view before, in the same memory, if none of
// them changed; one that did not change is the same [Workload].
func (c *Cluster) WorkloadsIn(namespace string) []*Workload {
	return c.index().space(namespace).workloads
}

// Workload returns the workload that ref names, nil if there is none.
func (c *Cluster) Workload(ref Ref) *Workload { return c.index().space(ref.Namespace).workload(ref) }

// WorkloadOf returns the workload that a pod of this view rolls up to, nil for
// a finished pod without an owner.
func (c *Cluster) WorkloadOf(p *Pod) *Workload { return c.index().space(p.Namespace).of(p) }

// PodsOf returns the pods of a workload of this view. The caller must not
// change the slice.
func (c *Cluster) PodsOf(w *Workload) []*Pod {
	x := c.index()
	namespace := w.Ref.Namespace
	grouped, ok := x.podsOf.Load(namespace)
	if !ok {
		grouped, _ = x.podsOf.LoadOrStore(namespace, sync.OnceValue(func() map[*Workload][]*Pod {
			return x.space(namespace).group(c.Pods.In(namespace))
		}))
	}
	return grouped.(func() map[*Workload][]*Pod)()[w]
}

// WorkloadsRunningAs returns the workloads that run as a ServiceAccount. The
// caller must not change the slice.
func (c *Cluster) WorkloadsRunningAs(namespace, account string) []*Workload {
	return c.index().space(namespace).byAccount[account]
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
