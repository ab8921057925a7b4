package incident

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// view is a cluster and what was asked of it in one Update.
type view struct {
	*kube.Cluster
	impacts    map[kube.Ref]triage.Impact
	roles      map[kube.Ref]string
	severities map[weight]triage.Severity
}

// weight is all on which the severity of a signal depends.
type weight struct {
	workload kube.Ref
	own      triage.Severity
	least    triage.Severity
	mild     bool
}

func newView(c *kube.Cluster) *view {
	return &view{c, map[kube.Ref]triage.Impact{}, map[kube.Ref]string{}, map[weight]triage.Severity{}}
}

// impact weighs a workload, false for one that the view does not hold.
func (v *view) impact(ref kube.Ref) (triage.Impact, bool) {
	if i, known := v.impacts[ref]; known {
		return i, true
	}
	w := v.Workload(ref)
	if w == nil {
		return triage.Impact{}, false
	}
	i := triage.ImpactOn(v.Cluster, w)
	v.impacts[ref], v.roles[ref] = i, i.Shared
	return i, true
}

// role returns what a workload does for all others.
func (v *view) role(ref kube.Ref) string {
	if role, known := v.roles[ref]; known {
		return role
	}
	role := ""
	if w := v.Workload(ref); w != nil {
		role = triage.SharedRole(v.Cluster, w)
	}
	v.roles[ref] = role
	return role
}

// severity returns how bad a signal is by its impact. What is shared counts for a
// step more, also where the detector knows how bad it is.
func (v *view) severity(s *triage.Signal) triage.Severity {
	by := weight{s.Workload, s.Severity, s.Least, s.Mild}
	if severity, known := v.severities[by]; known {
		return severity
	}
	severity := triage.SeverityOf(v.Cluster, s)
	if s.Severity != 0 && severity != triage.S4 && v.role(s.Workload) != "" {
		severity = severity.Raised()
	}
	v.severities[by] = severity
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
