package rbac

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var persistentVolumeCreateAccess = &audit.Rule{
	ID:       "persistent-volume-create-access",
	Title:    "PersistentVolumes can be created",
	Severity: audit.Medium,
	Rationale: "A PersistentVolume may be a directory of the node. Pod Security does not look behind a claim, so " +
		"that a restricted pod can mount it.",
	Remediation: "Leave volumes to a storage provisioner; admit no hostPath volumes by an admission policy.",
	Controls:    []string{"CIS-5.1.9", "OWASP22-K03", "OWASP25-K02", "MITRE-T1611"},
	Since:       "1",
	Subjects:    []kube.Resource{kube.ClusterRoleBindings},
	Reads:       []kube.Resource{kube.ClusterRoles},
	Consults:    weighed(),
	Check:       judgePower(createVolumes),
}

var createVolumes = &power{
	rule:     "persistent-volume-create-access",
	severity: audit.Medium,
	can:      "create volumes in %s, also of directories of a node",
	reach:    clusterOnly,
	allows: func(g grant) bool {
		return g.can("", "persistentvolumes", "", "create")
	},
}
