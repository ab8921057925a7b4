package controlplane

import (
	"time"

	certificatesv1 "k8s.io/api/certificates/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var csrPending = &triage.Detector{
	ID:    "csr-pending",
	Title: "Nobody decides on a request for a certificate",
	About: "A CertificateSigningRequest has neither been approved nor denied, or its signer failed. A kubelet that waits for its serving " +
		"certificate cannot be asked for logs and metrics; one that waits for its client certificate is no node. Requests are removed after a day " +
		"(pkg/controller/certificates/cleaner).",
	Reads: []kube.Resource{kube.CertificateSigningRequests},
	Rung:  triage.Configuration,
	After: 5 * time.Minute,
	Wide:  true,
	Check: func(p *triage.Pass) {
		for r := range p.Cluster.CertificateSigningRequests.All() {
			s := triage.Signal{
				Object: kube.CertificateSigningRequests.Ref("", r.Name), Since: r.CreationTimestamp.Time, Severity: triage.S3, Cause: "undecided",
				Message: "nobody has decided on the request of " + r.Spec.Username + " to " + r.Spec.SignerName,
			}
			done := false
			for _, c := range r.Status.Conditions {
				done = done || c.Type == certificatesv1.CertificateDenied || c.Type == certificatesv1.CertificateApproved
				if c.Type == certificatesv1.CertificateFailed {
					done, s.Cause, s.Raw, s.Since = false, "failed", c.Message, c.LastTransitionTime.Time
					s.Message = r.Spec.SignerName + " could not issue the certificate for " + r.Spec.Username
					break
				}
			}
			if !done {
				p.Report(s)
			}
		}
	},
}
