package autoscaling

import (
	"fmt"
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// percentKept is the share of the requested CPU, in percent, that an autoscaler keeps
// when it is told none (autoscaling/v2, HorizontalPodAutoscalerSpec.metrics).
const percentKept = 80

// reserve is how many times the replicas of the 95th percentile a maximum is. What
// was measured says nothing of the highest twentieth, and a maximum that is reached
// is an autoscaler that does nothing.
const reserve = 2

// blankMaximum is what a placeholder has in the place of a maximum. No server takes it
// for a number.
const blankMaximum = "<the replicas that its highest load takes>"

// load is what was measured of a workload's CPU.
type load struct {
	replicas int64  // that would have kept to it, at the 95th percentile
	evidence string // in words
	enough   bool
}

// suggest returns the autoscaler that fits a workload which has none, where its CPU
// was measured, or a placeholder where it was not. It returns neither where there is
// no request to measure by, where pods share what further pods might not, and for a
// single pod: whether it may run twice is another question, which comes first.
func suggest(c *kube.Cluster, d *appsv1.Deployment, w *kube.Workload) ([]audit.Fix, *audit.Fix) {
	fewest := int64(*w.Replicas)
	if fewest < enough || !w.Held || len(lacking(c, w, corev1.ResourceCPU, "")) > 0 || claims(w) {
		return nil, nil
	}
	fix := audit.Fix{Risk: "Its autoscaler and the replicas in its manifest undo each other: leave the field out where it is applied."}
	if d.Spec.Replicas != nil && c.Info.Offline {
		fix.Edits = []audit.Edit{{Op: audit.Remove, Path: "spec.replicas"}}
		fix.Risk = "Unless spec.replicas is handed over first, the next apply takes the omission for 1 " +
			"and the workload runs with one replica until the autoscaler corrects it."
	}
	measured, known := loadOf(c, w)
	if !known {
		fix.Title = "fill in how far to scale: a placeholder, since the use of CPU was not measured"
		fix.New = []audit.Object{autoscalerFor(c, w, fewest, blankMaximum)}
		fix.Risk = "No server accepts it as it is: how many replicas the highest load takes is for a person to fill in. " + fix.Risk
		return nil, &fix
	}
	most := max(reserve*measured.replicas, fewest+1)
	fix.Title = fmt.Sprintf("scale from %d to %d replicas at %d %% of the requested CPU: at the 95th percentile of %s, %d would do",
		fewest, most, percentKept, measured.evidence, measured.replicas)
	fix.New = []audit.Object{autoscalerFor(c, w, fewest, most)}
	fix.Risk += fmt.Sprintf(" The maximum is %d times what the 95th percentile takes, or one more than the minimum: "+
		"whether the load goes higher, and whether the nodes have room for so many, was not looked at.", reserve)
	fix.Tentative = "how far to scale is a suggestion by the 95th percentile, for a person to confirm"
	if !measured.enough {
		fix.Tentative = "it rests on a short window, " + measured.evidence
	}
	return []audit.Fix{fix}, nil
}

// claims reports whether the pods of a workload write to claims, which more of them
// would have to share.
func claims(w *kube.Workload) bool {
	return slices.ContainsFunc(w.Pod.Spec.Volumes, func(v corev1.Volume) bool {
		return v.PersistentVolumeClaim != nil && !v.PersistentVolumeClaim.ReadOnly
	})
}

// loadOf returns what was measured of a workload's CPU, false unless every container
// counts that the autoscaler's controller counts.
func loadOf(c *kube.Cluster, w *kube.Workload) (load, bool) {
	var l load
	var used, requested int64 // in thousandths of a core
	for each := range w.Containers() {
		if !each.LongRunning() {
			continue
		}
		m, seen := c.Measured(w.Ref, each.Name)
		if !seen || !m.Some() || m.CPU == nil {
			return load{}, false
		}
		if l.evidence == "" || l.enough && !m.Enough() {
			l.evidence, l.enough = m.Evidence(), m.Enough()
		}
		request := c.Requirements(w, each).Requests[corev1.ResourceCPU]
		used, requested = used+m.CPU.MilliValue(), requested+request.MilliValue()
	}
	if podLevel(w, corev1.ResourceCPU) {
		whole := w.PodRequirements().Requests[corev1.ResourceCPU]
		requested = whole.MilliValue()
	}
	if requested == 0 {
		return load{}, false
	}
	kept := requested * percentKept // of one pod, in hundredths of used
	l.replicas = max(1, (int64(*w.Replicas)*used*100+kept-1)/kept)
	return l, true
}

// autoscalerFor is an autoscaler of a workload, of its name if that is free.
func autoscalerFor(c *kube.Cluster, w *kube.Workload, fewest int64, most any) audit.Object {
	name := w.Ref.Name
	if _, taken := c.HorizontalPodAutoscalers.Get(w.Ref.Namespace, name); taken {
		name += "-hpa"
	}
	return audit.Object{
		"apiVersion": kube.HorizontalPodAutoscalers.Group + "/" + kube.HorizontalPodAutoscalers.Version,
		"kind":       kube.HorizontalPodAutoscalers.Kind,
		"metadata":   map[string]any{"name": name, "namespace": w.Ref.Namespace},
		"spec": map[string]any{
			"scaleTargetRef": map[string]any{
				"apiVersion": kube.Deployments.Group + "/" + kube.Deployments.Version, "kind": w.Ref.Kind, "name": w.Ref.Name,
			},
			"minReplicas": fewest,
			"maxReplicas": most,
			"metrics": []any{map[string]any{
				"type": "Resource",
				"resource": map[string]any{
					"name":   string(corev1.ResourceCPU),
					"target": map[string]any{"type": "Utilization", "averageUtilization": int64(percentKept)},
				},
			}},
		},
	}
}
