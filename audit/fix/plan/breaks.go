package plan

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// breaks says what a change of an object means for what runs, beside the risks of its
// fixes: those are about the program, and these about how Kubernetes takes the change.
// Each is a clause about the object, which it calls "it".
func (p *Plan) breaks(o *Object) []string {
	if o.Action == Delete {
		return nil
	}
	var found []string
	was, is := p.Before.Cluster.Workload(o.Ref), p.After.Cluster.Workload(o.Ref)
	if was != nil && is != nil && was.Held && is.Held {
		if !reflect.DeepEqual(was.Pod, is.Pod) {
			found = append(found, rollout(is))
		}
		found = append(found, rescaled(p.After.Cluster, is, o.Edits))
	}
	if after, ok := p.After.Cluster.Find(o.Ref); ok {
		found = append(found, around(p.After.Cluster, o.Action, after))
	}
	return slices.DeleteFunc(found, func(clause string) bool { return clause == "" })
}

// around says what an object means for workloads that it is about.
func around(c *kube.Cluster, a Action, o kube.Object) string {
	switch o := o.(type) {
	case *policyv1.PodDisruptionBudget:
		return blocking(c, o)
	case *autoscalingv2.HorizontalPodAutoscaler:
		if a == Create {
			return fighting(c, o)
		}
	case *networkingv1.NetworkPolicy:
		if n := len(c.WorkloadsSelected(o.Namespace, &o.Spec.PodSelector)); n > 0 {
			return fmt.Sprintf("it cuts what no policy allows for the pods of %d of the workloads in view", n)
		}
	case *corev1.ServiceAccount:
		if a == Change && len(c.WorkloadsRunningAs(o.Namespace, o.Name)) > 0 {
			return "the pods that run as it see the change when they are made again"
		}
	}
	return ""
}

// rollout says how the pods of a workload become those of its new template
// (kubernetes.io/docs/concepts/workloads/controllers); "" where one takes the place of
// another and nobody notices.
func rollout(w *kube.Workload) string {
	const keep = "its pods keep the old template until somebody deletes them"
	switch o := w.Object.(type) {
	case *appsv1.Deployment:
		return rolling(w, o)
	case *appsv1.StatefulSet:
		switch {
		case o.Spec.UpdateStrategy.Type == appsv1.OnDeleteStatefulSetStrategyType:
			return keep + " (updateStrategy OnDelete)"
		case replicasOf(w) == 1:
			return "it is down while its only pod is made again"
		case replicasOf(w) > 1:
			return "its pods are made again one after the other, the highest number first"
		}
	case *appsv1.DaemonSet:
		if o.Spec.UpdateStrategy.Type == appsv1.OnDeleteDaemonSetStrategyType {
			return keep + " (updateStrategy OnDelete)"
		}
		if rolling := o.Spec.UpdateStrategy.RollingUpdate; rolling == nil || scaled(rolling.MaxSurge, "0", 100, true) == 0 {
			return "each node is without its pod while that is made again"
		}
	}
	switch w.Ref.Kind {
	case kube.ReplicaSets.Kind, kube.ReplicationControllers.Kind:
		return keep
	case kube.CronJobs.Kind:
		return "Jobs that have begun go on as they are, the next one has the change"
	case kube.Jobs.Kind:
		return "no server changes the template of a Job: deleted and created again, it runs again"
	case kube.Pods.Kind:
		return "it has to be deleted and created again, since nothing else makes it"
	}
	return ""
}

// rolling says how a Deployment's pods are replaced: by default a quarter of them at
// once, of which no more is missing than that, rounded down.
func rolling(w *kube.Workload, d *appsv1.Deployment) string {
	replicas := replicasOf(w)
	switch {
	case d.Spec.Paused:
		return "its rollout is paused: the change waits until somebody resumes it"
	case replicas == 0:
		return ""
	case d.Spec.Strategy.Type == appsv1.RecreateDeploymentStrategyType:
		return "it is down while its pods are made again: strategy Recreate stops all of them first"
	}
	missing, surge := 0, 1
	if r := d.Spec.Strategy.RollingUpdate; r != nil {
		missing, surge = scaled(r.MaxUnavailable, "25%", replicas, false), scaled(r.MaxSurge, "25%", replicas, true)
	} else {
		missing = replicas / 4
	}
	if missing == 0 && surge == 0 { // the controller takes this for one (pkg/controller/deployment/util)
		missing = 1
	}
	if missing >= replicas {
		return "it may be down while its pods are made again: its rollout may stop all of them at once"
	}
	return ""
}

// scaled is a number or percentage of replicas; byDefault where there is none.
func scaled(of *intstr.IntOrString, byDefault string, replicas int, up bool) int {
	if of == nil {
		parsed := intstr.Parse(byDefault)
		of = &parsed
	}
	n, err := intstr.GetScaledValueFromIntOrPercent(of, replicas, up)
	if err != nil {
		return 0
	}
	return n
}

func replicasOf(w *kube.Workload) int {
	if w.Replicas == nil {
		return 1
	}
	return int(*w.Replicas)
}

// rescaled says that a new number of replicas does not stay.
func rescaled(c *kube.Cluster, w *kube.Workload, edits []audit.Edit) string {
	set := slices.ContainsFunc(edits, func(e audit.Edit) bool { return e.Op == audit.Set && e.Path == "spec.replicas" })
	if !set {
		return ""
	}
	for _, h := range c.AutoscalersOf(w) {
		return "HorizontalPodAutoscaler " + h.Name + " sets the number of its replicas, and changes it again"
	}
	return ""
}

// fighting says that an autoscaler and a manifest both set the number of replicas.
func fighting(c *kube.Cluster, h *autoscalingv2.HorizontalPodAutoscaler) string {
	for _, w := range c.WorkloadsIn(h.Namespace) {
		for _, of := range c.AutoscalersOf(w) {
			if of.Name == h.Name && declaresReplicas(w) {
				return fmt.Sprintf("the replicas in the manifest of %s, where it has them, undo at each apply what it does: take the field out", w.Ref)
			}
		}
	}
	return ""
}

// declaresReplicas reports whether a workload is scaled by a number, and the object of
// the view has one: a manifest may leave it to the autoscaler.
func declaresReplicas(w *kube.Workload) bool {
	switch o := w.Object.(type) {
	case *appsv1.Deployment:
		return o.Spec.Replicas != nil
	case *appsv1.StatefulSet:
		return o.Spec.Replicas != nil
	}
	return w.Replicas != nil
}

// blocking says that a budget lets no pod go: drains of nodes wait for ever.
func blocking(c *kube.Cluster, b *policyv1.PodDisruptionBudget) string {
	total := 0
	var of []string
	for _, w := range c.WorkloadsSelected(b.Namespace, b.Spec.Selector) {
		if replicas, known := c.DesiredReplicas(w); known {
			total += int(replicas)
			of = append(of, w.Ref.String())
		}
	}
	if total == 0 {
		return ""
	}
	left := total // that may be missing
	switch {
	case b.Spec.MaxUnavailable != nil:
		left = scaled(b.Spec.MaxUnavailable, "0", total, true)
	case b.Spec.MinAvailable != nil:
		left = total - scaled(b.Spec.MinAvailable, "0", total, true)
	}
	if left > 0 {
		return ""
	}
	return fmt.Sprintf("it blocks the drain of nodes: none of the %d pods of %s may go", total, strings.Join(of, ", "))
}
