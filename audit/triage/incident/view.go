package incident

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// view is a cluster and what was asked of it, and of those before.
type view struct {
	*kube.Cluster
	*weighing
}

// impact weighs an owner.
func (v *view) impact(o *owner) impact {
	return recall(v, o, &o.impact, func() impact {
		if w := v.Workload(o.ref); w != nil {
			return impact{triage.ImpactOn(v.Cluster, w), w}
		}
		return impact{}
	})
}

// severity returns how bad a signal is by its impact. What is shared counts for a
// step more, also where the detector knows how bad it is.
func (v *view) severity(f *fact) triage.Severity {
	if f.Workload.IsZero() {
		return f.Weigh(nil, triage.Impact{})
	}
	left := v.impact(f.of)
	severity := f.Weigh(left.of, left.Impact)
	if f.Severity != 0 && severity != triage.S4 && left.Shared != "" {
		severity = severity.Raised()
	}
	return severity
}

// revision returns the number of the revision that a pod of a Deployment is of
// (annotation deployment.kubernetes.io/revision of its ReplicaSet), "" if it has none.
func (v *view) revision(pod *kube.Pod) string {
	if pod == nil || pod.Owner.Kind != kube.ReplicaSets.Kind {
		return ""
	}
	set, ok := v.ReplicaSets.Get(pod.Namespace, pod.Owner.Name)
	if !ok {
		return ""
	}
	return set.Annotations["deployment.kubernetes.io/revision"]
}

// behind returns what an object depends on to work: workloads, and the Services in
// between. It is empty for what depends on nothing that the view knows.
func (v *view) behind(f *fact) (workloads, services []kube.Ref) {
	add := func(s *corev1.Service) {
		services = append(services, kube.Services.Ref(s.Namespace, s.Name))
		for _, w := range v.WorkloadsServed(s) {
			workloads = append(workloads, w.Ref)
		}
	}
	for _, ref := range v.serving(f) {
		if s, ok := v.Services.Get(ref.Namespace, ref.Name); ok {
			add(s)
			continue
		}
		services = append(services, ref)
	}
	switch f.Object.Kind {
	case kube.HorizontalPodAutoscalers.Kind:
		if h, ok := v.HorizontalPodAutoscalers.Get(f.Object.Namespace, f.Object.Name); ok {
			workloads = append(workloads, kube.ScaleTarget(h))
		}
	case kube.PodDisruptionBudgets.Kind:
		if b, ok := v.PodDisruptionBudgets.Get(f.Object.Namespace, f.Object.Name); ok {
			for _, w := range v.WorkloadsSelected(b.Namespace, b.Spec.Selector) {
				workloads = append(workloads, w.Ref)
			}
		}
	}
	if !f.Workload.IsZero() {
		workloads = append(workloads, f.Workload)
	}
	return workloads, services
}
