package hygiene

import (
	"cmp"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

const cronJobRestartPolicy = "spec.jobTemplate.spec.template.spec.restartPolicy"

var cronjobRestartPolicyInvalid = &audit.Rule{
	ID:          "cronjob-restart-policy-invalid",
	Title:       "The API server refuses the restart policy of a CronJob",
	Severity:    audit.Medium,
	Rationale:   "The manifest cannot be applied: a Job ends, and a pod that is always started again does not.",
	Remediation: "Set restartPolicy to OnFailure, or to Never where each try should have a pod, and logs, of its own.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.CronJobs},
	Check: eachCronJob(func(p *audit.Pass, j *batchv1.CronJob) {
		policy := j.Spec.JobTemplate.Spec.Template.Spec.RestartPolicy
		switch {
		case !p.Cluster.Info.Offline:
			p.NotApplicable() // what a server holds it has let in
		case policy == corev1.RestartPolicyOnFailure, policy == corev1.RestartPolicyNever:
		default:
			onFailure := audit.SetField("restart failed containers", cronJobRestartPolicy, string(corev1.RestartPolicyOnFailure))
			never := audit.SetField("start a new pod for each try", cronJobRestartPolicy, string(corev1.RestartPolicyNever))
			p.Report(audit.Finding{
				Path:    cronJobRestartPolicy,
				Message: "restartPolicy " + string(cmp.Or(policy, corev1.RestartPolicyAlways)) + " is not allowed in a CronJob",
				Detail:  "Where it is not set it is Always; a CronJob may have OnFailure or Never.",
				Fixes:   []audit.Fix{onFailure, never},
			})
		}
	}),
}
