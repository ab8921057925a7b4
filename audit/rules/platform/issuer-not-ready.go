package platform

import (
	"fmt"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var issuerNotReady = &audit.Rule{
	ID:       "issuer-not-ready",
	Title:    "An issuer of certificates is not ready",
	Severity: audit.High,
	Rationale: "It issues nothing and renews nothing. What it issued before goes on being served until it ends, " +
		"so that nobody notices, and then all of it ends within weeks.",
	Remediation: "The message of its condition Ready says what fails: usually the Secret of a CA or of an account is missing, " +
		"a token for Vault or a DNS provider has expired, or the ACME server cannot be reached.",
	Since:    "3",
	Subjects: issuers(),
	Consults: []kube.Resource{kube.Certificates},
	Wide:     true, // the certificates of a ClusterIssuer are anywhere
	Timed:    true,
	Parameters: []audit.Parameter{{
		Name:  "graceMinutes",
		About: "For how many minutes an issuer may be not ready: it registers with an ACME server first.",
		Value: 15,
	}},
	Check: eachDecoded(issuers(), func(p *audit.Pass, held *issuer) {
		ready := meta.FindStatusCondition(held.Status.Conditions, "Ready")
		switch {
		case ready == nil:
			p.NotApplicable() // not looked at yet, or a manifest
			return
		case ready.Status == metav1.ConditionTrue:
			return
		case !p.Cluster.Lasted(ready.LastTransitionTime, p.Number("graceMinutes")):
			p.NotApplicable() // it takes a while
			return
		}
		f := audit.Finding{Path: "spec", Message: "it is not ready" + reasonOf(ready)}
		if !ready.LastTransitionTime.IsZero() {
			f.Detail = "It is not ready since " + kube.Moment(ready.LastTransitionTime) + "."
		}
		f.Detail += quoted(ready.Message)
		switch n := issuedBy.Of(p.Cluster)[p.Subject().Ref]; n {
		case 0:
			f.Severity = audit.Medium // what else uses it cannot be seen: sidecars, CSI volumes, CertificateRequests
		case 1:
			f.Detail += " 1 Certificate names it."
		default:
			f.Detail += fmt.Sprintf(" %d Certificates name it.", n)
		}
		p.Report(f)
	}),
}

// issuers are the resources of those of cert-manager.
func issuers() []kube.Resource { return []kube.Resource{kube.Issuers, kube.ClusterIssuers} }

// issuer is what matters of an Issuer or ClusterIssuer
// (https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.IssuerStatus).
type issuer struct {
	Status struct {
		Conditions []metav1.Condition `json:"conditions"`
	} `json:"status"`
}

// issuedBy is how many Certificates name each issuer.
var issuedBy = kube.Derive(func(c *kube.Cluster) map[kube.Ref]int {
	of := map[kube.Ref]int{}
	for o := range c.Custom(kube.Certificates).All() {
		if x, err := kube.Decode[certificate](o); err == nil {
			if ref, known := x.Spec.IssuerRef.in(o.GetNamespace()); known {
				of[ref]++
			}
		}
	}
	return of
}).From(kube.Certificates)
