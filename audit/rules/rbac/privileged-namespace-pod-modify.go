package rbac

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var privilegedNamespacePodModify = &audit.Rule{
	ID:       "privileged-namespace-pod-modify",
	Title:    "Programs with power over the cluster can be changed",
	Severity: audit.High,
	Rationale: "Whoever changes what runs in a namespace of powerful programs, such as kube-system, has their code run " +
		"with that power: the image of a pod and the template of a workload are all it takes.",
	Remediation: "Bind the subject in the namespaces it works in, and keep powerful programs in namespaces of their own.",
	Controls:    []string{"OWASP22-K03", "OWASP25-K02", "MITRE-T1610"},
	Since:       "2",
	Subjects:    []kube.Resource{kube.RoleBindings, kube.ClusterRoleBindings},
	Reads:       []kube.Resource{kube.Roles, kube.ClusterRoles},
	Consults:    weighed(),
	Check:       judgePower(modifyPrivilegedPods),
}

var modifyPrivilegedPods = &power{
	rule:      "privileged-namespace-pod-modify",
	severity:  audit.High,
	can:       "change powerful programs in %s",
	allows:    func(g grant) bool { return g.canAny(runners(), "update", "patch") },
	completes: overPrivileged,
	present:   mightExists,
	within:    []string{"assign-service-account-to-pod"},
}
