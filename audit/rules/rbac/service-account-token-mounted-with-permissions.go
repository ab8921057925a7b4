package rbac

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var serviceAccountTokenMountedWithPermissions = &audit.Rule{
	ID:       "service-account-token-mounted-with-permissions",
	Title:    "A pod carries a token that has permissions",
	Severity: audit.Medium,
	Rationale: "Whoever breaks into the pod acts with the permissions of its ServiceAccount, from inside the " +
		"cluster and in its name.",
	Remediation: "Keep the token from pods that do not talk to the API server, and give the others a " +
		"ServiceAccount of their own, with the least it needs.",
	Controls: []string{"OWASP22-K03", "OWASP25-K02", "MITRE-T1528"},
	Since:    "1",
	Subjects: kube.WorkloadResources(),
	Reads:    []kube.Resource{kube.ServiceAccounts, kube.RoleBindings, kube.ClusterRoleBindings, kube.Roles, kube.ClusterRoles},
	Consults: weighed(),
	Wide:     true, // bindings of any namespace may give a ServiceAccount something
	Check:    audit.EachWorkload(judgeTokenPermissions),
}

func judgeTokenPermissions(p *audit.Pass, w *kube.Workload) {
	switch carriesToken(p.Cluster, w) {
	case without, noAccount:
		return
	case undecided:
		p.Unknown(undecidedReason(w))
		return
	case automatic, projected:
	}
	has := permissionsOf(p.Cluster, w.Ref.Namespace, w.ServiceAccount())
	if has.binding == nil {
		if has.unread != nil {
			p.Unknown(has.unread.Role.String() + " is not in the view")
		}
		return
	}
	account := access.ServiceAccount(w.Ref.Namespace, w.ServiceAccount()).Subject
	f := audit.Finding{
		Severity: audit.Low,
		Path:     w.Field("serviceAccountName"),
		Message:  "its token has the permissions of " + has.binding.Role.String(),
		Detail:   fmt.Sprintf("The pods carry the token of %s, to which %s gives %s.", account, has.binding.Ref, has.binding.Role),
	}
	if has.worst > 0 {
		f.Severity = p.Rule.Severity // what no rule here warns of is graded lower
	}
	p.Report(f)
}
