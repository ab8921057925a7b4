package rbac

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var corednsConfigmapWriteAccess = &audit.Rule{
	ID:       "coredns-configmap-write-access",
	Title:    "The DNS of the cluster can be reconfigured",
	Severity: audit.Medium,
	Rationale: "CoreDNS reads its ConfigMap again as soon as it changes. Whoever writes it sends the traffic of any " +
		"program of the cluster wherever they like.",
	Remediation: "Grant ConfigMaps in the namespaces that the subject works in, or by name.",
	Controls:    []string{"OWASP22-K03", "OWASP25-K02"},
	Since:       "2",
	Subjects:    []kube.Resource{kube.RoleBindings, kube.ClusterRoleBindings},
	Reads:       []kube.Resource{kube.Roles, kube.ClusterRoles},
	Consults:    append(weighed(), kube.ConfigMaps),
	Check:       judgePower(writeCoreDNS),
}

var writeCoreDNS = &power{
	rule:     "coredns-configmap-write-access",
	severity: audit.Medium,
	can:      "reconfigure the DNS of the cluster",
	allows:   writesConfigMap(coreDNS),
	present: func(c *kube.Cluster, _ *charge, _ holding) presence {
		switch {
		case c.Has(kube.ConfigMaps.Ref(controlPlane, coreDNS)), c.Info.Offline:
			return there // what a cluster has unless it says otherwise
		case access.Complete(c, kube.ConfigMaps, controlPlane):
			return absent
		}
		return unseen
	},
}

// coreDNS is the ConfigMap of the cluster's DNS in [controlPlane]
// (kubernetes.io/docs/tasks/administer-cluster/dns-custom-nameservers).
const coreDNS = "coredns"
