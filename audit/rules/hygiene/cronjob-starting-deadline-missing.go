package hygiene

import (
	batchv1 "k8s.io/api/batch/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var cronjobStartingDeadlineMissing = &audit.Rule{
	ID:       "cronjob-starting-deadline-missing",
	Title:    "A missed run starts however late it is",
	Severity: audit.Low,
	Rationale: "When the controller was down, the previous run took too long or the CronJob was suspended, the run that was missed " +
		"starts as soon as that is over: the nightly backup in the middle of the day.",
	Remediation: "Set spec.startingDeadlineSeconds to how late a run still does good. At least 10: the controller looks that often.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.CronJobs},
	Admission: &audit.Admission{
		Resources: []kube.Resource{kube.CronJobs},
		Object:    "!has(object.spec.startingDeadlineSeconds)",
	},
	Check: eachCronJob(func(p *audit.Pass, j *batchv1.CronJob) {
		if j.Spec.StartingDeadlineSeconds != nil {
			return
		}
		p.Report(audit.Finding{
			Path:    "spec.startingDeadlineSeconds",
			Message: "a missed run starts however late it is",
			Detail:  "startingDeadlineSeconds is not set, so that no run is ever too late.",
		})
	}),
}
