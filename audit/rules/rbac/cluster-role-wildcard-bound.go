package rbac

import (
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var clusterRoleWildcardBound = &audit.Rule{
	ID:       "cluster-role-wildcard-bound",
	Title:    "A ClusterRole that allows everything is given away",
	Severity: audit.Critical,
	Rationale: "A role with all verbs on all resources of all API groups is cluster-admin by another name. It " +
		"also covers every API that is installed later.",
	Remediation: "Write a role that names the verbs and resources that the subject needs, bind the subject to it, " +
		"and delete this binding.",
	Controls: []string{"NSA", "OWASP22-K03", "OWASP25-K02", "MITRE-T1078"},
	Since:    "1",
	Subjects: []kube.Resource{kube.ClusterRoleBindings},
	Reads:    []kube.Resource{kube.ClusterRoles},
	Consults: weighed(),
	Check:    judgePower(everythingInCluster),
}

var everythingInCluster = &power{
	rule:     "cluster-role-wildcard-bound",
	severity: audit.Critical,
	can:      "do everything in %s",
	reach:    clusterOnly,
	fixes:    confine,
	allows: func(g grant) bool {
		return unbounded(g, "*")
	},
}

// unbounded reports whether a rule has all verbs, by a star or one by one, on
// all resources of one of the API groups.
func unbounded(g grant, groups ...string) bool {
	return len(g.ResourceNames) == 0 && slices.Contains(g.Resources, "*") && allVerbs(g.Verbs) &&
		slices.ContainsFunc(groups, func(group string) bool { return slices.Contains(g.APIGroups, group) })
}

func allVerbs(verbs []string) bool {
	if slices.Contains(verbs, "*") {
		return true
	}
	return !slices.ContainsFunc([]string{"get", "list", "watch", "create", "update", "patch", "delete"}, func(verb string) bool {
		return !slices.Contains(verbs, verb)
	})
}
