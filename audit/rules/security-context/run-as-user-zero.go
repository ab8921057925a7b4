package securitycontext

import (
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var runAsUserZero = &audit.Rule{
	ID:       "run-as-user-zero",
	Title:    "Told to run as root",
	Severity: audit.High,
	Rationale: "The manifest asks for user 0, whatever user the image was built for. " +
		"Root in a container needs one kernel flaw or one careless mount to become root on the node.",
	Remediation: "Remove runAsUser: 0 so that the image's own user holds, or name a user other than 0 that may read the program's files.",
	Controls:    []string{"PSS-restricted", "CIS-5.2.7", "OWASP22-K01", "OWASP25-K01"},
	Since:       "1",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Except:    "!variables.podSpec.?hostUsers.orValue(true)",
		Container: "c.?securityContext.runAsUser.orValue(1) == 0",
		Object:    "variables.podSecurityContext.?runAsUser.orValue(1) == 0",
	},
	Check: podSecurityCheck("runAsUser", blameRunAsUser),
}

const imageUserRisk = "The user of the image takes over, who may lack the right to read or write files that root owns."

func blameRunAsUser(s standard) (found []audit.Finding) {
	w := s.workload
	var inheriting []string
	started := false
	for c := range w.Containers() {
		if own(c).RunAsUser == nil {
			inheriting = append(inheriting, c.Name)
			started = started || !mustNotBeRoot(w, c)
			continue
		}
		if !s.forbidsContainer(c.Container) {
			continue
		}
		f := inContainer(c, "securityContext.runAsUser", "is told to run as root")
		f.Detail = "The container sets runAsUser to 0."
		if mustNotBeRoot(w, c) {
			f.Implied = runAsNonRootConflict.ID
		}
		fixable(&f, c, removeField("leave the user to the image", f.Path, imageUserRisk))
		found = append(found, f)
	}
	if !s.forbidsPodSecurityContext(w.Pod.Spec.SecurityContext) {
		return found
	}
	f := audit.Finding{
		Path: w.Field("securityContext.runAsUser"), Message: "pod is told to run as root",
		Detail: "The pod sets runAsUser to 0, which holds for " + strings.Join(inheriting, ", ") + ".",
	}
	switch {
	case len(inheriting) == 0:
		f.Severity = audit.Low
		f.Detail = "The pod sets runAsUser to 0. Every container overrides it, but one added later would run as root."
	case !started:
		f.Implied = runAsNonRootConflict.ID
	}
	if f.Implied == "" {
		f.Fixes = []audit.Fix{removeField("leave the user to the image", f.Path, imageUserRisk)}
	}
	return append(found, f)
}
