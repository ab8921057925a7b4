package kube

import (
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// deriver builds the workloads of a view from its objects.
type deriver struct {
	c         *Cluster
	workloads map[Ref]*Workload
	owners    map[Ref]Ref // object of an owner chain → the workload it rolls up to
}

// deriveWorkloads finds the top of every owner chain.
func deriveWorkloads(c *Cluster) ([]*Workload, map[*Pod]*Workload) {
	d := &deriver{c: c, workloads: map[Ref]*Workload{}, owners: map[Ref]Ref{}}
	d.controllers()
	d.batch()
	d.replicaSets()
	of := d.pods()
	all := make([]*Workload, 0, len(d.workloads))
	for _, w := range d.workloads {
		all = append(all, w)
	}
	slices.SortFunc(all, func(a, b *Workload) int { return CompareRefs(a.Ref, b.Ref) })
	return all, of
}

func (d *deriver) add(r Resource, o metav1.Object, w *Workload) {
	w.Ref = r.Ref(o.GetNamespace(), o.GetName())
	w.Labels, w.Annotations, w.Held = o.GetLabels(), o.GetAnnotations(), true
	w.Controller = controllerOf(o)
	d.workloads[w.Ref] = w
	d.owners[w.Ref] = w.Ref
}

func (d *deriver) controllers() {
	for o := range d.c.Deployments.All() {
		d.add(Deployments, o, &Workload{
			Object: o, Replicas: replicasOf(o.Spec.Replicas), Selector: selectorOf(o.Spec.Selector),
			Pod: Template{"spec.template.spec", o.Spec.Template.Labels, o.Spec.Template.Annotations, &o.Spec.Template.Spec},
		})
	}
	for o := range d.c.StatefulSets.All() {
		d.add(StatefulSets, o, &Workload{
			Object: o, Replicas: replicasOf(o.Spec.Replicas), Selector: selectorOf(o.Spec.Selector),
			Pod: Template{"spec.template.spec", o.Spec.Template.Labels, o.Spec.Template.Annotations, &o.Spec.Template.Spec},
		})
	}
	for o := range d.c.DaemonSets.All() {
		d.add(DaemonSets, o, &Workload{
			Object: o, Selector: selectorOf(o.Spec.Selector),
			Pod: Template{"spec.template.spec", o.Spec.Template.Labels, o.Spec.Template.Annotations, &o.Spec.Template.Spec},
		})
	}
	for o := range d.c.ReplicationControllers.All() {
		if o.Spec.Template == nil {
			continue
		}
		d.add(ReplicationControllers, o, &Workload{
			Object: o, Replicas: replicasOf(o.Spec.Replicas), Selector: labels.SelectorFromSet(o.Spec.Selector),
			Pod: Template{"spec.template.spec", o.Spec.Template.Labels, o.Spec.Template.Annotations, &o.Spec.Template.Spec},
		})
	}
}

func (d *deriver) batch() {
	for o := range d.c.CronJobs.All() {
		t := &o.Spec.JobTemplate.Spec.Template
		d.add(CronJobs, o, &Workload{
			Object: o, Pod: Template{"spec.jobTemplate.spec.template.spec", t.Labels, t.Annotations, &t.Spec},
		})
	}
	for o := range d.c.Jobs.All() {
		if d.rollUp(Jobs, o) {
			continue
		}
		d.add(Jobs, o, &Workload{
			Object: o, Selector: selectorOf(o.Spec.Selector),
			Pod: Template{"spec.template.spec", o.Spec.Template.Labels, o.Spec.Template.Annotations, &o.Spec.Template.Spec},
		})
	}
}

func (d *deriver) replicaSets() {
	for o := range d.c.ReplicaSets.All() {
		if d.rollUp(ReplicaSets, o) {
			continue
		}
		w := &Workload{
			Object: o, Replicas: replicasOf(o.Spec.Replicas), Selector: selectorOf(o.Spec.Selector),
			Pod: Template{"spec.template.spec", o.Spec.Template.Labels, o.Spec.Template.Annotations, &o.Spec.Template.Spec},
		}
		owner := controllerOf(o)
		if owner.IsZero() {
			d.add(ReplicaSets, o, w)
			continue
		}
		if o.Spec.Replicas != nil && *o.Spec.Replicas == 0 {
			continue // a past revision of a controller that the view does not hold
		}
		d.group(owner, ReplicaSets.Ref(o.Namespace, o.Name), o, w)
	}
}

func (d *deriver) pods() map[*Pod]*Workload {
	of := map[*Pod]*Workload{}
	for p := range d.c.Pods.All() {
		owner := Ref{Group: p.Owner.Group, Kind: p.Owner.Kind, Namespace: p.Namespace, Name: p.Owner.Name}
		if top, ok := d.owners[owner]; ok {
			of[p] = d.workloads[top]
			continue
		}
		if p.Finished() {
			continue
		}
		w := &Workload{Object: p, Pod: Template{"spec", p.Labels, p.Annotations, p.Spec}}
		if p.Owner.IsZero() || p.Owner.Kind == Nodes.Kind { // static pods are owned by their node
			w.Ref, w.Labels, w.Annotations, w.Held = p.Ref(), p.Labels, p.Annotations, true
			d.workloads[w.Ref] = w
			of[p] = w
			continue
		}
		d.owners[p.Ref()] = owner
		if held, ok := d.workloads[owner]; ok {
			of[p] = held
			continue
		}
		w.Ref, w.Labels, w.Controller = owner, p.Labels, p.Owner
		d.workloads[owner] = w
		of[p] = w
	}
	return of
}

// rollUp notes under which workload an object counts, if the view holds its owner.
func (d *deriver) rollUp(r Resource, o metav1.Object) bool {
	owner := controllerOf(o)
	top, ok := d.owners[Ref{Group: owner.Group, Kind: owner.Kind, Namespace: o.GetNamespace(), Name: owner.Name}]
	if ok {
		d.owners[r.Ref(o.GetNamespace(), o.GetName())] = top
	}
	return ok
}

// group gathers the members of a controller that the view does not hold; the
// newest of them stands for it.
func (d *deriver) group(owner Owner, member Ref, o metav1.Object, w *Workload) {
	top := Ref{Group: owner.Group, Kind: owner.Kind, Namespace: o.GetNamespace(), Name: owner.Name}
	d.owners[member] = top
	if held, ok := d.workloads[top]; ok {
		older, isObject := held.Object.(metav1.Object)
		if isObject && !o.GetCreationTimestamp().After(older.GetCreationTimestamp().Time) {
			return
		}
	}
	w.Ref, w.Labels, w.Annotations, w.Controller = top, o.GetLabels(), o.GetAnnotations(), owner
	w.Replicas, w.Selector = nil, nil // those of one member, not of the whole
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
