package securitycontext

import (
	"fmt"
	"iter"

	admissionv1 "k8s.io/api/admissionregistration/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// webhookConfiguration is a configuration of either kind: what matters here is
// the same in both.
type webhookConfiguration struct {
	ref      kube.Ref
	webhooks []webhook
}

type webhook struct {
	name   string
	path   string // its field path
	client admissionv1.WebhookClientConfig
	policy *admissionv1.FailurePolicyType
	rules  []admissionv1.RuleWithOperations
}

// rejects reports whether a request that the webhook would see is rejected when
// the webhook does not answer, which is the API's default.
func (w webhook) rejects() bool {
	return len(w.rules) > 0 && (w.policy == nil || *w.policy == admissionv1.Fail)
}

// webhookConfigurations are the resources of both kinds.
func webhookConfigurations() []kube.Resource {
	return []kube.Resource{kube.ValidatingWebhookConfigurations, kube.MutatingWebhookConfigurations}
}

// eachWebhookConfiguration returns a Check that judges the configurations of
// both kinds.
func eachWebhookConfiguration(judge func(*audit.Pass, webhookConfiguration)) audit.Check {
	return audit.Each(func(c *kube.Cluster) iter.Seq2[audit.Subject, webhookConfiguration] {
		return func(yield func(audit.Subject, webhookConfiguration) bool) {
			for o := range c.ValidatingWebhookConfigurations.All() {
				one := webhookConfiguration{ref: kube.ValidatingWebhookConfigurations.Ref("", o.Name)}
				for i := range o.Webhooks {
					w := &o.Webhooks[i]
					one.webhooks = append(one.webhooks, webhook{w.Name, webhookPath(i), w.ClientConfig, w.FailurePolicy, w.Rules})
				}
				if !yield(audit.Subject{Ref: one.ref}, one) {
					return
				}
			}
			for o := range c.MutatingWebhookConfigurations.All() {
				one := webhookConfiguration{ref: kube.MutatingWebhookConfigurations.Ref("", o.Name)}
				for i := range o.Webhooks {
					w := &o.Webhooks[i]
					one.webhooks = append(one.webhooks, webhook{w.Name, webhookPath(i), w.ClientConfig, w.FailurePolicy, w.Rules})
				}
				if !yield(audit.Subject{Ref: one.ref}, one) {
					return
				}
			}
		}
	}, judge)
}

func webhookPath(i int) string { return fmt.Sprintf("webhooks[%d]", i) }
