package rbac

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
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
		return g.can(certificates, "certificatesigningrequests", "approval", "update", "patch")
	},
	// An approval takes effect only with approve on the signer as well
	// (CertificateApproval admission). Who may not also request a certificate and
	// fetch it needs somebody else who does.
	completes: func(h holder) (completion, bool) {
		client, ok := h.mayInCluster(approvals(clientSigners()...)...)
		if !ok {
			client, ok = h.mayInCluster(approvals("kubernetes.io/kubelet-serving", "kubernetes.io/legacy-unknown")...)
			client.atMost = audit.Medium
			return client, ok
		}
		request, asks := h.mayInCluster(requests(certificates, "certificatesigningrequests", "", "create")...)
		fetch, fetches := h.mayInCluster(requests(certificates, "certificatesigningrequests", "", "get", "list", "watch")...)
		if !asks || !fetches {
			client.atMost = audit.Medium
			return client, true
		}
		own, _ := request.and(fetch)
		return client.and(own)
	},
}

const certificates = "certificates.k8s.io"

// clientSigners are the signers of certificates by which the API server knows
// clients.
func clientSigners() []string {
	return []string{"", "kubernetes.io/*", "kubernetes.io/kube-apiserver-client", "kubernetes.io/kube-apiserver-client-kubelet"}
}

func approvals(signers ...string) []access.Request {
	all := make([]access.Request, len(signers))
	for i, signer := range signers {
		all[i] = access.Request{Verb: "approve", Group: certificates, Resource: "signers", Name: signer}
	}
	return all
}
