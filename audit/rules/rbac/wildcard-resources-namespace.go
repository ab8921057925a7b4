package rbac

import (
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var wildcardResourcesNamespace = &audit.Rule{
	ID:       "wildcard-resources-namespace",
	Title:    "A role on all resources of a namespace is given away",
	Severity: audit.High,
	Rationale: "All resources of an API group include its most dangerous ones, such as Secrets and pods, and every one " +
		"that is added later.",
	Remediation: "Name the resources that the subject needs; the rules of a Role can be changed in place.",
	Controls:    []string{"CIS-5.1.3", "OWASP22-K03", "OWASP25-K02"},
	Since:       "2",
	Subjects:    []kube.Resource{kube.RoleBindings},
	Reads:       []kube.Resource{kube.Roles, kube.ClusterRoles},
	Consults:    weighed(),
	Check:       judgePower(everyResourceInNamespace),
}

var everyResourceInNamespace = &power{
	rule:     "wildcard-resources-namespace",
	severity: audit.High,
	can:      "use every resource of an API group in %s",
	reach:    namespaceOnly,
	allows: func(g grant) bool {
		return len(g.ResourceNames) == 0 && slices.Contains(g.Resources, "*") && sensitiveInNamespace(g.APIGroups)
	},
	grade: func(g grant) audit.Severity {
		if changes(g.Verbs) {
			return audit.High
		}
		return audit.Medium
	},
}

// sensitiveInNamespace is [sensitiveGroup] for what a RoleBinding can grant: the
// resources of the other groups are in no namespace.
func sensitiveInNamespace(groups []string) bool {
	return slices.ContainsFunc(groups, func(group string) bool {
		switch group {
		case "*", "", "apps", "batch", "rbac.authorization.k8s.io":
			return true
		}
		return false
	})
}
