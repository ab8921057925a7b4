package platform

import (
	"fmt"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var certificateNotReady = &audit.Rule{
	ID:       "certificate-not-ready",
	Title:    "A certificate is not issued, or not renewed",
	Severity: audit.High,
	Rationale: "What is to serve it has no certificate, or one that is not what was asked for. Where an old one is still served, " +
		"what fails today is an outage on the day that it ends.",
	Remediation: "Follow it: `cmctl status certificate NAME` shows the CertificateRequest, Order and Challenge that wait, and why. " +
		"Usually DNS or the ingress does not answer the challenge, a rate limit of the authority is reached, or the issuer is not ready. " +
		"After each failure cert-manager waits twice as long, 32 hours at the most: `cmctl renew NAME` has it try at once.",
	Since:    "3",
	Subjects: []kube.Resource{kube.Certificates},
	Consults: []kube.Resource{kube.Issuers, kube.ClusterIssuers},
	Timed:    true,
	Parameters: []audit.Parameter{{
		Name:  "graceMinutes",
		About: "For how many minutes a certificate may be waited for as long as no attempt has failed.",
		Value: 60,
	}},
	Check: eachDecoded([]kube.Resource{kube.Certificates}, func(p *audit.Pass, x *certificate) {
		ready := meta.FindStatusCondition(x.Status.Conditions, "Ready")
		if ready == nil {
			p.NotApplicable() // not looked at yet, or a manifest
			return
		}
		issued, failures := x.Status.NotAfter, x.Status.FailedIssuanceAttempts
		if issued != nil && p.Cluster.Lasted(*issued, 0) {
			p.NotApplicable() // tls-certificate-expiring says it
			return
		}
		f := audit.Finding{Path: "spec.issuerRef", Detail: notReadyDetail(x, ready)}
		if x.unissued(p.Cluster) {
			f.Implied = certificateIssuerMissing.ID
		}
		switch {
		case ready.Status == metav1.ConditionTrue && failures == 0:
			return
		case ready.Status == metav1.ConditionTrue:
			f.Severity, f.Message = audit.Medium, "its renewal fails: "+attempts(failures)
		case failures == 0 && !p.Cluster.Lasted(ready.LastTransitionTime, p.Number("graceMinutes")):
			p.NotApplicable() // it takes a while
			return
		case issued == nil:
			f.Message = "it was never issued" + reasonOf(ready)
		default:
			f.Severity, f.Message = audit.Medium, "it is not ready"+reasonOf(ready)
		}
		p.Report(f)
	}),
}

// notReadyDetail says since when a certificate is how it is, and what cert-manager says.
func notReadyDetail(x *certificate, ready *metav1.Condition) string {
	text := "Nothing was put into Secret " + x.Spec.SecretName + " yet."
	if x.Status.NotAfter != nil {
		text = fmt.Sprintf("The certificate in Secret %s ends at %s.", x.Spec.SecretName, kube.Moment(*x.Status.NotAfter))
	}
	if failures := x.Status.FailedIssuanceAttempts; failures > 0 {
		text += " Since it went well last, " + attempts(failures)
		if last := x.Status.LastFailureTime; last != nil {
			text += ", the last at " + kube.Moment(*last)
		}
		text += "."
	}
	if ready.Status == metav1.ConditionTrue {
		return text
	}
	if !ready.LastTransitionTime.IsZero() {
		text += " It is not ready since " + kube.Moment(ready.LastTransitionTime) + "."
	}
	return text + quoted(ready.Message)
}

func attempts(failures int) string {
	if failures == 1 {
		return "1 attempt has failed"
	}
	return fmt.Sprintf("%d attempts have failed", failures)
}
