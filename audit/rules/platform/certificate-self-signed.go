package platform

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var certificateSelfSigned = &audit.Rule{
	ID:       "certificate-self-signed",
	Title:    "A server vouches for itself",
	Severity: audit.Low,
	Rationale: "Who is to trust such a certificate has to have that very one. When it is renewed, everybody needs the new one in the same moment: " +
		"until the bundle has it, each call fails. So nobody renews it, or clients are told to verify nothing.",
	Remediation: "Make an authority that signs the certificate of the server, and put the authority into the bundle: `openssl`, a chart's genCA and genSignedCert, " +
		"or an Issuer of cert-manager with spec.ca.",
	Since:    "3",
	Subjects: kube.TrustResources(),
	Timed:    true, // the API server may show another one at any time
	Check: eachShown(func(p *audit.Pass, all []shown) {
		for _, s := range all {
			if !s.SelfSigned || s.anchor && (s.Authority || !s.Serves) {
				continue
			}
			f := audit.Finding{Path: s.path, Message: s.what + " is self-signed", Detail: s.String()}
			if !s.anchor {
				f.Severity = audit.Medium // all who use the cluster depend on it
			}
			p.Report(f)
		}
	}),
}
