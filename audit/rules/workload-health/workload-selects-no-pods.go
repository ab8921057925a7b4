package workloadhealth

import (
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var workloadSelectsNoPods = &audit.Rule{
	ID:       "workload-selects-no-pods",
	Title:    "A workload has no pods at all",
	Severity: audit.High,
	Rationale: "It declares replicas and has not one: nothing that it is for is done. " +
		"Either its pods are refused, or no controller looks after it.",
	Remediation: "See the events of the workload and of its ReplicaSet: a quota, an admission policy or a ServiceAccount that is missing refuses pods. " +
		"Without any event, see whether kube-controller-manager runs.",
	Since:    "2",
	Subjects: []kube.Resource{kube.Deployments, kube.StatefulSets, kube.DaemonSets},
	Reads:    []kube.Resource{kube.Pods},
	Consults: []kube.Resource{kube.ReplicaSets, kube.Events},
	Timed:    true,
	Parameters: []audit.Parameter{{
		Name:  "graceMinutes",
		About: "For how many minutes after a change a workload may be without pods.",
		Value: 5,
	}},
	Check: eachOf([]kube.Resource{kube.Deployments, kube.StatefulSets, kube.DaemonSets}, func(p *audit.Pass, w *kube.Workload) {
		wanted, counted, meta := population(w)
		if meta == nil || wanted == 0 || p.Cluster.Info.Offline {
			p.NotApplicable()
			return
		}
		if len(p.Cluster.PodsOf(w)) > 0 {
			return
		}
		if counted > 0 {
			p.Unknown(fmt.Sprintf("its status counts %d pods that the view does not have", counted))
			return
		}
		changed := lastChange(meta)
		if !p.Cluster.Lasted(changed, p.Number("graceMinutes")) {
			return
		}
		f := audit.Finding{
			Path:    "spec.selector",
			Message: fmt.Sprintf("it has no pods and is meant to have %d", wanted),
			Detail:  "No pod bears the labels of its selector.",
		}
		if !changed.IsZero() {
			f.Detail = fmt.Sprintf("It was last changed at %s, and no pod bears the labels of its selector.", kube.Moment(changed))
		}
		if refused := refusal(p.Cluster, w.Ref); refused != nil {
			f.Detail += " The controller says: " + quote(refused.Message)
		}
		if d, ok := w.Object.(*appsv1.Deployment); ok && stalled(d) != nil && d.Status.ObservedGeneration >= d.Generation {
			f.Implied = rolloutStalled.ID
		}
		p.Report(f)
	}),
}

// population returns how many pods a workload wants and how many its status
// counts.
func population(w *kube.Workload) (wanted, counted int32, meta *metav1.ObjectMeta) {
	switch o := w.Object.(type) {
	case *appsv1.Deployment:
		return *w.Replicas, o.Status.Replicas, &o.ObjectMeta
	case *appsv1.StatefulSet:
		return *w.Replicas, o.Status.Replicas, &o.ObjectMeta
	case *appsv1.DaemonSet:
		return o.Status.DesiredNumberScheduled, o.Status.CurrentNumberScheduled, &o.ObjectMeta
	}
	return 0, 0, nil
}

// lastChange returns when somebody last wrote an object, other than its status.
func lastChange(meta *metav1.ObjectMeta) metav1.Time {
	latest := meta.CreationTimestamp
	for i := range meta.ManagedFields {
		if m := &meta.ManagedFields[i]; m.Subresource != "status" && m.Time != nil && m.Time.After(latest.Time) {
			latest = *m.Time
		}
	}
	return latest
}
