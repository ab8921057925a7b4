package rbac

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var configmapWriteAccess = &audit.Rule{
	ID:       "configmap-write-access",
	Title:    "ConfigMaps can be changed",
	Severity: audit.Low,
	Rationale: "Programs do what their configuration says, and some ConfigMaps are scripts. Whoever changes them changes " +
		"what others run, at the next reload or restart.",
	Remediation: "Name the ConfigMaps that the subject owns in resourceNames, or give it a namespace of its own; for " +
		"elections there are Leases.",
	Controls: []string{"OWASP22-K03", "OWASP25-K02"},
	Since:    "2",
	Subjects: []kube.Resource{kube.RoleBindings, kube.ClusterRoleBindings},
	Reads:    []kube.Resource{kube.Roles, kube.ClusterRoles},
	Consults: weighed(),
	Check:    judgePower(writeConfigMaps),
}

var writeConfigMaps = &power{
	rule:     "configmap-write-access",
	severity: audit.Low,
	can:      "change every ConfigMap of %s",
	allows:   func(g grant) bool { return g.can("", "configmaps", "", "create", "update", "patch", "delete") },
	within:   []string{"aws-auth-configmap-write-access", "coredns-configmap-write-access"},
}

// writesConfigMap returns what tells whether a grant lets people change a ConfigMap of
// [controlPlane].
func writesConfigMap(name string) func(grant) bool {
	return func(g grant) bool {
		return g.scope != inNamespace && (g.can("", "configmaps", "", "update", "patch") ||
			g.canNamed(name, "", "configmaps", "", "update", "patch"))
	}
}
