package rbac

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var workloadModifyAccess = &audit.Rule{
	ID:       "workload-modify-access",
	Title:    "Workloads can be changed",
	Severity: audit.Medium,
	Rationale: "Whoever changes a pod template chooses what runs and as which ServiceAccount, and the image of a running " +
		"pod can be changed in place: it then acts with all that the pod has.",
	Remediation: "Leave the change of workloads to the pipeline that deploys them; a program that only scales needs the " +
		"subresource scale and nothing else.",
	Controls: []string{"OWASP22-K03", "OWASP25-K02", "MITRE-T1610"},
	Since:    "2",
	Subjects: []kube.Resource{kube.RoleBindings, kube.ClusterRoleBindings},
	Reads:    []kube.Resource{kube.Roles, kube.ClusterRoles},
	Consults: weighed(),
	Check:    judgePower(modifyWorkloads),
}

var modifyWorkloads = &power{
	rule:     "workload-modify-access",
	severity: audit.Medium,
	can:      "change what runs in %s",
	allows:   func(g grant) bool { return g.canAny(runners(), "update", "patch") },
	within:   []string{"privileged-namespace-pod-modify", "pod-create-access"},
}
