package securitycontext

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

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
	var bound []kube.Container
	startable := true
	for c := range w.Containers() {
		if own(c).RunAsNonRoot == nil {
			if s.forbids(w.Pod.Spec.SecurityContext, c.Container) {
				inheriting, bound = append(inheriting, c.Name), append(bound, c)
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
			fixable(&f, c, nonRootFixes(w, f.Path, []kube.Container{c})...)
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
		f.Fixes = nonRootFixes(w, f.Path, bound)
	}
	return append(found, f)
}

// nonRootFixes returns the ways to have containers run as another user than root. One
// that listens below port 1024 may need more: the capability for it would be of no use,
// since no user but root has the capabilities that are added (KEP-2763), and so low
// ports are opened to every user of the pod, by a parameter that is safe since 1.22.
func nonRootFixes(w *kube.Workload, path string, containers []kube.Container) []audit.Fix {
	refuse := setField("refuse to run as root", path, true, nonRootRisk)
	var low int32
	for _, c := range containers {
		for _, port := range c.Ports {
			if low == 0 && port.ContainerPort < firstUnprivilegedPort {
				low = port.ContainerPort
			}
		}
	}
	opened := slices.ContainsFunc(shared(w).Sysctls, func(s corev1.Sysctl) bool { return s.Name == lowPorts })
	if low == 0 || opened {
		return []audit.Fix{refuse}
	}
	refuse.Risk += fmt.Sprintf(" Where the runtime does not open low ports to every user, listening on port %d fails.", low)
	if w.Pod.Spec.HostNetwork { // such a pod has no parameters of its own
		return []audit.Fix{refuse}
	}
	return []audit.Fix{refuse, {
		Title: "refuse to run as root, and open low ports to every user of the pod",
		Edits: []audit.Edit{
			refuse.Edits[0],
			{Op: audit.Append, Path: w.Field("securityContext.sysctls"), Value: map[string]any{"name": lowPorts, "value": "0"}},
		},
		Risk: nonRootRisk,
	}}
}

// lowPorts is the kernel's parameter for the first port that every user may listen on.
const lowPorts = "net.ipv4.ip_unprivileged_port_start"
