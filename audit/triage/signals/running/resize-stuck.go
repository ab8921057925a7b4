package running

import (
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var resizeStuck = &triage.Detector{
	ID:    "resize-stuck",
	Title: "A pod does not get the resources that it was resized to",
	About: "The kubelet says that a resize in place can never be done on this node (PodResizePending, Infeasible), that it waits for room for more than ten minutes " +
		"(Deferred), or that it failed (PodResizeInProgress, Error): KEP-1287. The pod goes on with what it had.",
	Reads: []kube.Resource{kube.Pods},
	Rung:  triage.Capacity,
	Check: func(p *triage.Pass) {
		for _, pod := range p.Living() {
			for c := range pod.Status.Conditions() {
				said := c.Said()
				if said.Status != corev1.ConditionTrue {
					continue
				}
				s := triage.Signal{Object: pod.Ref(), Since: c.Since(), Raw: said.Message}
				switch {
				case said.Type == corev1.PodResizePending && said.Reason == corev1.PodReasonInfeasible:
					s.Cause, s.Severity, s.Message = "infeasible", triage.S4, "its resize can never be done on this node"
				case said.Type == corev1.PodResizePending && said.Reason == corev1.PodReasonDeferred:
					s.Cause, s.Severity, s.Message = "deferred", triage.S4, "its resize waits for room on the node"
					s.After = 10 * time.Minute
				case said.Type == corev1.PodResizeInProgress && said.Reason == corev1.PodReasonError:
					s.Cause, s.Severity, s.Message = "error", triage.S3, "its resize failed on the node"
				default:
					continue
				}
				p.Report(s)
			}
		}
	},
}
