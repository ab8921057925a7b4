package controlplane

import (
	"fmt"
	"slices"
	"time"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var webhookDown = &triage.Detector{
	ID:    "webhook-down",
	Title: "Nobody answers for an admission webhook",
	About: "The Service of a webhook does not exist or has no endpoint that is ready. Under failurePolicy Fail, which is the default " +
		"(admissionregistration.k8s.io/v1), the API server then refuses every request that the webhook's rules match; under Ignore it waits for the " +
		"timeout and goes on. Where the rules match the webhook's own pods, it cannot come back by itself. " +
		"Webhooks that are called by a URL are outside of what can be seen.",
	Reads: []kube.Resource{
		kube.ValidatingWebhookConfigurations, kube.MutatingWebhookConfigurations, kube.Services, kube.EndpointSlices,
	},
	Helps: []kube.Resource{kube.Pods, kube.Namespaces, kube.Deployments},
	Rung:  triage.Admission,
	After: 30 * time.Second,
	Wide:  true,
	Check: func(p *triage.Pass) {
		for _, h := range webhooks(p.Cluster) {
			if s, down := unanswered(p.Cluster, h); down {
				p.Report(s)
			}
		}
	},
}

// webhook is what the two kinds of webhook have in common.
type webhook struct {
	configuration kube.Ref
	name          string
	service       *admissionv1.ServiceReference // nil for one that is called by a URL
	policy        *admissionv1.FailurePolicyType
	rules         []admissionv1.RuleWithOperations
	namespaces    *metav1.LabelSelector
	objects       *metav1.LabelSelector
}

// webhooks returns the webhooks of the cluster.
func webhooks(c *kube.Cluster) []webhook {
	var all []webhook
	for o := range c.ValidatingWebhookConfigurations.All() {
		for _, w := range o.Webhooks {
			all = append(all, webhook{
				kube.ValidatingWebhookConfigurations.Ref("", o.Name), w.Name, w.ClientConfig.Service, w.FailurePolicy,
				w.Rules, w.NamespaceSelector, w.ObjectSelector,
			})
		}
	}
	for o := range c.MutatingWebhookConfigurations.All() {
		for _, w := range o.Webhooks {
			all = append(all, webhook{
				kube.MutatingWebhookConfigurations.Ref("", o.Name), w.Name, w.ClientConfig.Service, w.FailurePolicy,
				w.Rules, w.NamespaceSelector, w.ObjectSelector,
			})
		}
	}
	return all
}

// unanswered returns the signal of a webhook whose Service has nobody behind it.
func unanswered(c *kube.Cluster, h webhook) (triage.Signal, bool) {
	if h.service == nil {
		return triage.Signal{}, false
	}
	name := h.service.Namespace + "/" + h.service.Name
	s := triage.Signal{
		Object: h.configuration, Container: h.name, Severity: triage.S2,
		Keys: []triage.Key{
			{Kind: triage.ByWebhook, Name: h.configuration.Name + "/" + h.name}, {Kind: triage.ByService, Name: name},
		},
	}
	service, known := c.Services.Get(h.service.Namespace, h.service.Name)
	switch {
	case !known:
		s.Cause, s.Message = "service-missing", fmt.Sprintf("webhook %s: its Service %s does not exist", h.name, name)
	case !answers(c, service):
		s.Cause, s.Message, s.Since = "no-endpoints", fmt.Sprintf("webhook %s: its Service %s has no endpoint that is ready", h.name, name), lost(c, service)
		if served := c.WorkloadsServed(service); len(served) == 1 {
			s.Workload = served[0].Ref
		}
	default:
		return s, false
	}
	switch {
	case h.policy != nil && *h.policy == admissionv1.Ignore:
		s.Severity, s.Message = triage.S4, s.Message+"; it is ignored, after its timeout"
	case !matchesPods(h.rules):
		s.Message += "; what its rules match is refused"
	case matchesItself(c, h):
		s.Severity, s.Cause, s.Message = triage.S1, "deadlock", s.Message+"; no pod can be created, its own neither"
	case selectsAll(h.namespaces) && selectsAll(h.objects):
		s.Severity, s.Message = triage.S1, s.Message+"; no pod can be created"
	default:
		s.Message += "; some pods cannot be created"
	}
	return s, true
}

// answers reports whether a Service has an endpoint that takes requests.
func answers(c *kube.Cluster, s *corev1.Service) bool {
	if len(s.Spec.Selector) == 0 {
		return true // filled by hand, or elsewhere: nobody can tell
	}
	for _, slice := range c.EndpointSlices.In(s.Namespace) {
		if slice.Service == s.Name && slice.Ready+slice.Serving > 0 {
			return true
		}
	}
	return false
}

// lost returns when the last pod behind a Service ceased to be ready, zero if it
// has none.
func lost(c *kube.Cluster, s *corev1.Service) time.Time {
	var last time.Time
	for _, pod := range c.PodsSelected(s.Namespace, labels.SelectorFromSet(s.Spec.Selector)) {
		if _, since, known := triage.Condition(pod, corev1.PodReady); known && since.After(last) {
			last = since
		}
	}
	return last
}

// matchesPods reports whether rules match the creation of pods.
func matchesPods(rules []admissionv1.RuleWithOperations) bool {
	has := func(all []string, one string) bool { return slices.Contains(all, one) || slices.Contains(all, "*") }
	return slices.ContainsFunc(rules, func(r admissionv1.RuleWithOperations) bool {
		creates := slices.Contains(r.Operations, admissionv1.Create) || slices.Contains(r.Operations, admissionv1.OperationAll)
		return creates && has(r.APIGroups, "") && (has(r.Resources, "pods") || slices.Contains(r.Resources, "*/*"))
	})
}

// selectsAll reports whether a selector of a webhook leaves nothing out.
func selectsAll(s *metav1.LabelSelector) bool {
	return s == nil || len(s.MatchLabels) == 0 && len(s.MatchExpressions) == 0
}

// matchesItself reports whether a webhook is asked about the pods that answer for
// it.
func matchesItself(c *kube.Cluster, h webhook) bool {
	namespace, known := c.Namespaces.Get("", h.service.Namespace)
	if !known {
		return false
	}
	if s, err := metav1.LabelSelectorAsSelector(h.namespaces); h.namespaces != nil && (err != nil || !s.Matches(labels.Set(namespace.Labels))) {
		return false
	}
	service, known := c.Services.Get(h.service.Namespace, h.service.Name)
	if !known {
		return false
	}
	served := c.WorkloadsServed(service)
	return len(served) > 0 && (h.objects == nil || served[0].SelectedBy(h.objects))
}
