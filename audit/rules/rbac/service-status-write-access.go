package rbac

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var serviceStatusWriteAccess = &audit.Rule{
	ID:       "service-status-write-access",
	Title:    "The address of load balancers can be claimed",
	Severity: audit.Medium,
	Rationale: "Nodes deliver traffic for the addresses in the status of a Service of type LoadBalancer to that Service. " +
		"Whoever writes the status has all pods of the cluster talk to them when they mean somebody else " +
		"(CVE-2020-8554).",
	Remediation: "Leave services/status to the controller that provides load balancers.",
	Controls:    []string{"OWASP22-K03", "OWASP25-K02"},
	Since:       "2",
	Subjects:    []kube.Resource{kube.RoleBindings, kube.ClusterRoleBindings},
	Reads:       []kube.Resource{kube.Roles, kube.ClusterRoles},
	Consults:    append(weighed(), kube.Services),
	Check:       judgePower(writeServiceStatus),
}

var writeServiceStatus = &power{
	rule:     "service-status-write-access",
	severity: audit.Medium,
	can:      "claim addresses for the Services of %s",
	allows:   func(g grant) bool { return g.can("", "services", "status", "update", "patch") },
	grade:    milderInNamespace,
	// Servers take such a status only of a Service of that type (since 1.29, gate
	// AllowServiceLBStatusOnNonLB).
	present: func(c *kube.Cluster, by *charge, _ holding) presence {
		if minor := c.Info.Minor(); minor > 0 && minor < 29 {
			return there
		}
		for s := range c.Services.All() {
			if s.Spec.Type == corev1.ServiceTypeLoadBalancer && (by.Wide() || s.Namespace == by.Ref.Namespace) {
				return there
			}
		}
		if c.Info.Offline || !access.Complete(c, kube.Services, by.Ref.Namespace) {
			return unseen
		}
		return absent
	},
	within: []string{"network-objects-write-access"},
}
