package platform

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/kube"
)

func certificates() Capability {
	return Capability{
		ID:     "certificates",
		Title:  "Certificates are renewed without people",
		Level:  Maintained,
		About:  "A certificate that somebody has to remember ends on a weekend.",
		Advice: "Install cert-manager, and have an issuer renew what Ingresses and Gateways serve.",
		Reads:  slices.Concat([]kube.Resource{kube.Certificates, kube.Issuers, kube.ClusterIssuers}, componentResources()),
		Hidden: "certificates of its load balancers are renewed outside of the cluster",
		Rules:  []string{"tls-certificate-expiring"},
		Others: []string{
			"ingress-tls-secret-missing", "ingress-without-tls",
			"certificate-not-ready", "certificate-issuer-missing", "issuer-not-ready",
			"ca-bundle-expiring", "ca-bundle-invalid", "cluster-certificate-expiring",
			"certificate-key-weak", "certificate-never-expires", "certificate-self-signed",
		},
		Find: func(c *kube.Cluster) []Trace {
			var traces []Trace
			if n := c.Custom(kube.Certificates).Len(); n > 0 {
				traces = append(traces, Trace{What: "cert-manager", Says: counted(n, "Certificate"), Objects: n})
			}
			for _, r := range []kube.Resource{kube.Issuers, kube.ClusterIssuers} {
				if n := c.Custom(r).Len(); n > 0 { // that they could issue does not say that anything is renewed
					traces = append(traces, Trace{What: "cert-manager", Says: counted(n, r.Kind)})
				}
			}
			return append(traces, installed(c, component{what: "cert-manager", images: []string{"jetstack/cert-manager-controller", "cert-manager-controller"}})...)
		},
	}
}

// counted is a number of objects of a kind, for people.
func counted(n int, kind string) string {
	if n == 1 {
		return "1 " + kind
	}
	if stem, ok := strings.CutSuffix(kind, "y"); ok {
		return fmt.Sprintf("%d %sies", n, stem)
	}
	if strings.HasSuffix(kind, "s") {
		return fmt.Sprintf("%d %ses", n, kind)
	}
	return fmt.Sprintf("%d %ss", n, kind)
}
