package platform

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var caBundleInvalid = &audit.Rule{
	ID:       "ca-bundle-invalid",
	Title:    "A CA bundle has no certificate that can be read",
	Severity: audit.High,
	Rationale: "The API server cannot verify whom it calls, and so does not call: a webhook that must answer stops all writes that it is asked about, " +
		"one that need not lets them pass unchecked.",
	Remediation: "Put the authority's certificate into the caBundle, in PEM, and that in base64: `base64 -w0 ca.crt`. A bundle that is blank was to be filled in: " +
		"see whether cert-manager's cainjector runs, and whether the annotation names a Certificate that is there. Leave the field out where the server has a public certificate.",
	Since:    "3",
	Subjects: callees(),
	Check: eachCallee(func(p *audit.Pass, t kube.Trust) {
		b := t.Bundle
		f := audit.Finding{Path: t.Path, Message: "its CA bundle has no certificate", Detail: whose(t) + injector(p)}
		switch {
		case b.Blank && p.Cluster.Info.Offline:
			p.NotApplicable() // who fills it in does so in a cluster
			return
		case b.Blank:
			f.Message = "its CA bundle is blank"
		case len(b.Certificates) == 0:
			f.Detail = "What cannot be read: " + b.Fault + "." + f.Detail
		case b.Fault != "":
			f.Severity, f.Message = audit.Low, "a part of its CA bundle cannot be read"
			f.Detail = fmt.Sprintf("What cannot be read: %s. API servers pass over that, and trust the certificates that are left, %d of them.", b.Fault, len(b.Certificates)) + f.Detail
		default:
			return
		}
		p.Report(f)
	}),
}
