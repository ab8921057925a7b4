package rbac

import (
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var wildcardVerbs = &audit.Rule{
	ID:       "wildcard-verbs",
	Title:    "All verbs on sensitive resources are given away",
	Severity: audit.High,
	Rationale: "A star among the verbs gives more than was meant: it includes deletion of everything at once, " +
		"special verbs such as escalate, bind and impersonate, and every verb to come.",
	Remediation: "Name the verbs that the subject uses.",
	Controls:    []string{"CIS-5.1.3", "OWASP22-K03", "OWASP25-K02"},
	Since:       "1",
	Subjects:    []kube.Resource{kube.RoleBindings, kube.ClusterRoleBindings},
	Reads:       []kube.Resource{kube.Roles, kube.ClusterRoles},
	Consults:    weighed(),
	Check:       judgePower(everyVerb),
}

var everyVerb = &power{
	rule:     "wildcard-verbs",
	severity: audit.High,
	can:      "use all verbs on sensitive resources in %s",
	allows: func(g grant) bool {
		return slices.Contains(g.Verbs, "*") && slices.ContainsFunc(sensitiveResources(g.scope == inCluster), func(r kube.Resource) bool {
			resource, subresource, _ := strings.Cut(r.Plural, "/")
			return g.can(r.Group, resource, subresource, "get")
		})
	},
}

// sensitiveResources are those of which all verbs give power over others' work.
func sensitiveResources(cluster bool) []kube.Resource {
	sensitive := []kube.Resource{
		kube.Secrets, kube.ServiceAccounts, kube.Pods,
		{Plural: "pods/exec"},
		{Plural: "serviceaccounts/token"},
		kube.ReplicationControllers, kube.Deployments, kube.StatefulSets, kube.DaemonSets, kube.ReplicaSets,
		kube.Jobs, kube.CronJobs, kube.Roles, kube.RoleBindings,
	}
	if !cluster {
		return sensitive
	}
	return append(sensitive,
		kube.Nodes, kube.Resource{Plural: "nodes/proxy"}, kube.PersistentVolumes, kube.Namespaces,
		kube.ClusterRoles, kube.ClusterRoleBindings,
		kube.Resource{Group: "admissionregistration.k8s.io", Plural: "mutatingwebhookconfigurations"},
		kube.Resource{Group: "admissionregistration.k8s.io", Plural: "validatingwebhookconfigurations"},
		kube.Resource{Group: "certificates.k8s.io", Plural: "certificatesigningrequests"},
		kube.Resource{Group: "certificates.k8s.io", Plural: "signers"},
	)
}
