package securitycontext

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var unsafeSysctls = &audit.Rule{
	ID:       "unsafe-sysctls",
	Title:    "Unsafe kernel parameters",
	Severity: audit.Medium,
	Rationale: "A kernel parameter outside of the safe set may reach other pods of the node or starve it. " +
		"A kubelet that does not allow it by name refuses the pod.",
	Remediation: "Remove the parameter, or set it on the nodes where it belongs.",
	Controls:    []string{"PSS-baseline", "CIS-5.7.3", "OWASP22-K01", "OWASP25-K01"},
	Since:       "1",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		AtFault: `variables.podSecurityContext.?sysctls.orValue([]).filter(s, !(s.name in ['kernel.shm_rmid_forced', 'net.ipv4.ip_local_port_range', 'net.ipv4.tcp_syncookies', 'net.ipv4.ping_group_range', 'net.ipv4.ip_unprivileged_port_start', 'net.ipv4.ip_local_reserved_ports', 'net.ipv4.tcp_keepalive_time', 'net.ipv4.tcp_fin_timeout', 'net.ipv4.tcp_keepalive_intvl', 'net.ipv4.tcp_keepalive_probes', 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem', 'net.ipv4.tcp_slow_start_after_idle', 'net.ipv4.tcp_notsent_lowat'])).map(s, s.name)`,
	},
	Check: podSecurityCheck("sysctls", func(s standard) (found []audit.Finding) {
		w := s.workload
		safe := []any{}
		for i, sysctl := range shared(w).Sysctls {
			alone := &corev1.PodSecurityContext{Sysctls: []corev1.Sysctl{sysctl}}
			if !s.forbidsPodSecurityContext(alone) {
				safe = append(safe, map[string]any{"name": sysctl.Name, "value": sysctl.Value})
				continue
			}
			found = append(found, audit.Finding{
				Path:    w.Field(fmt.Sprintf("securityContext.sysctls[%d].name", i)),
				Message: "pod sets the unsafe kernel parameter " + sysctl.Name,
				Detail: fmt.Sprintf("%s is not in the safe set of the server's version. "+
					"Only a kubelet with --allowed-unsafe-sysctls for it starts the pod.", sysctl.Name),
			})
		}
		fix := setField("set safe kernel parameters only", w.Field("securityContext.sysctls"), safe,
			"The pod runs with the node's values of the parameters.")
		if len(safe) == 0 {
			fix = removeField("set no kernel parameters", w.Field("securityContext.sysctls"), fix.Risk)
		}
		for i := range found {
			found[i].Fixes = []audit.Fix{fix}
		}
		return found
	}),
}
