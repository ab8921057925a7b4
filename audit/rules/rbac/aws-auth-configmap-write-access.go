package rbac

import (
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var awsAuthConfigmapWriteAccess = &audit.Rule{
	ID:       "aws-auth-configmap-write-access",
	Title:    "Who is an administrator of the EKS cluster can be rewritten",
	Severity: audit.Critical,
	Rationale: "The ConfigMap aws-auth says which identities of AWS are which users and groups of the cluster, " +
		"system:masters among them. Whoever writes it makes themselves an administrator, from outside.",
	Remediation: "Use access entries of EKS and delete the ConfigMap; until then grant ConfigMaps in the namespaces that " +
		"the subject works in, or by name.",
	Controls: []string{"OWASP22-K03", "OWASP25-K02", "MITRE-T1078"},
	Since:    "2",
	Subjects: []kube.Resource{kube.RoleBindings, kube.ClusterRoleBindings},
	Reads:    []kube.Resource{kube.Roles, kube.ClusterRoles},
	Consults: append(weighed(), kube.ConfigMaps),
	Check:    judgePower(writeAWSAuth),
}

var writeAWSAuth = &power{
	rule:     "aws-auth-configmap-write-access",
	severity: audit.Critical,
	can:      "make anybody in AWS an administrator of the cluster",
	allows:   writesConfigMap(awsAuth),
	present: func(c *kube.Cluster, by *charge, h holding) presence {
		switch {
		case c.Has(kube.ConfigMaps.Ref(controlPlane, awsAuth)), slices.Contains(by.Rules[h.rule].ResourceNames, awsAuth):
			return there
		case c.Info.Offline, access.Complete(c, kube.ConfigMaps, controlPlane):
			return absent // nothing says that the cluster is one of EKS
		}
		return unseen
	},
}

// awsAuth is the ConfigMap in [controlPlane] by which EKS knows who is who
// (docs.aws.amazon.com/eks/latest/userguide/auth-configmap.html).
const awsAuth = "aws-auth"
