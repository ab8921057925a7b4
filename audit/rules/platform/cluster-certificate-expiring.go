package platform

import (
	"iter"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var clusterCertificateExpiring = &audit.Rule{
	ID:       "cluster-certificate-expiring",
	Title:    "A certificate of the cluster itself is about to expire, or has expired",
	Severity: audit.High,
	Rationale: "Once the API server's is over, neither people nor controllers nor nodes get in. Once the root is over, nothing that it vouches for is trusted: " +
		"every certificate of the control plane and every kubelet has to be given a new one, by hand and at once.",
	Remediation: "`kubeadm certs check-expiration` and `kubeadm certs renew all` on each node of the control plane, then restart its static pods; an upgrade does the same. " +
		"k3s and RKE2 renew when they are restarted in the last 120 days. A root is replaced while the old one is still good: " +
		"https://kubernetes.io/docs/tasks/tls/manual-rotation-of-ca-certificates/. Where a load balancer or a provider shows the certificate, renew it there.",
	Since:    "3",
	Subjects: []kube.Resource{kube.ClusterTrustBundles},
	Timed:    true,
	Parameters: []audit.Parameter{{
		Name:  "daysLeft",
		About: "The certificate of the API server is reported when it expires within so many days, and in the last quarter of its life.",
		Value: 30,
	}, {
		Name:  "rootDaysLeft",
		About: "A root is reported when it expires within so many days, and in the last quarter of its life.",
		Value: 90,
	}},
	Check: audit.Each(func(c *kube.Cluster) iter.Seq2[audit.Subject, []shown] {
		return func(yield func(audit.Subject, []shown) bool) {
			for o := range c.Custom(kube.ClusterTrustBundles).All() {
				ref := kube.ClusterTrustBundles.Ref("", o.GetName())
				for _, t := range c.Trusts(ref) {
					last := t.Bundle.Last()
					if last != nil && !yield(audit.Subject{Ref: ref}, []shown{{last, t.Path, "the last of its certificates", true}}) {
						return
					}
				}
			}
			if all := shownBy(c.Info); len(all) > 0 {
				yield(audit.Subject{Ref: apiServer}, all)
			}
		}
	}, func(p *audit.Pass, all []shown) {
		for _, s := range all {
			f := audit.Finding{Severity: audit.High, Path: s.path, Detail: s.String()}
			days, expired := p.Number("daysLeft"), audit.Critical
			if s.anchor {
				days = p.Number("rootDaysLeft")
			}
			if p.Subject().Ref != apiServer { // some clients trust by it, and not the whole cluster
				f.Severity, expired = audit.Medium, audit.High
			}
			ends := endOf(s.Certificate)
			switch {
			case over(p.Cluster, s.Certificate):
				f.Severity, f.Message = expired, s.what+" expired at "+ends
			case soon(p.Cluster, s.Certificate, days):
				f.Message = s.what + " expires at " + ends
			default:
				continue
			}
			p.Report(f)
		}
	}),
}
