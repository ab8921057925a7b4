package kube

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Builder gathers the objects of a [Source] and publishes views of them. It may
// be used by several goroutines at once.
//
// The Builder owns what it is given: it drops what the view does not hold from
// the object itself, so a caller must not share it.
type Builder struct {
	mu         sync.Mutex
	info       Info
	clock      Clock
	stores     map[Resource]store
	states     map[stateKey]State
	origins    map[Ref]Origin
	specs      *specs
	maps       *mapSharing
	generation uint64
	last       *Cluster
	basis      basis // the newest index that somebody asked for
	shared     bool  // a view has the origins
}

type stateKey struct {
	resource  Resource
	namespace string
}

// NewBuilder returns an empty Builder.
func NewBuilder(info Info) *Builder {
	b := &Builder{
		info:    info,
		stores:  map[Resource]store{},
		states:  map[stateKey]State{},
		origins: map[Ref]Origin{},
		specs:   newSpecs(),
		maps:    newMapSharing(),
	}
	for _, s := range allShelves() {
		b.stores[s.resource()] = s.newStore()
	}
	return b
}

// SetInfo replaces what is said of the cluster.
func (b *Builder) SetInfo(info Info) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.info = info
}

// Set keeps an object of a resource, in place of any of the same name. It
// takes the API type of the resource or what the view holds of it: a [PodOfSpec]
// or a [Pod] for pods, a [ReplicaSetOfSpec] or a [ReplicaSet], an [EndpointSlice],
// a [ControllerRevision], a [Lease],
// [metav1.PartialObjectMetadata] for Secrets and ConfigMaps, whose data is
// dropped, and [Usage] for metrics. The error is [ErrWrongType], or why a pod
// spec cannot be kept.
func (b *Builder) Set(r Resource, o Object) error {
	kept, err := b.lean(r, o)
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	s, ok := b.stores[r]
	if !ok {
		return fmt.Errorf("keeping %s %s/%s: %w", r, o.GetNamespace(), o.GetName(), ErrWrongType)
	}
	return s.set(kept)
}

// Delete forgets an object; it is no error if there is none.
func (b *Builder) Delete(r Resource, namespace, name string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if s, ok := b.stores[r]; ok {
		s.remove(namespace, name)
	}
}

// Replace keeps exactly these objects of a resource, within a namespace or,
// with "", everywhere.
func (b *Builder) Replace(r Resource, namespace string, objects []Object) error {
	kept := make([]Object, len(objects))
	for i, o := range objects {
		var err error
		if kept[i], err = b.lean(r, o); err != nil {
			return err
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	s, ok := b.stores[r]
	if !ok {
		return fmt.Errorf("keeping %s: %w", r, ErrWrongType)
	}
	s.removeAll(namespace)
	for _, o := range kept {
		if err := s.set(o); err != nil {
			return err
		}
	}
	return nil
}

// Count returns how many objects of a resource are kept, in a namespace or,
// with "", in all.
func (b *Builder) Count(r Resource, namespace string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	if s, ok := b.stores[r]; ok {
		return s.count(namespace)
	}
	return 0
}

// SetState says how far the reading of a resource has come.
func (b *Builder) SetState(s State) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.states[stateKey{s.Resource, s.Namespace}] = s
}

// DropState forgets the state of a resource in a namespace, as if it had never
// been asked for.
func (b *Builder) DropState(r Resource, namespace string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.states, stateKey{r, namespace})
}

// SetOrigin says where an object was written down.
func (b *Builder) SetOrigin(ref Ref, o Origin) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.shared {
		b.origins, b.shared = maps.Clone(b.origins), false
	}
	b.origins[ref] = o
}

// Build publishes the next view, which shares every table that did not change
// with the one before.
func (b *Builder) Build(now time.Time) *Cluster {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.generation++
	c := &Cluster{Generation: b.generation, Time: now, Clock: b.clock, Info: b.info, origins: b.origins, stateOf: make(map[stateKey]State, len(b.states))}
	b.shared = true
	b.touch()
	for _, s := range b.stores {
		s.publish(c)
	}
	for key, s := range b.states {
		if s.Count == 0 {
			s.Count = b.stores[key.resource].count(key.namespace)
		}
		c.states = append(c.states, s)
		c.stateOf[key] = s
		if s.Blind() && !slices.Contains(c.blindTo, s.Resource) {
			c.blindTo = append(c.blindTo, s.Resource)
		}
	}
	sortStates(c.states)
	if b.basis.index != nil {
		c.basis = b.basis.clone()
	}
	c.inheritDerivations(b.last)
	b.last = c
	return c
}

// touch notes what the next view changes of what workloads are made of, since
// the newest index.
func (b *Builder) touch() {
	if b.last != nil {
		if x := b.last.derived.Load(); x != nil {
			b.basis = basis{index: x, touched: map[string]touched{}}
		}
	}
	if b.basis.index == nil {
		return
	}
	for _, r := range WorkloadResources() {
		b.stores[r].changed(func(namespace string, before, after Object) {
			t := b.basis.touched[namespace]
			if r == Pods && !t.controllers && len(t.pods) < large {
				was, _ := before.(*Pod)
				is, _ := after.(*Pod)
				t.pods = append(t.pods, changedPod{was, is})
			} else {
				t = touched{controllers: true}
			}
			b.basis.touched[namespace] = t
		})
	}
}

// lean turns an API object into what the view holds.
func (b *Builder) lean(r Resource, o Object) (Object, error) {
	switch o := o.(type) {
	case *corev1.Pod:
		stripMetadata(&o.ObjectMeta)
		row := b.maps.pod(o)
		row.Spec = b.specs.share(Shareable(&o.Spec))
		row.Labels, row.Annotations = b.maps.share(row.Labels), b.maps.share(row.Annotations)
		return row, nil
	case *PodOfSpec:
		row := b.maps.pod(o.Pod)
		row.Spec = o.Shared
		return row, nil
	case *corev1.Secret:
		return b.lean(r, metadataOf(&o.ObjectMeta, Secrets.Kind))
	case *corev1.ConfigMap:
		return b.lean(r, metadataOf(&o.ObjectMeta, ConfigMaps.Kind))
	case *appsv1.ReplicaSet:
		encoded, err := o.Spec.Template.Spec.Marshal()
		if err != nil {
			return nil, fmt.Errorf("encoding the pod spec of %s: %w", ReplicaSets.Ref(o.Namespace, o.Name), err)
		}
		return b.maps.replicaSet(o, EncodedPodSpecOf(encoded)), nil
	case *ReplicaSetOfSpec:
		return b.maps.replicaSet(o.ReplicaSet, o.Encoded), nil
	case *discoveryv1.EndpointSlice:
		return b.maps.endpointSlice(o), nil
	case *appsv1.ControllerRevision:
		return b.maps.controllerRevision(o), nil
	case *coordinationv1.Lease:
		return b.maps.lease(o), nil
	case *unstructured.Unstructured:
		return leanCustom(r, o), nil
	case *metav1.PartialObjectMetadata:
		if r.Custom() {
			return customOf(r, o), nil
		}
	}
	if o, ok := o.(metav1.ObjectMetaAccessor); ok {
		applied := appliedOtherwise(r, o.GetObjectMeta())
		stripMetadata(o.GetObjectMeta())
		keepApplied(o.GetObjectMeta(), applied)
		b.maps.metadata(o.GetObjectMeta())
	}
	b.maps.spec(o)
	stripBulk(o)
	return o, nil
}
