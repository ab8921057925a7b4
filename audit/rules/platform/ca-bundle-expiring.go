package platform

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var caBundleExpiring = &audit.Rule{
	ID:       "ca-bundle-expiring",
	Title:    "The certificates by which the API server knows a webhook or an API are about to expire, or have expired",
	Severity: audit.High,
	Rationale: "From that moment on every call fails. A webhook that must answer stops all writes that it is asked about, one that need not lets " +
		"them pass unchecked; an aggregated API is gone, and of a definition the objects of older versions cannot be read.",
	Remediation: "Issue a new authority and serving certificate, and put the authority into the caBundle before the old one ends: both fit into it. " +
		"Better, leave it to who does it by itself: cert-manager's annotation cert-manager.io/inject-ca-from, or the operator that the webhook belongs to, " +
		"whose logs say why it has not done so.",
	Since:    "3",
	Subjects: callees(),
	Timed:    true,
	Parameters: []audit.Parameter{{
		Name:  "daysLeft",
		About: "A bundle is reported when its last certificate expires within so many days, and in the last quarter of that certificate's life.",
		Value: 14,
	}},
	Check: eachCallee(func(p *audit.Pass, t kube.Trust) {
		last := t.Bundle.Last()
		if last == nil {
			return // ca-bundle-invalid says it
		}
		f := audit.Finding{Path: t.Path, Detail: shown{Certificate: last}.String() + whose(t) + injector(p)}
		ends := endOf(last)
		switch {
		case over(p.Cluster, last):
			f.Message = "its CA bundle expired at " + ends
		case soon(p.Cluster, last, p.Number("daysLeft")):
			f.Severity, f.Message = audit.Medium, "its CA bundle expires at "+ends
		default:
			return
		}
		p.Report(f)
	}),
}

// injector says who is told to fill in the bundles of the subject
// (https://cert-manager.io/docs/concepts/ca-injector/).
func injector(p *audit.Pass) string {
	o, held := p.Cluster.Find(p.Subject().Ref)
	m, ok := o.(metav1.Object)
	if !held || !ok {
		return ""
	}
	annotations := m.GetAnnotations()
	if from := annotations["cert-manager.io/inject-ca-from"]; from != "" {
		return " cert-manager is to fill it in from Certificate " + from + "."
	}
	if from := annotations["cert-manager.io/inject-ca-from-secret"]; from != "" {
		return " cert-manager is to fill it in from Secret " + from + "."
	}
	if annotations["service.beta.openshift.io/inject-cabundle"] == "true" {
		return " OpenShift is to fill it in."
	}
	return ""
}
