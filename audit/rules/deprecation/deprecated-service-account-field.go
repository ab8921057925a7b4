package deprecation

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var deprecatedServiceAccountField = &audit.Rule{
	ID:       "deprecated-service-account-field",
	Title:    "The service account is named in the old field",
	Severity: audit.Info,
	Rationale: "serviceAccount is the name that the field had before Kubernetes 1.0. It still counts where serviceAccountName is not set, " +
		"and where both are it is ignored: people and tools that read only one of them are wrong about what the pods may do.",
	Remediation: "Name the service account in serviceAccountName, and remove serviceAccount.",
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		old, name := w.Pod.Spec.DeprecatedServiceAccount, w.Pod.Spec.ServiceAccountName
		if old == "" || old == name {
			return // the API server fills in either with the other
		}
		f := audit.Finding{
			Path:    w.Field("serviceAccount"),
			Message: "serviceAccount is set in place of serviceAccountName",
			Detail:  "The pods run as " + old + ".",
		}
		fix := audit.Fix{Title: "name the service account in serviceAccountName"}
		if name == "" {
			fix.Edits = []audit.Edit{{Op: audit.Set, Path: w.Field("serviceAccountName"), Value: old}}
		} else {
			f.Message = "serviceAccount and serviceAccountName name different accounts"
			f.Detail = "The pods run as " + name + ", whatever serviceAccount says."
			fix.Title = "remove serviceAccount, which has no effect"
		}
		fix.Edits = append(fix.Edits, audit.Edit{Op: audit.Remove, Path: f.Path})
		f.Fixes = []audit.Fix{fix}
		p.Report(f)
	}),
}
