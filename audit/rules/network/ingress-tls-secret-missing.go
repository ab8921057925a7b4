package network

import (
	"fmt"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var ingressTLSSecretMissing = &audit.Rule{
	ID:       "ingress-tls-secret-missing",
	Title:    "The certificate of an Ingress does not exist",
	Severity: audit.High,
	Rationale: "The controller answers with a certificate that it made up, or not at all: " +
		"clients see a warning, or fail.",
	Remediation: "Create the Secret, of type kubernetes.io/tls, in the namespace of the Ingress. " +
		"If cert-manager should make it, look at why its Certificate is not ready.",
	Since:    "2",
	Subjects: []kube.Resource{kube.Ingresses},
	Reads:    []kube.Resource{kube.Secrets},
	Consults: []kube.Resource{kube.Certificates},
	Check: eachIngress(func(p *audit.Pass, i *networkingv1.Ingress) {
		applies := false
		for t, tls := range i.Spec.TLS {
			if tls.SecretName == "" {
				continue // the controller's own certificate
			}
			applies = true
			if _, held := p.Cluster.Secrets.Get(i.Namespace, tls.SecretName); held {
				continue
			}
			ref := kube.Secrets.Ref(i.Namespace, tls.SecretName)
			if p.Cluster.Info.Offline {
				p.Unknown(notInView(ref)) // who writes manifests keeps Secrets elsewhere
				continue
			}
			f := audit.Finding{
				Path:    fmt.Sprintf("spec.tls[%d].secretName", t),
				Message: ref.String() + " does not exist",
				Detail:  "There is no " + ref.String() + ", which should have the certificate.",
			}
			if certificate := certificatesFor.Of(p.Cluster, i.Namespace)[tls.SecretName]; certificate != "" {
				f.Detail += " Certificate " + certificate + " of cert-manager should make it, and has not done so."
			}
			p.Report(f)
		}
		if !applies {
			p.NotApplicable()
		}
	}),
}

// certificatesFor has the names of the Certificates of a namespace by the Secrets
// that they make.
var certificatesFor = kube.DeriveFor(func(c *kube.Cluster, namespace string) map[string]string {
	makers := map[string]string{}
	for _, o := range c.Custom(kube.Certificates).In(namespace) {
		makers[textAt(o, "spec", "secretName")] = o.GetName()
	}
	return makers
}).From(kube.Certificates)
