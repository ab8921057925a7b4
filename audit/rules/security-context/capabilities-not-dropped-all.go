package securitycontext

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var capabilitiesNotDroppedAll = &audit.Rule{
	ID:       "capabilities-not-dropped-all",
	Title:    "Capabilities not dropped",
	Severity: audit.Medium,
	Rationale: "The runtime gives every container about a dozen capabilities of root, such as changing the owner of files. " +
		"Few programs need any; whoever takes one over has them all.",
	Remediation: `Set securityContext.capabilities.drop to ["ALL"], and add back what the program is known to need.`,
	Controls:    []string{"PSS-restricted", "CIS-5.2.10", "OWASP22-K01", "OWASP25-K01"},
	Since:       "1",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Except:    "variables.windows",
		Container: "!('ALL' in c.?securityContext.capabilities.drop.orValue([]))",
	},
	Check: podSecurityPart("capabilities_restricted", blameCapabilitiesKept),
}

func blameCapabilitiesKept(s standard) (found []audit.Finding) {
	for c := range s.workload.Containers() {
		capabilities := own(c).Capabilities
		if capabilities == nil {
			capabilities = &corev1.Capabilities{}
		}
		if !s.forbidsSecurityContext(&corev1.SecurityContext{Capabilities: &corev1.Capabilities{Drop: capabilities.Drop}}) {
			continue
		}
		f := inContainer(c, "securityContext.capabilities.drop", "keeps the runtime's default capabilities")
		f.Detail = "capabilities.drop is not set, so the container keeps what the runtime gives by default."
		if len(capabilities.Drop) > 0 {
			f.Detail = fmt.Sprintf("capabilities.drop lists %s, not ALL.", joined(capabilities.Drop))
		}
		for _, dropped := range capabilities.Drop {
			if strings.EqualFold(string(dropped), "ALL") {
				f.Severity = audit.Low
				f.Message = fmt.Sprintf("%s drops %q, which Pod Security takes for a name", named(c), dropped)
				f.Detail = "Pod Security compares with ALL in upper case only, although container runtimes take any case."
			}
		}
		f.Implied = impliedByPrivileged(c)
		fixable(&f, c, dropFixes(c, f.Path)...)
		found = append(found, f)
	}
	return found
}

// dropFixes returns the ways to drop all capabilities. A program that listens
// below port 1024 may need one back.
func dropFixes(c kube.Container, path string) []audit.Fix {
	drop := setField("drop all capabilities", path, []any{"ALL"},
		"A program that changes users or owners of files, or opens raw sockets, stops working.")
	low := slices.IndexFunc(c.Ports, func(p corev1.ContainerPort) bool { return p.ContainerPort < firstUnprivilegedPort })
	if low < 0 || addsCapability(c, "NET_BIND_SERVICE") {
		return []audit.Fix{drop}
	}
	bind := audit.Fix{
		Title: "drop all capabilities but the one to listen on low ports",
		Edits: []audit.Edit{
			drop.Edits[0],
			{Op: audit.Append, Path: c.Field("securityContext.capabilities.add"), Value: "NET_BIND_SERVICE"},
		},
		Risk: drop.Risk,
	}
	drop.Risk = fmt.Sprintf("Where the runtime does not open low ports to every user, listening on port %d fails; "+
		"a program that changes users or owners of files stops working.", c.Ports[low].ContainerPort)
	return []audit.Fix{drop, bind}
}

// firstUnprivilegedPort is the kernel's default of net.ipv4.ip_unprivileged_port_start.
const firstUnprivilegedPort = 1024
