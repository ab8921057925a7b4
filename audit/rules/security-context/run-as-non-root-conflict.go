package securitycontext

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var runAsNonRootConflict = &audit.Rule{
	ID:       "run-as-non-root-conflict",
	Title:    "Container cannot start: root both asked for and refused",
	Severity: audit.High,
	Rationale: "The kubelet refuses to start a container that must not be root and is told to be user 0. " +
		"The pod stays in CreateContainerConfigError until someone changes it.",
	Remediation: "Remove runAsUser: 0, or name a user other than 0.",
	Controls:    []string{"OWASP22-K01", "OWASP25-K01"},
	Since:       "1",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Except:    "variables.windows",
		Container: `c.?securityContext.runAsNonRoot.or(variables.podSecurityContext.?runAsNonRoot).orValue(false) && c.?securityContext.runAsUser.or(variables.podSecurityContext.?runAsUser).orValue(1) == 0`,
	},
	Check: audit.EachContainer(func(p *audit.Pass, w *kube.Workload, c kube.Container) bool {
		if !mustNotBeRoot(w, c) {
			return false
		}
		if !isRoot(w, c) {
			return true
		}
		f := inContainer(c, "securityContext.runAsUser", "cannot start: it must not be root, and must be user 0")
		f.Detail = "runAsNonRoot is true and runAsUser is 0. The kubelet answers CreateContainerConfigError."
		if own(c).RunAsUser == nil {
			f.Path = w.Field("securityContext.runAsUser")
			f.Detail = "runAsNonRoot is true, and runAsUser is 0 for the pod. The kubelet answers CreateContainerConfigError."
		}
		fixable(&f, c, removeField("leave the user to the image", f.Path,
			"If the user of the image is root, the container still does not start."))
		p.Report(f)
		return true
	}),
}
