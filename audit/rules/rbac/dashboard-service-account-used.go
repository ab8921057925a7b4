package rbac

import (
	"fmt"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var dashboardServiceAccountUsed = &audit.Rule{
	ID:       "dashboard-service-account-used",
	Title:    "Something else uses the permissions of the dashboard",
	Severity: audit.Medium,
	Rationale: "The ServiceAccount of the Kubernetes dashboard is often given more than it should have, and nobody " +
		"looks for another program behind its name.",
	Remediation: "Give the workload a ServiceAccount of its own, and take other subjects out of the bindings of the dashboard.",
	Controls:    []string{"OWASP22-K03", "OWASP25-K02"},
	Since:       "2",
	Subjects:    append(kube.WorkloadResources(), kube.RoleBindings, kube.ClusterRoleBindings),
	Consults:    []kube.Resource{kube.ServiceAccounts, kube.Namespaces},
	Check:       audit.EachOf(append(kube.WorkloadResources(), kube.RoleBindings, kube.ClusterRoleBindings), judgeDashboard),
}

// dashboard is the name that the dashboard's manifests give its ServiceAccount
// and its roles; later ones have several that begin with it.
const dashboard = "kubernetes-dashboard"

func judgeDashboard(p *audit.Pass, o kube.Object) {
	switch o := o.(type) {
	case *kube.Workload:
		judgeDashboardPods(p, o)
	case *rbacv1.RoleBinding:
		judgeDashboardRole(p, o.Namespace, o.RoleRef, o.Subjects)
	case *rbacv1.ClusterRoleBinding:
		judgeDashboardRole(p, "", o.RoleRef, o.Subjects)
	}
}

func judgeDashboardPods(p *audit.Pass, w *kube.Workload) {
	if w.ServiceAccount() != dashboard {
		p.NotApplicable()
		return
	}
	// Its metrics scraper runs as the same ServiceAccount (kubernetes/dashboard,
	// aio/deploy/recommended.yaml).
	itself := strings.HasPrefix(w.Ref.Name, dashboard) || w.Ref.Name == "dashboard-metrics-scraper"
	if itself || carriesToken(p.Cluster, w) == without {
		return
	}
	p.Report(audit.Finding{
		Path:    w.Field("serviceAccountName"),
		Message: "it runs as the ServiceAccount of the dashboard",
		Detail:  "Its pods carry the token of ServiceAccount " + w.Ref.Namespace + "/" + dashboard + ".",
	})
}

func judgeDashboardRole(p *audit.Pass, namespace string, role rbacv1.RoleRef, subjects []rbacv1.Subject) {
	if role.Name != dashboard {
		p.NotApplicable()
		return
	}
	for i, s := range subjects {
		who, ok := access.SubjectOf(s, namespace)
		itself := who.Kind == rbacv1.ServiceAccountKind && strings.HasPrefix(who.Name, dashboard)
		if !ok || itself {
			continue
		}
		p.Report(audit.Finding{
			Path:    fmt.Sprintf("subjects[%d].name", i),
			Message: who.String() + " has the role of the dashboard",
			Detail:  "The binding gives it " + role.Kind + " " + role.Name + ", which is made for the dashboard alone.",
		})
	}
}
