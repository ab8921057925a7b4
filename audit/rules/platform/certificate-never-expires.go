package platform

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var certificateNeverExpires = &audit.Rule{
	ID:       "certificate-never-expires",
	Title:    "A certificate outlives everybody who knows of it",
	Severity: audit.Low,
	Rationale: "Nothing in Kubernetes asks whether a certificate was revoked: whoever once got at the key is trusted until it ends. " +
		"And what is never renewed nobody can renew when they have to.",
	Remediation: "Issue an authority for ten years at most, and certificates of servers for months, by something that renews them. " +
		"Jobs of charts that write a certificate once can usually be told to use cert-manager instead.",
	Since:    "3",
	Subjects: kube.TrustResources(),
	Consults: []kube.Resource{kube.Nodes}, // by which one knows whose cluster it is
	Timed:    true,                        // the API server may show another one at any time
	Parameters: []audit.Parameter{{
		Name:  "years",
		About: "For how many years a certificate may last; kubeadm makes roots for ten.",
		Value: 10,
	}},
	Check: eachShown(func(p *audit.Pass, all []shown) {
		if p.Subject().Ref == apiServer && p.Cluster.Managed() {
			p.NotApplicable() // its provider made it, and replaces it
			return
		}
		for _, s := range all {
			// A month is for clocks that are late, and for who counts days otherwise.
			if !s.NotAfter.After(s.NotBefore.AddDate(p.Number("years"), 1, 0)) {
				continue
			}
			f := audit.Finding{Path: s.path, Message: fmt.Sprintf("%s lasts for %d years", s.what, years(s.Certificate)), Detail: s.String()}
			if s.NotAfter.Year() == 9999 { // RFC 5280, 4.1.2.5
				f.Message = s.what + " has no end"
			}
			p.Report(f)
		}
	}),
}

// years returns for how many whole years a certificate lasts.
func years(c *kube.Certificate) int {
	n := c.NotAfter.Year() - c.NotBefore.Year()
	if c.NotBefore.AddDate(n, 0, 0).After(c.NotAfter) {
		n--
	}
	return n
}
