package disruption

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var restartPolicyUnexpected = &audit.Rule{
	ID:       "restart-policy-unexpected",
	Title:    "A server that is not restarted",
	Severity: audit.Low,
	Rationale: "A pod that serves traffic and is not to be restarted is gone for good after its first crash. " +
		"The templates of Deployments and the like may not say so at all: the API server refuses them.",
	Remediation: "Leave out restartPolicy, which means Always, and run what should end as a Job.",
	Since:       "2",
	Subjects: []kube.Resource{
		kube.Deployments, kube.StatefulSets, kube.DaemonSets, kube.ReplicaSets, kube.ReplicationControllers, kube.Pods,
	},
	Reads: []kube.Resource{kube.Services},
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		policy := w.Pod.Spec.RestartPolicy
		ends := policy != "" && policy != corev1.RestartPolicyAlways
		f := audit.Finding{Path: w.Field("restartPolicy")}
		switch w.Ref.Kind {
		case kube.Jobs.Kind, kube.CronJobs.Kind:
			p.NotApplicable()
			return
		case kube.Pods.Kind:
			if policy == corev1.RestartPolicyOnFailure || ends && !served(p.Cluster, w) {
				p.NotApplicable() // it is meant to end
				return
			}
			f.Message = "a Service sends traffic to a pod that is not restarted"
			f.Detail = fmt.Sprintf("restartPolicy is %s, and Service %s selects the pod.", policy, firstService(p.Cluster, w))
		default:
			f.Severity = audit.High
			f.Message = fmt.Sprintf("restartPolicy %s is not allowed in a template of kind %s", policy, w.Ref.Kind)
			f.Detail = "Pods of such a controller run until they are deleted; the API server refuses any restartPolicy but Always."
			fix := audit.Fix{
				Title: "restart the containers always",
				Edits: []audit.Edit{{Op: audit.Remove, Path: f.Path}},
				Risk:  "A program that ends after its work is started again without end: then it should be a Job.",
			}
			f.Fixes = []audit.Fix{fix}
		}
		if ends {
			p.Report(f)
		}
	}),
}

// firstService returns the name of the first Service that sends traffic to a
// workload, "" if none does.
func firstService(c *kube.Cluster, w *kube.Workload) string {
	for _, s := range c.ServicesSelecting(w) {
		if s.Spec.Type != corev1.ServiceTypeExternalName {
			return s.Name
		}
	}
	return ""
}
