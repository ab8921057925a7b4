package securitycontext

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var admissionWebhookPresent = &audit.Rule{
	ID:       "admission-webhook-present",
	Title:    "Writes go through a webhook",
	Severity: audit.Info,
	Rationale: "Who runs the webhook sees what is written, secrets among it, and may refuse it or, if it mutates, " +
		"put something else in its place. It deserves the care that the API server gets.",
	Remediation: "Know each webhook, who maintains it and what it sees. Narrow its rules to the kinds that it is for.",
	Controls:    []string{"OWASP22-K01", "OWASP25-K01"},
	Since:       "2",
	Subjects:    kube.WebhookConfigurations(),
	Check: eachWebhookConfiguration(func(p *audit.Pass, o webhookConfiguration) {
		if len(o.webhooks) == 0 {
			return
		}
		f := audit.Finding{Message: "one webhook sees writes", Detail: "Webhooks, and who answers them:"}
		if len(o.webhooks) > 1 {
			f.Message = fmt.Sprintf("%d webhooks see writes", len(o.webhooks))
		}
		if o.ref.Kind == kube.MutatingWebhookConfigurations.Kind {
			f.Message += " and may change them"
		}
		var answered []string
		for _, w := range o.webhooks {
			answered = append(answered, w.Name+" by "+backend(w))
		}
		f.Detail += " " + someOf(answered) + "."
		p.Report(f)
	}),
}

// backend says who answers a webhook. A URL may hold a token: it is not shown.
func backend(w kube.Webhook) string {
	if service := w.Client.Service; service != nil {
		return fmt.Sprintf("Service %s/%s", service.Namespace, service.Name)
	}
	return "a server outside of the cluster's Services"
}
