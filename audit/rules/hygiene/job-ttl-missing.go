package hygiene

import (
	batchv1 "k8s.io/api/batch/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var jobTTLMissing = &audit.Rule{
	ID:       "job-ttl-missing",
	Title:    "A Job stays when it has finished",
	Severity: audit.Low,
	Rationale: "Finished Jobs and their pods stay until somebody deletes them. They hide those that matter, and thousands of them " +
		"slow down whoever lists pods.",
	Remediation: "Set spec.ttlSecondsAfterFinished to as long as somebody may want to read its logs.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.Jobs},
	Admission: &audit.Admission{
		Resources: []kube.Resource{kube.Jobs},
		Except:    `object.metadata.?ownerReferences.orValue([]).size() > 0 || ['helm.sh/hook', 'argocd.argoproj.io/hook'].exists(k, object.metadata.?annotations[?k].orValue('') != '')`,
		Object:    "!has(object.spec.ttlSecondsAfterFinished)",
	},
	Check: audit.EachObject(kube.Jobs,
		func(c *kube.Cluster) kube.Table[*batchv1.Job] { return c.Jobs },
		func(p *audit.Pass, j *batchv1.Job) {
			switch {
			case len(j.OwnerReferences) > 0, isHook(j.Annotations):
				p.NotApplicable() // its owner, or who runs the hook, deletes it
			case j.Spec.TTLSecondsAfterFinished == nil:
				p.Report(audit.Finding{
					Path:    "spec.ttlSecondsAfterFinished",
					Message: "nothing deletes it when it has finished",
					Detail:  "ttlSecondsAfterFinished is not set, and no CronJob or other object owns it.",
				})
			}
		}),
}

// isHook reports whether a deployment tool runs an object and clears it away.
func isHook(annotations map[string]string) bool {
	return annotations["helm.sh/hook"] != "" || annotations["argocd.argoproj.io/hook"] != ""
}
