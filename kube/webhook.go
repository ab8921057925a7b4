package kube

import (
	"fmt"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Webhook is what the webhooks of both kinds of admission configurations have in common
// (admissionregistration.k8s.io/v1 ValidatingWebhook and MutatingWebhook).
type Webhook struct {
	Name string
	Path string // its field path in the configuration
	// Client says who answers.
	Client admissionv1.WebhookClientConfig
	Policy *admissionv1.FailurePolicyType // nil is Fail
	Rules  []admissionv1.RuleWithOperations
	// Namespaces and Objects are its selectors; nil selects all.
	Namespaces, Objects *metav1.LabelSelector
	// Conditions are CEL expressions that all have to hold, too.
	Conditions []admissionv1.MatchCondition
}

// Rejects reports whether a request that the webhook would see is rejected when
// the webhook does not answer, which is the API's default.
func (w Webhook) Rejects() bool {
	return len(w.Rules) > 0 && (w.Policy == nil || *w.Policy == admissionv1.Fail)
}

// WebhooksOf returns the webhooks of an admission configuration of either kind; nil of any
// other object.
func WebhooksOf(o Object) []Webhook {
	var all []Webhook
	path := func(i int) string { return fmt.Sprintf("webhooks[%d]", i) }
	switch o := o.(type) {
	case *admissionv1.ValidatingWebhookConfiguration:
		for i := range o.Webhooks {
			w := &o.Webhooks[i]
			all = append(all, Webhook{w.Name, path(i), w.ClientConfig, w.FailurePolicy, w.Rules, w.NamespaceSelector, w.ObjectSelector, w.MatchConditions})
		}
	case *admissionv1.MutatingWebhookConfiguration:
		for i := range o.Webhooks {
			w := &o.Webhooks[i]
			all = append(all, Webhook{w.Name, path(i), w.ClientConfig, w.FailurePolicy, w.Rules, w.NamespaceSelector, w.ObjectSelector, w.MatchConditions})
		}
	}
	return all
}

// WebhookConfigurations returns the resources of both kinds of admission configurations.
func WebhookConfigurations() []Resource {
	return []Resource{ValidatingWebhookConfigurations, MutatingWebhookConfigurations}
}
