package securitycontext

import (
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var runAsNonRootNotEnforced = &audit.Rule{
	ID:       "run-as-non-root-not-enforced",
	Title:    "Running as root not refused",
	Severity: audit.Medium,
	Rationale: "Nothing keeps the container from running as root, which most images do by default. " +
		"Root in a container needs one kernel flaw or one careless mount to become root on the node.",
	Remediation: "Set runAsNonRoot to true for the pod and use images that name a numeric user other than 0.",
	Controls:    []string{"PSS-restricted", "CIS-5.2.7", "CIS-5.7.3", "NSA", "OWASP22-K01", "OWASP25-K01"},
	Since:       "1",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Except:    "!variables.podSpec.?hostUsers.orValue(true)",
		Container: "!c.?securityContext.runAsNonRoot.or(variables.podSecurityContext.?runAsNonRoot).orValue(false)",
		Object:    "!variables.podSecurityContext.?runAsNonRoot.orValue(true)",
	},
	Check: podSecurityCheck("runAsNonRoot", blameRunAsNonRoot),
}

const nonRootRisk = "An image whose user is root, or a name instead of a number, will not start."

func blameRunAsNonRoot(s standard) (found []audit.Finding) {
	w := s.workload
	var inheriting []string
	startable := true
	for c := range w.Containers() {
		if own(c).RunAsNonRoot == nil {
			if s.forbids(w.Pod.Spec.SecurityContext, c.Container) {
				inheriting = append(inheriting, c.Name)
				startable = startable && !isRoot(w, c)
			}
			continue
		}
		if !s.forbidsContainer(c.Container) {
			continue
		}
		f := inContainer(c, "securityContext.runAsNonRoot", "may run as root")
		f.Detail = "The container sets runAsNonRoot to false, which overrides whatever the pod says."
		if !isRoot(w, c) {
			fixable(&f, c, setField("refuse to run as root", f.Path, true, nonRootRisk))
		}
		found = append(found, f)
	}
	explicit := s.forbidsPodSecurityContext(w.Pod.Spec.SecurityContext)
	if !explicit && len(inheriting) == 0 {
		return found
	}
	f := audit.Finding{Path: w.Field("securityContext.runAsNonRoot"), Message: "pod may run as root"}
	switch {
	case len(inheriting) == 0:
		f.Detail = "runAsNonRoot is false for the pod. Every container overrides it, but one added later would not."
	case explicit:
		f.Detail = "runAsNonRoot is false for the pod, which holds for " + strings.Join(inheriting, ", ") + "."
	default:
		f.Detail = "runAsNonRoot is set neither for the pod nor for " + strings.Join(inheriting, ", ") + "; the default is false."
	}
	if startable {
		f.Fixes = []audit.Fix{setField("refuse to run as root", f.Path, true, nonRootRisk)}
	}
	return append(found, f)
}
