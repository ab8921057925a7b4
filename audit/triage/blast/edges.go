package blast

import (
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// find returns what depends on an object at once.
func (w *walk) find(a *arrival) []edge {
	ref := a.to
	if a.pod != nil {
		return w.ofPod(a.pod)
	}
	if workload := w.c.Workload(ref); workload != nil {
		return w.ofWorkload(workload)
	}
	r, held := kube.ResourceOf(ref.Group, ref.Kind)
	switch {
	case !held:
		return w.owned(ref) // an operator's own kind may own pods
	case r == kube.Nodes:
		return w.ofNode(ref)
	case r == kube.Services:
		return w.ofService(ref)
	case slices.Contains([]kube.Resource{kube.ConfigMaps, kube.Secrets, kube.ServiceAccounts, kube.PersistentVolumeClaims}, r):
		return w.ofUsed(r, ref)
	case r == kube.PersistentVolumes:
		return w.ofVolume(ref)
	case r == kube.StorageClasses:
		return w.ofStorageClass(ref)
	case r == kube.APIServices:
		return w.ofAPIService(ref)
	case r == kube.Gateways:
		return w.ofGateway(ref)
	case slices.Contains(routes(), r):
		return routingOf.Of(w.c).gateways[ref]
	}
	return w.owned(ref)
}

// ofGateway returns the routes of a Gateway that is hit. One that has a route with a
// backend that is hit serves the others as before.
func (w *walk) ofGateway(ref kube.Ref) []edge {
	if !w.hit[ref] {
		return nil
	}
	w.look("", routes()...)
	return routingOf.Of(w.c).byGateway[ref]
}

// ofPod returns what depends on a pod.
func (w *walk) ofPod(p *kube.Pod) []edge {
	var edges []edge
	owner := w.c.WorkloadOf(p)
	switch {
	case owner == nil:
	case owner.Ref == p.Ref():
		edges = w.ofWorkload(owner)
	default:
		edges = append(edges, edge{to: owner.Ref, relation: Owns, free: true})
	}
	w.look(p.Namespace, kube.Services)
	for _, s := range w.c.ServicesSelectingPod(p) {
		edges = append(edges, edge{to: kube.Services.Ref(s.Namespace, s.Name), relation: Selects, certainty: Likely})
	}
	return append(edges, w.sharing(p, owner)...)
}

// sharing returns the workloads that share a claim with a pod. Where one node alone may
// have the volume, the pod holds it there.
func (w *walk) sharing(p *kube.Pod, owner *kube.Workload) []edge {
	var edges []edge
	for claim := range claimsOf(p) {
		ref := kube.PersistentVolumeClaims.Ref(p.Namespace, claim)
		certainty := Hint
		if _, single := w.singleNode(ref); single {
			certainty = Likely
		}
		for _, other := range w.usersOf(ref) {
			if other != owner {
				edges = append(edges, edge{to: other.Ref, relation: SharesClaim, certainty: certainty, last: true, detail: "claim " + claim})
			}
		}
	}
	return edges
}

// usersOf returns the workloads with a pod that uses a claim.
func (w *walk) usersOf(claim kube.Ref) []*kube.Workload {
	if known, ok := w.users[claim]; ok {
		return known
	}
	var found []*kube.Workload
	for _, u := range w.spaces.in(claim.Namespace).uses().of(kube.PersistentVolumeClaims, claim.Name) {
		for _, p := range u.pods {
			if owner := w.c.WorkloadOf(p); owner != nil && !p.Finished() && !slices.Contains(found, owner) {
				found = append(found, owner)
			}
		}
	}
	w.users[claim] = found
	return found
}

// singleNode returns the access mode of a claim that only one node, or one pod, may have
// mounted at a time; false for any other, and for one that is not held.
func (w *walk) singleNode(claim kube.Ref) (corev1.PersistentVolumeAccessMode, bool) {
	held, ok := w.c.PersistentVolumeClaims.Get(claim.Namespace, claim.Name)
	if !ok || len(held.Spec.AccessModes) == 0 {
		return "", false
	}
	for _, mode := range held.Spec.AccessModes {
		if mode != corev1.ReadWriteOnce && mode != corev1.ReadWriteOncePod {
			return "", false
		}
	}
	return held.Spec.AccessModes[0], true
}

// ofWorkload returns what depends on a workload; for one that is hit, its pods as well:
// those that are down, or all if none is.
func (w *walk) ofWorkload(workload *kube.Workload) []edge {
	ref := workload.Ref
	w.look(ref.Namespace, kube.Services, kube.HorizontalPodAutoscalers, kube.PodDisruptionBudgets, kube.NetworkPolicies)
	var edges []edge
	for _, h := range w.c.AutoscalersOf(workload) {
		edges = append(edges, edge{to: kube.HorizontalPodAutoscalers.Ref(h.Namespace, h.Name), relation: Scales, last: true})
	}
	for _, b := range w.c.BudgetsSelecting(workload) {
		edges = append(edges, edge{
			to: kube.PodDisruptionBudgets.Ref(b.Namespace, b.Name), relation: Budgets, certainty: Likely, last: true, detail: budget(b),
		})
	}
	for _, s := range w.c.ServicesSelecting(workload) {
		edges = append(edges, edge{to: kube.Services.Ref(s.Namespace, s.Name), relation: Selects, certainty: Likely})
	}
	edges = append(edges, w.permitted(workload)...)
	if !w.hit[ref] {
		return edges
	}
	w.look(ref.Namespace, kube.Pods)
	return append(edges, w.podsOf(w.c.PodsOf(workload))...)
}

// podsOf returns the steps to the pods of something that is hit: to those that are down,
// or to all of them if none is known to be.
func (w *walk) podsOf(pods []*kube.Pod) []edge {
	var all, down []edge
	for _, p := range pods {
		if p.Finished() {
			continue
		}
		e := edge{to: p.Ref(), pod: p, relation: Owns, free: true}
		all = append(all, e)
		if w.told && w.down(e.to) {
			down = append(down, e)
		}
	}
	if len(down) > 0 {
		return down
	}
	return all
}

// owned returns the pods of a controller that is no workload: a ReplicaSet of a
// Deployment, a Job of a CronJob.
func (w *walk) owned(ref kube.Ref) []edge {
	if ref.Namespace == "" {
		return nil
	}
	var pods []*kube.Pod
	for _, p := range w.c.Pods.In(ref.Namespace) {
		if p.Owner.Name == ref.Name && p.Owner.Kind == ref.Kind && p.Owner.Group == ref.Group {
			pods = append(pods, p)
		}
	}
	w.look(ref.Namespace, kube.Pods)
	return w.podsOf(pods)
}

// ofService returns what sends traffic to a Service, calls it or names it.
func (w *walk) ofService(ref kube.Ref) []edge {
	w.look(ref.Namespace, kube.Ingresses, kube.ReferenceGrants)
	w.look("", entrances()...)
	w.look("", callers()...)
	w.look("", kube.WorkloadResources()...)
	edges := slices.Clone(routingOf.Of(w.c).byService[ref])
	edges = append(edges, callersOf.Of(w.c)[ref]...)
	edges = append(edges, aliasesOf.Of(w.c)[ref]...)
	for _, namespace := range w.spaces.names {
		for _, naming := range w.spaces.in(namespace).mentions()[ref] {
			if !w.serves(ref, naming) {
				edges = append(edges, edge{to: naming, relation: Names, certainty: Hint})
			}
		}
	}
	return edges
}

// serves reports whether a Service selects a workload: that replicas find each other by
// its name makes nobody else depend on it.
func (w *walk) serves(service, workload kube.Ref) bool {
	served := w.c.Workload(workload)
	return served != nil && service.Namespace == workload.Namespace &&
		slices.ContainsFunc(w.c.ServicesSelecting(served), func(s *corev1.Service) bool { return s.Name == service.Name })
}
