package scheduling

import (
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var podPreempted = &triage.Detector{
	ID:    "pod-preempted",
	Title: "The scheduler took a pod away for a more important one",
	About: "The pod has the condition DisruptionTarget with the reason PreemptionByScheduler, or is gone and an event Preempted tells of it (pkg/scheduler/framework/preemption/executor.go; it is of type Normal, about the victim). " +
		"That is how priorities work, and a problem only as far as its workload is short of pods within the hour.",
	Reads: []kube.Resource{kube.Pods},
	Helps: []kube.Resource{kube.Events, kube.Deployments, kube.StatefulSets, kube.ReplicaSets, kube.DaemonSets, kube.Jobs},
	Rung:  triage.Capacity,
	Check: func(p *triage.Pass) {
		marked := map[string]bool{}
		for _, pod := range p.Pods() {
			said, since, known := triage.Condition(pod, corev1.DisruptionTarget)
			if known && said.Status == corev1.ConditionTrue && said.Reason == corev1.PodReasonPreemptionByScheduler {
				marked[pod.Name] = true
				p.Report(triage.Signal{
					Object: pod.Ref(), Since: since, Until: since.Add(preemptionWindow), Raw: said.Message,
					Message: "preempted by the scheduler for a pod of higher priority",
				})
			}
		}
		for _, e := range p.Cluster.Events.In(p.Namespace) {
			name := e.InvolvedObject.Name
			if e.Reason != "Preempted" || e.InvolvedObject.Kind != kube.Pods.Kind || marked[name] {
				continue
			}
			marked[name] = true
			since := triage.Happened(e)
			s := triage.Signal{
				Object: kube.Pods.Ref(p.Namespace, name), Since: since, Until: since.Add(preemptionWindow), Raw: e.Message,
				Message:  "preempted by the scheduler for a pod of higher priority, and gone",
				Workload: triage.WorkloadByName(p.Cluster, p.Namespace, name),
			}
			if s.Workload.IsZero() {
				s.Severity = triage.S4
			}
			p.Report(s)
		}
	},
}

// preemptionWindow is for how long a preemption explains anything.
const preemptionWindow = time.Hour
