package securitycontext

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var admissionWebhookBackendUnavailable = &audit.Rule{
	ID:       "admission-webhook-backend-unavailable",
	Title:    "Webhook that rejects everything",
	Severity: audit.High,
	Rationale: "Nothing answers the webhook, and its failure policy is Fail, so the API server rejects every write that it would see: " +
		"nobody can deploy, and pods that die may not be replaced.",
	Remediation: "Bring the webhook's pods back. Where it was uninstalled, delete its configuration as well.",
	Controls:    []string{"OWASP22-K01", "OWASP25-K01"},
	Since:       "2",
	Subjects:    kube.WebhookConfigurations(),
	Reads:       []kube.Resource{kube.Services, kube.EndpointSlices},
	Wide:        true,
	Check: eachWebhookConfiguration(func(p *audit.Pass, o webhookConfiguration) {
		judged := false
		for _, w := range o.webhooks {
			if !w.Rejects() || w.Client.Service == nil || p.Cluster.Info.Offline {
				continue
			}
			judged = true
			namespace, name := w.Client.Service.Namespace, w.Client.Service.Name
			missing, known := backendMissing(p.Cluster, namespace, name)
			if !known {
				p.Unknown(fmt.Sprintf("Services and EndpointSlices of namespace %s were not read", namespace))
				continue
			}
			if missing == "" {
				continue
			}
			p.Report(audit.Finding{
				Path:    w.Path + ".clientConfig.service",
				Message: fmt.Sprintf("webhook %s rejects what it would see", w.Name),
				Detail:  fmt.Sprintf("Its failure policy is Fail, and Service %s/%s %s.", namespace, name, missing),
			})
		}
		if !judged {
			p.NotApplicable()
		}
	}),
}

// backendMissing says what a Service lacks to answer; "" if it lacks nothing.
// False means that it is not known: the namespace was not read.
func backendMissing(c *kube.Cluster, namespace, name string) (string, bool) {
	if c.Info.Scope != nil && !slices.Contains(c.Info.Scope, namespace) {
		return "", false
	}
	for _, r := range []kube.Resource{kube.Services, kube.EndpointSlices} {
		if _, blind := c.Blind(r, namespace); blind {
			return "", false
		}
	}
	service, ok := c.Services.Get(namespace, name)
	switch {
	case !ok:
		return "does not exist", true
	case service.Spec.Type == corev1.ServiceTypeExternalName: // the answer is elsewhere
		return "", true
	case readyEndpoints.Of(c, namespace)[name] == 0:
		return "has no ready endpoint", true
	}
	return "", true
}

// readyEndpoints counts the ready endpoints of each Service of a namespace.
var readyEndpoints = kube.DeriveFor(func(c *kube.Cluster, namespace string) map[string]int {
	ready := map[string]int{}
	for _, slice := range c.EndpointSlices.In(namespace) {
		ready[slice.Service] += slice.Ready
	}
	return ready
})
