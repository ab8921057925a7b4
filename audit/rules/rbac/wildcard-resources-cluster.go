package rbac

import (
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var wildcardResourcesCluster = &audit.Rule{
	ID:       "wildcard-resources-cluster",
	Title:    "A ClusterRole on all resources is given away",
	Severity: audit.Critical,
	Rationale: "All resources of an API group include its most dangerous ones, such as Secrets, and every one " +
		"that is added later.",
	Remediation: "Name the resources that the subject needs, and bind it to that role.",
	Controls:    []string{"CIS-5.1.3", "OWASP22-K03", "OWASP25-K02"},
	Since:       "1",
	Subjects:    []kube.Resource{kube.ClusterRoleBindings},
	Reads:       []kube.Resource{kube.ClusterRoles},
	Consults:    weighed(),
	Check:       judgePower(everyResourceInCluster),
}

var everyResourceInCluster = &power{
	rule:     "wildcard-resources-cluster",
	severity: audit.Critical,
	can:      "use every resource of an API group in %s",
	reach:    clusterOnly,
	fixes:    confine,
	allows: func(g grant) bool {
		return len(g.ResourceNames) == 0 && slices.Contains(g.Resources, "*") && sensitiveGroup(g.APIGroups)
	},
	grade: func(g grant) audit.Severity {
		if changes(g.Verbs) {
			return audit.Critical
		}
		return audit.High
	},
}

// sensitiveGroup reports whether a rule is about an API group by which a cluster
// is lost; an operator may well have all of its own.
func sensitiveGroup(groups []string) bool {
	return slices.ContainsFunc(groups, func(group string) bool {
		switch group {
		case "*", "", "admissionregistration.k8s.io", "apps", "batch", "certificates.k8s.io", "rbac.authorization.k8s.io":
			return true
		}
		return false
	})
}

// changes reports whether one of the verbs does more than read.
func changes(verbs []string) bool {
	return slices.ContainsFunc(verbs, func(v string) bool { return v != "get" && v != "list" && v != "watch" })
}
