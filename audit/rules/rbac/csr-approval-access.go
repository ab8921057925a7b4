package rbac

import (
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var csrApprovalAccess = &audit.Rule{
	ID:       "csr-approval-access",
	Title:    "Certificates can be approved",
	Severity: audit.High,
	Rationale: "An approved client certificate is an identity: whoever requests and approves one can become any " +
		"user or ServiceAccount, until it expires, for certificates cannot be revoked.",
	Remediation: "Limit the verb approve on signers to the signer that the subject is responsible for, and leave " +
		"kubernetes.io/kube-apiserver-client to people.",
	Controls: []string{"CIS-5.1.11", "OWASP22-K03", "OWASP25-K02"},
	Since:    "1",
	Subjects: []kube.Resource{kube.ClusterRoleBindings},
	Reads:    []kube.Resource{kube.ClusterRoles},
	Consults: weighed(),
	Check:    judgePower(approveCertificates),
}

var approveCertificates = &power{
	rule:     "csr-approval-access",
	severity: audit.High,
	can:      "approve certificates in %s",
	reach:    clusterOnly,
	allows: func(g grant) bool {
		return g.can("certificates.k8s.io", "certificatesigningrequests", "approval", "update", "patch")
	},
	// An approval takes effect only with approve on the signer as well
	// (CertificateApproval admission); what is missing may come from elsewhere.
	grade: func(g grant) audit.Severity {
		if slices.ContainsFunc(g.rules, func(r rbacv1.PolicyRule) bool { return approvesClients(&r) }) {
			return audit.High
		}
		return audit.Medium
	},
}

// approvesClients reports whether a rule allows the approval of certificates by
// which the API server knows clients.
func approvesClients(r *rbacv1.PolicyRule) bool {
	g := grant{PolicyRule: r}
	return slices.ContainsFunc(
		[]string{"", "kubernetes.io/*", "kubernetes.io/kube-apiserver-client", "kubernetes.io/kube-apiserver-client-kubelet"},
		func(signer string) bool { return g.canNamed(signer, "certificates.k8s.io", "signers", "", "approve") },
	)
}
