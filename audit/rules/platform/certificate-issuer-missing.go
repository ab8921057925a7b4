package platform

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var certificateIssuerMissing = &audit.Rule{
	ID:       "certificate-issuer-missing",
	Title:    "A Certificate names an issuer that is not there",
	Severity: audit.High,
	Rationale: "Nobody issues it, and cert-manager waits for the issuer without calling it a failure: " +
		"what was issued before is served until it ends, and is not renewed.",
	Remediation: "Correct spec.issuerRef, or make the issuer. An Issuer is looked for in the Certificate's own namespace; " +
		"one for all namespaces is a ClusterIssuer, which has to be said: `kind: ClusterIssuer`.",
	Since:    "3",
	Subjects: []kube.Resource{kube.Certificates},
	Reads:    []kube.Resource{kube.Issuers, kube.ClusterIssuers},
	Check: eachDecoded([]kube.Resource{kube.Certificates}, func(p *audit.Pass, x *certificate) {
		ref, known := x.Spec.IssuerRef.in(x.Metadata.Namespace)
		if !known || p.Cluster.Info.Offline {
			p.NotApplicable() // another product's issuer, or one that is not in these manifests
			return
		}
		if r, _ := kube.ResourceOf(ref.Group, ref.Kind); unasked(p.Cluster, r) {
			p.Unknown(r.String() + ": not looked at when this was recorded")
			return
		}
		if !x.unissued(p.Cluster) {
			return
		}
		f := audit.Finding{Path: "spec.issuerRef.name", Message: "there is no " + ref.Kind + " " + ref.Name}
		if ref.Namespace != "" {
			f.Message += " in its namespace"
			if p.Cluster.Has(kube.ClusterIssuers.Ref("", ref.Name)) {
				f.Detail = "There is a ClusterIssuer of that name, which spec.issuerRef.kind does not ask for."
			}
		}
		if ends := x.Status.NotAfter; ends != nil {
			f.Severity = audit.Medium
			f.Detail += " The certificate that was issued before ends at " + kube.Moment(*ends) + "."
		}
		p.Report(f)
	}),
}
