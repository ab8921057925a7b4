package rbac

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var secretsAccessClusterWide = &audit.Rule{
	ID:       "secrets-access-cluster-wide",
	Title:    "The Secrets of all namespaces are open to a subject",
	Severity: audit.High,
	Rationale: "Secrets hold passwords, keys and tokens of every application. Whoever lists them reads them, and " +
		"whoever writes them can have the server put a token for any ServiceAccount into one.",
	Remediation: "Bind the subject in the namespaces whose Secrets it needs, or name the Secrets in resourceNames.",
	Controls:    []string{"CIS-5.1.2", "OWASP22-K03", "OWASP25-K02", "MITRE-T1552"},
	Since:       "1",
	Subjects:    []kube.Resource{kube.ClusterRoleBindings},
	Reads:       []kube.Resource{kube.ClusterRoles},
	Consults:    weighed(),
	Check:       judgePower(accessSecretsInCluster),
}

var accessSecretsInCluster = &power{
	rule:     "secrets-access-cluster-wide",
	severity: audit.High,
	can:      "use the Secrets of all namespaces",
	reach:    clusterOnly,
	fixes:    confine,
	allows: func(g grant) bool {
		return g.can("", "secrets", "", "get", "list", "watch", "create", "update", "patch")
	},
}
