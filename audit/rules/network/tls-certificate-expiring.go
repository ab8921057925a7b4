package network

import (
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var tlsCertificateExpiring = &audit.Rule{
	ID:       "tls-certificate-expiring",
	Title:    "A certificate is about to expire, or has expired",
	Severity: audit.High,
	Rationale: "From that moment on clients refuse the connection. cert-manager renews certificates long before: " +
		"one that comes near its end is one whose renewal fails.",
	Remediation: "Look at the conditions and events of the Certificate, its CertificateRequest and its Order: " +
		"usually a challenge cannot be answered, or the issuer is not ready.",
	Since:    "2",
	Subjects: []kube.Resource{kube.Certificates},
	Timed:    true,
	Parameters: []audit.Parameter{{
		Name:  "daysLeft",
		About: "A certificate that should have been renewed is reported when it expires within so many days.",
		Value: 14,
	}},
	Check: audit.EachCustom(kube.Certificates, func(p *audit.Pass, o *unstructured.Unstructured) {
		decoded, err := kube.Decode[certificate](o)
		if err != nil {
			p.Unknown(err.Error())
			return
		}
		status := &decoded.Status
		if status.NotAfter == nil {
			p.NotApplicable() // not issued yet, or a manifest
			return
		}
		ends := kube.Moment(*status.NotAfter)
		f := audit.Finding{Path: "spec.secretName", Detail: fmt.Sprintf("The certificate in Secret %s/%s ends at %s.",
			o.GetNamespace(), decoded.Spec.SecretName, ends)}
		for _, c := range status.Conditions {
			if c.Type == "Ready" && c.Status != metav1.ConditionTrue {
				f.Detail += " It is not ready: " + c.Message
			}
		}
		const day = 24 * 60
		switch {
		case p.Cluster.Lasted(*status.NotAfter, 0):
			f.Message = "its certificate expired at " + ends
		case p.Cluster.Lasted(*status.NotAfter, -p.Number("daysLeft")*day) && status.due(p.Cluster):
			f.Message = "its certificate expires at " + ends + ", and is not renewed"
		default:
			return
		}
		p.Report(f)
	}),
}

// certificate is what matters of a Certificate of cert-manager.
type certificate struct {
	Spec struct {
		SecretName string `json:"secretName"`
	} `json:"spec"`
	Status certificateStatus `json:"status"`
}

type certificateStatus struct {
	NotAfter    *metav1.Time       `json:"notAfter"`
	RenewalTime *metav1.Time       `json:"renewalTime"`
	Conditions  []metav1.Condition `json:"conditions"`
}

// due reports whether the certificate should have been renewed an hour ago: those
// that live for days only are renewed when others would be about to expire.
func (s *certificateStatus) due(c *kube.Cluster) bool {
	const hour = 60
	return s.RenewalTime == nil || c.Lasted(*s.RenewalTime, hour)
}
