package controlplane

import (
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// From how long before its end a certificate is told of.
const (
	warned = 7 * 24 * time.Hour
	urgent = 24 * time.Hour
	// lastTenth is when the certificate of an API server is to be renewed if its life is so
	// short that a week is much of it.
	lastTenth = 10
	// renewing is for how long the renewal of a certificate may take.
	renewing = time.Hour
)

var certExpiring = &triage.Detector{
	ID:    "cert-expiring",
	Title: "A certificate expires",
	About: "The status of a cert-manager Certificate says when it ends (status.notAfter) and when it is to be renewed, or all the certificates of the caBundle by " +
		"which the API server knows a webhook end soon, or the certificate does that the API server, or a load balancer before it, showed when it was connected to: " +
		"nobody gets in once that is over. One that is about to be renewed is no problem: it is told once its renewal is an hour late, and of the API server's in the " +
		"last tenth of its life if a week is more. No Secret is read: certificates that are nowhere else are outside of what can be seen.",
	Reads: []kube.Resource{kube.Certificates},
	Helps: []kube.Resource{kube.ValidatingWebhookConfigurations, kube.MutatingWebhookConfigurations},
	Rung:  triage.Configuration,
	Wide:  true,
	Check: func(p *triage.Pass) {
		if own := p.Cluster.Info.Certificate; own != nil {
			tenth := own.NotAfter.Add(-own.NotAfter.Sub(own.NotBefore) / lastTenth)
			expiring(p, apiServer, "", "the certificate of the API server, issued by "+own.Issuer+",", later(own.NotAfter.Add(-warned), tenth), own.NotAfter)
		}
		for o := range p.Cluster.Custom(kube.Certificates).All() {
			certificate, err := kube.Decode[struct {
				Status struct {
					NotAfter    *metav1.Time `json:"notAfter"`
					RenewalTime *metav1.Time `json:"renewalTime"`
				} `json:"status"`
			}](o)
			if err != nil || certificate.Status.NotAfter == nil || o.GetDeletionTimestamp() != nil {
				continue
			}
			from := certificate.Status.NotAfter.Add(-warned)
			if renewal := certificate.Status.RenewalTime; renewal != nil && renewal.Add(renewing).After(from) {
				from = renewal.Add(renewing)
			}
			expiring(p, kube.Certificates.Ref(o.GetNamespace(), o.GetName()), "", "its certificate", from, certificate.Status.NotAfter.Time)
		}
		for _, r := range kube.WebhookConfigurations() {
			for _, o := range p.Cluster.Objects(r) {
				bundles(p, r.Ref("", o.GetName()))
			}
		}
	},
}

// apiServer is the Service by which pods call the API server.
var apiServer = kube.Services.Ref(metav1.NamespaceDefault, "kubernetes")

// bundles reports the certificates by which webhooks are known, when the last of a bundle
// ends.
func bundles(p *triage.Pass, ref kube.Ref) {
	for _, trust := range p.Cluster.Trusts(ref) {
		last := trust.Bundle.Last()
		if last == nil {
			continue
		}
		for _, name := range trust.For {
			expiring(p, ref, name, "the caBundle of webhook "+name, last.NotAfter.Add(-warned), last.NotAfter)
		}
	}
}

// expiring reports what ends at a time: from a week before on, worse on the last
// day, and worst when it is over.
func expiring(p *triage.Pass, ref kube.Ref, name, what string, from, ends time.Time) {
	for _, step := range []struct {
		since, until time.Time
		severity     triage.Severity
		cause, says  string
	}{
		{from, ends.Add(-urgent), triage.S3, "week", "ends"},
		{later(from, ends.Add(-urgent)), ends, triage.S2, "day", "ends"},
		{ends, time.Time{}, triage.S1, "expired", "ended"},
	} {
		if !step.until.IsZero() && !step.since.Before(step.until) {
			continue
		}
		p.Report(triage.Signal{
			Object: ref, Container: name, Since: step.since, Until: step.until, Severity: step.severity, Cause: step.cause,
			Message: what + " " + step.says + " at " + ends.UTC().Format(time.RFC3339),
		})
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
