package securitycontext

import (
	"iter"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// webhookConfiguration is a configuration of either kind: what matters here is
// the same in both.
type webhookConfiguration struct {
	ref      kube.Ref
	webhooks []kube.Webhook
}

// eachWebhookConfiguration returns a Check that judges the configurations of
// both kinds.
func eachWebhookConfiguration(judge func(*audit.Pass, webhookConfiguration)) audit.Check {
	return audit.Each(func(c *kube.Cluster) iter.Seq2[audit.Subject, webhookConfiguration] {
		return func(yield func(audit.Subject, webhookConfiguration) bool) {
			for _, r := range kube.WebhookConfigurations() {
				for _, o := range c.Objects(r) {
					one := webhookConfiguration{r.Ref("", o.GetName()), kube.WebhooksOf(o)}
					if !yield(audit.Subject{Ref: one.ref}, one) {
						return
					}
				}
			}
		}
	}, judge)
}
