package kube

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// deriver builds the workloads of a namespace from its objects.
type deriver struct {
	c         *Cluster
	namespace string
	before    *space // as it was in an earlier view, nil if there was none
	workloads map[Ref]*Workload
	owners    owners[Ref] // object of an owner chain → the workload it rolls up to
	// scalers are custom objects that make pods without a template of their own, referred
	// those of them whose template is that of a Deployment, by its name.
	scalers  map[Ref]*scaler
	referred map[string]*scaler
}

// deriveSpace finds the top of every owner chain of a namespace.
func deriveSpace(c *Cluster, namespace string, before *space) *space {
	d := &deriver{
		c: c, namespace: namespace, before: before, workloads: map[Ref]*Workload{}, owners: owners[Ref]{},
		scalers: map[Ref]*scaler{}, referred: map[string]*scaler{},
	}
	d.custom()
	d.controllers()
	d.batch()
	d.replicaSets()
	d.pods()
	s := &space{
		workloads: make([]*Workload, 0, len(d.workloads)),
		owners:    make(owners[*Workload], len(d.owners)),
		byAccount: map[string][]*Workload{},
	}
	for ref, w := range d.workloads {
		if before != nil {
			if held := before.workload(ref); held != nil && held.same(w) {
				w = held
			}
		}
		d.workloads[ref] = w
		s.workloads = append(s.workloads, w)
	}
	slices.SortFunc(s.workloads, func(a, b *Workload) int { return CompareRefs(a.Ref, b.Ref) })
	if before != nil && slices.Equal(before.workloads, s.workloads) {
		s.workloads = before.workloads
	}
	for kind, refs := range d.owners {
		of := make(map[string]*Workload, len(refs))
		for name, ref := range refs {
			of[name] = d.workloads[ref]
		}
		s.owners[kind] = of
	}
	for _, w := range s.workloads {
		s.byAccount[w.ServiceAccount()] = append(s.byAccount[w.ServiceAccount()], w)
	}
	return s
}

// same reports whether two workloads are made of the same object in the same
// way; all else follows from it.
func (w *Workload) same(other *Workload) bool {
	return w.Object == other.Object && w.Held == other.Held && w.Scaler == other.Scaler && w.Controller == other.Controller && w.Ref == other.Ref
}

func (d *deriver) ref(o Owner) Ref {
	return Ref{Group: o.Group, Kind: o.Kind, Namespace: d.namespace, Name: o.Name}
}

func ownerOf(r Resource, name string) Owner { return Owner{Group: r.Group, Kind: r.Kind, Name: name} }

// controller is an object that owns pods by itself.
type controller interface {
	Object
	GetLabels() map[string]string
	GetAnnotations() map[string]string
}

// ownerOfController returns the controlling owner of a controller.
func ownerOfController(o controller) Owner {
	if set, ok := o.(*ReplicaSet); ok {
		return set.Owner
	}
	object, _ := o.(metav1.Object)
	return controllerOf(object)
}

// add notes a workload that an object of the API stands for; make is not called
// for one that is the same as before.
func (d *deriver) add(r Resource, o controller, build func() *Workload) {
	ref := r.Ref(o.GetNamespace(), o.GetName())
	d.owners.set(ownerOf(r, o.GetName()), ref)
	if d.before != nil {
		if held := d.before.workload(ref); held != nil && held.Object == Object(o) && held.Held && held.Scaler == nil {
			d.workloads[ref] = held
			return
		}
	}
	w := build()
	w.Ref, w.Object = ref, o
	w.Labels, w.Annotations, w.Held = o.GetLabels(), o.GetAnnotations(), true
	w.Controller = ownerOfController(o)
	d.workloads[w.Ref] = w
}

// templated returns a workload of a pod template.
func templated(path string, t *corev1.PodTemplateSpec, selector labels.Selector, replicas *int32) *Workload {
	w := &Workload{Replicas: replicas, Selector: selector, Pod: Template{path, t.Labels, t.Annotations, &t.Spec}}
	if replicas != nil {
		w.ReplicasPath = "spec.replicas"
	}
	return w
}

// templateSpec is where most kinds have the pod spec.
const templateSpec = "spec.template.spec"

func (d *deriver) controllers() {
	for _, o := range d.c.Deployments.In(d.namespace) {
		if d.rollUp(Deployments, o.Name, aboveDeployment(controllerOf(o), o.Labels)) {
			continue
		}
		d.add(Deployments, o, func() *Workload {
			return templated(templateSpec, &o.Spec.Template, selectorOf(o.Spec.Selector), replicasOf(o.Spec.Replicas))
		})
		if s := d.referred[o.Name]; s != nil {
			ref := Deployments.Ref(d.namespace, o.Name)
			scaled := *d.workloads[ref] // it may be that of the view before
			s.scale(&scaled)
			d.workloads[ref] = &scaled
			d.owners.set(ownerOf(s.resource, s.object.GetName()), ref)
		}
	}
	for _, o := range d.c.StatefulSets.In(d.namespace) {
		d.add(StatefulSets, o, func() *Workload {
			return templated(templateSpec, &o.Spec.Template, selectorOf(o.Spec.Selector), replicasOf(o.Spec.Replicas))
		})
	}
	for _, o := range d.c.DaemonSets.In(d.namespace) {
		d.add(DaemonSets, o, func() *Workload {
			return templated(templateSpec, &o.Spec.Template, selectorOf(o.Spec.Selector), nil)
		})
	}
	for _, o := range d.c.ReplicationControllers.In(d.namespace) {
		if o.Spec.Template == nil {
			continue
		}
		d.add(ReplicationControllers, o, func() *Workload {
			return templated(templateSpec, o.Spec.Template, labels.SelectorFromSet(o.Spec.Selector), replicasOf(o.Spec.Replicas))
		})
	}
}

func (d *deriver) batch() {
	for _, o := range d.c.CronJobs.In(d.namespace) {
		d.add(CronJobs, o, func() *Workload {
			return templated("spec.jobTemplate.spec.template.spec", &o.Spec.JobTemplate.Spec.Template, nil, nil)
		})
	}
	for _, o := range d.c.Jobs.In(d.namespace) {
		if d.rollUp(Jobs, o.Name, controllerOf(o)) {
			continue
		}
		d.add(Jobs, o, func() *Workload {
			return templated(templateSpec, &o.Spec.Template, selectorOf(o.Spec.Selector), nil)
		})
	}
}

func (d *deriver) replicaSets() {
	for _, o := range d.c.ReplicaSets.In(d.namespace) {
		switch {
		case d.rollUp(ReplicaSets, o.Name, o.Owner):
		case o.Owner.IsZero():
			d.add(ReplicaSets, o, func() *Workload {
				return templated(templateSpec, o.Template(), selectorOf(o.Selector), new(o.Replicas))
			})
		case o.Replicas == 0: // a past revision of a controller that the view does not hold
		default:
			d.group(o)
		}
	}
}

func (d *deriver) pods() {
	for _, p := range d.c.Pods.In(d.namespace) {
		if _, ok := d.owners.of(p.Owner); ok || p.Finished() {
			continue
		}
		w := &Workload{Object: p, Pod: Template{"spec", p.Labels, p.Annotations, p.Spec}}
		if standsAlone(p) {
			w.Ref, w.Labels, w.Annotations, w.Held = p.Ref(), p.Labels, p.Annotations, true
			d.workloads[w.Ref] = w
			continue
		}
		owner := d.ref(p.Owner)
		if _, held := d.workloads[owner]; held {
			continue
		}
		w.Ref, w.Labels, w.Controller = owner, p.Labels, p.Owner
		if s := d.scalers[owner]; s != nil {
			s.scale(w)
		}
		d.workloads[owner] = w
	}
}

// rollUp notes under which workload an object counts, if the view holds its owner.
func (d *deriver) rollUp(r Resource, name string, owner Owner) bool {
	top, ok := d.owners.of(owner)
	if ok {
		d.owners.set(ownerOf(r, name), top)
	}
	return ok
}

// group gathers the ReplicaSets of a controller that the view does not hold; the
// newest of them stands for it.
func (d *deriver) group(o *ReplicaSet) {
	top := d.ref(o.Owner)
	d.owners.set(ownerOf(ReplicaSets, o.Name), top)
	if held, ok := d.workloads[top]; ok {
		older, isSet := held.Object.(*ReplicaSet)
		if isSet && !o.Created().After(older.Created()) {
			return
		}
	}
	if d.before != nil {
		if held := d.before.workload(top); held != nil && held.Object == Object(o) && held.Scaler == nil && d.scalers[top] == nil {
			d.workloads[top] = held
			return
		}
	}
	w := templated(templateSpec, o.Template(), nil, nil) // selector and replicas are those of one member, not of the whole
	w.Ref, w.Object, w.Labels, w.Annotations, w.Controller = top, o, o.Labels, o.Annotations, o.Owner
	if s := d.scalers[top]; s != nil {
		s.scale(w)
	}
	d.workloads[top] = w
}

func replicasOf(declared *int32) *int32 {
	if declared != nil {
		return declared
	}
	return new(int32(1))
}

func selectorOf(s *metav1.LabelSelector) labels.Selector {
	selector, err := metav1.LabelSelectorAsSelector(s)
	if err != nil {
		return labels.Nothing()
	}
	return selector
}
