package rbac

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var nodesProxyAccess = &audit.Rule{
	ID:       "nodes-proxy-access",
	Title:    "The kubelet can be reached through the API server",
	Severity: audit.Critical,
	Rationale: "Through nodes/proxy the kubelet runs commands in every pod of the node, also by a GET that opens " +
		"a WebSocket; neither admission nor the audit log of the API server sees them.",
	Remediation: "Allow the subresources that are needed instead: nodes/metrics, nodes/stats, nodes/log and, since " +
		"1.33, nodes/pods, nodes/healthz and nodes/configz.",
	Controls: []string{"CIS-5.1.10", "OWASP22-K03", "OWASP25-K02"},
	Since:    "1",
	Subjects: []kube.Resource{kube.ClusterRoleBindings},
	Reads:    []kube.Resource{kube.ClusterRoles},
	Consults: weighed(),
	Check:    judgePower(proxyToNodes),
}

var proxyToNodes = &power{
	rule:     "nodes-proxy-access",
	severity: audit.Critical,
	can:      "run commands in every pod of %s, through the kubelets",
	reach:    clusterOnly,
	fixes:    withoutNodesProxy,
	allows: func(g grant) bool {
		return g.can("", "nodes", "proxy", "get", "create")
	},
}
