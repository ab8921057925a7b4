package graph

import "github.com/seaworthy-dev/seaworthy/audit"

// Ways to a client certificate.
var (
	clientCertificate = &Family{
		ID: "CSR_CLIENT_CERT", Title: "Client certificates can be requested and approved",
		Story: "{from} may request a client certificate, approve it and fetch it, and so is {to} ({evidence})",
		Cost:  1, Severity: audit.Critical, Confidence: Proven, Source: "kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests; CertificateSubjectRestriction refuses system:masters",
	}
	kubeletCertificate = &Family{
		ID: "CSR_KUBELET_CERT", Title: "Kubelets' certificates can be requested and approved",
		Story: "{from} may request a kubelet's certificate, approve it and fetch it, and so is {to} ({evidence})",
		Cost:  1, Severity: audit.High, Confidence: Proven, Source: "kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests, kube-apiserver-client-kubelet",
	}
	nodeClientCertificate = &Family{
		ID: "CSR_AUTOAPPROVE_NODE", Title: "Kubelets' certificates are approved by themselves",
		Story: "{from} may request a kubelet's certificate that the controller approves, and so is {to} ({evidence})",
		Cost:  1, Severity: audit.High, Confidence: Conditional, Source: "kubernetes.io/docs/reference/access-authn-authz/kubelet-tls-bootstrapping",
	}
)

var certificateFamilies = []*Family{clientCertificate, kubeletCertificate, nodeClientCertificate}

// certificates adds the ways of who may have certificates made. The name in one
// may be that of any user or ServiceAccount. Nobody needs the verb get for it: who
// changes the approval is told the whole request, and so what was signed.
func (b *build) certificates(p *proofs) {
	if p.namespace != "" {
		return
	}
	create := p.of(createRequests)
	if len(create) == 0 {
		return
	}
	approve := p.of(approveRequests)
	for _, to := range []Kind{AnyUser, AnyPlainGroup, ServiceAccounts} {
		b.together(p, b.hub(to, ""), clientCertificate, create, approve, p.of(approveClients))
	}
	b.eachPool(func(pool int) {
		to := b.node(ChosenNodeIdentity, pool)
		b.together(p, to, kubeletCertificate, create, approve, p.of(approveKubelets))
		b.together(p, to, nodeClientCertificate, create, p.of(requestAsNode))
	})
}
