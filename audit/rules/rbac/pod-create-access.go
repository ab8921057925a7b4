package rbac

import (
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var podCreateAccess = &audit.Rule{
	ID:       "pod-create-access",
	Title:    "Pods can be created",
	Severity: audit.Medium,
	Rationale: "Whoever creates a pod chooses the ServiceAccount it runs as and the Secrets it mounts, and so " +
		"has what any of them may do; where Pod Security does not forbid it, also the node.",
	Remediation: "Leave the creation of workloads to the pipeline that deploys them, enforce Pod Security on the " +
		"namespace, and keep powerful ServiceAccounts in namespaces of their own.",
	Controls: []string{"CIS-5.1.4", "OWASP22-K03", "OWASP25-K02", "MITRE-T1610"},
	Since:    "1",
	Subjects: []kube.Resource{kube.RoleBindings, kube.ClusterRoleBindings},
	Reads:    []kube.Resource{kube.Roles, kube.ClusterRoles},
	Consults: weighed(),
	Check:    judgePower(createPods),
}

var createPods = &power{
	rule:     "pod-create-access",
	severity: audit.Medium,
	can:      "create pods in %s, as any ServiceAccount there",
	allows:   func(g grant) bool { return g.canAny(runners(), "create") },
	within:   []string{"assign-service-account-to-pod"},
}

// runners returns the resources by which pods come to run: pods, and what has a
// template for them. It is asked for every rule of every role.
func runners() []kube.Resource { return workloadResources }

var workloadResources = kube.WorkloadResources()

// canAny is can for one of some resources.
func (g grant) canAny(resources []kube.Resource, verbs ...string) bool {
	if !slices.Contains(g.Verbs, "*") && !slices.ContainsFunc(verbs, func(verb string) bool { return slices.Contains(g.Verbs, verb) }) {
		return false // soon said of most rules, which only read
	}
	return slices.ContainsFunc(resources, func(r kube.Resource) bool { return g.can(r.Group, r.Plural, "", verbs...) })
}
