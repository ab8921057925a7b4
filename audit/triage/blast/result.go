package blast

import (
	"fmt"
	"maps"
	"slices"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// loss is how much of something is lost.
type loss struct{ lost, reached int }

// result tells what the walk has found.
func (w *walk) result() *Radius {
	workloads, services := w.losses()
	r := &Radius{Pods: len(w.pods), Zones: w.zones, Blind: nil}
	all := make([]Dependent, 0, len(w.reached))
	for ref, a := range w.reached {
		d := Dependent{
			Object: ref, Through: a.through, Relation: a.relation, Certainty: a.certainty, Distance: max(1, a.distance),
			When: a.when, Optional: a.optional, Detail: a.detail,
		}
		switch {
		case isService(ref):
			w.service(r, &d, services[ref].lost, a.counted())
		case w.c.Workload(ref) != nil:
			w.workload(r, &d, workloads[ref], a.counted())
		}
		all = append(all, d)
	}
	for ref := range w.hit {
		d := Dependent{Object: ref}
		switch {
		case isService(ref):
			w.service(r, &d, services[ref].lost, true)
		case w.c.Workload(ref) != nil:
			w.workload(r, &d, workloads[ref], true)
		}
	}
	slices.SortFunc(all, compareDependents)
	r.Dependents = all[:min(len(all), MaxListed):min(len(all), MaxListed)]
	r.More = len(all) - len(r.Dependents)
	r.HostNames = slices.Sorted(maps.Keys(w.hosts))
	r.Hosts = len(r.HostNames)
	slices.SortFunc(w.hubs, compareHubs)
	r.Hubs = w.hubs
	r.Blind = blindOf(w.blind)
	return r
}

func isService(ref kube.Ref) bool { return ref.Kind == kube.Services.Kind && ref.Group == "" }

// lost reports whether a pod that was reached serves nothing now.
func (w *walk) lost(p *kube.Pod) bool {
	if w.down(p.Ref()) {
		return true
	}
	if node := kube.Nodes.Ref("", p.Node); p.Node != "" && w.hit[node] && w.down(node) {
		return true
	}
	owner := w.c.WorkloadOf(p)
	return owner != nil && w.hit[owner.Ref] && w.down(owner.Ref)
}

// losses counts the pods that were reached by their workloads and Services.
func (w *walk) losses() (workloads, services map[kube.Ref]loss) {
	workloads, services = map[kube.Ref]loss{}, map[kube.Ref]loss{}
	for p := range w.pods {
		lost := w.lost(p)
		if owner := w.c.WorkloadOf(p); owner != nil {
			workloads[owner.Ref] = workloads[owner.Ref].and(lost)
		}
		for _, s := range w.c.ServicesSelectingPod(p) {
			ref := kube.Services.Ref(s.Namespace, s.Name)
			services[ref] = services[ref].and(lost)
		}
	}
	return workloads, services
}

func (l loss) and(lost bool) loss {
	l.reached++
	if lost {
		l.lost++
	}
	return l
}

// workload says how much of a workload is lost, and counts it.
func (w *walk) workload(r *Radius, d *Dependent, l loss, counted bool) {
	running := 0
	for _, p := range w.c.PodsOf(w.c.Workload(d.Object)) {
		if !p.Finished() {
			running++
		}
	}
	hit := l.lost
	if d.When == NextStart {
		hit = l.reached
	}
	if hit > 0 {
		d.Lost = fmt.Sprintf("%d of %d pods", hit, running)
	}
	d.Whole = running > 0 && l.lost >= running
	if !counted {
		return
	}
	r.Workloads++
	if d.Whole {
		r.WorkloadsDown++
	}
}

// service says how much of a Service is lost, and counts it.
func (w *walk) service(r *Radius, d *Dependent, lost int, counted bool) {
	e := w.endpointsOf(d.Object)
	all := max(e.all, lost)
	d.Whole = e.none || lost > 0 && lost == all
	switch {
	case lost > 0 && e.none && lost < all:
		d.Lost = fmt.Sprintf("%d of %d endpoints, none is ready", lost, all)
	case lost > 0:
		d.Lost = fmt.Sprintf("%d of %d endpoints", lost, all)
	case e.none:
		d.Lost = "no endpoint is ready"
	}
	if !counted {
		return
	}
	r.Services++
	if d.Whole {
		r.ServicesDown++
	}
}
