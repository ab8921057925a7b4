package rbac

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var networkObjectsWriteAccess = &audit.Rule{
	ID:       "network-objects-write-access",
	Title:    "Where traffic goes can be changed",
	Severity: audit.Medium,
	Rationale: "Services, endpoints and Ingresses say where traffic ends, NetworkPolicies what may pass. Whoever writes " +
		"them listens in, answers for others, exposes what was internal or opens what was closed; endpoints may " +
		"name pods of other namespaces (CVE-2021-25740), Services any address (CVE-2020-8554).",
	Remediation: "Let teams write Services and Ingresses in their own namespaces, endpoints and NetworkPolicies only those " +
		"who run the platform.",
	Controls: []string{"OWASP22-K03", "OWASP25-K02"},
	Since:    "2",
	Subjects: []kube.Resource{kube.RoleBindings, kube.ClusterRoleBindings},
	Reads:    []kube.Resource{kube.Roles, kube.ClusterRoles},
	Consults: weighed(),
	Check:    judgePower(writeNetworkObjects),
}

var writeNetworkObjects = &power{
	rule:     "network-objects-write-access",
	severity: audit.Medium,
	can:      "change where traffic goes in %s",
	allows: func(g grant) bool {
		return g.canAny([]kube.Resource{kube.Services, {Plural: "endpoints"}, kube.EndpointSlices, kube.NetworkPolicies, kube.Ingresses},
			"create", "update", "patch", "delete")
	},
	grade: milderInNamespace,
}
