package blast

import (
	"cmp"
	"fmt"
	"strings"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	policyv1 "k8s.io/api/policy/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// callers returns the resources by which the API server calls Services.
func callers() []kube.Resource {
	return []kube.Resource{
		kube.ValidatingWebhookConfigurations, kube.MutatingWebhookConfigurations, kube.APIServices, kube.CustomResourceDefinitions,
	}
}

// callersOf has, by Service, through which objects the API server calls it.
var callersOf = kube.Derive(func(c *kube.Cluster) map[kube.Ref][]edge {
	calling := map[kube.Ref][]edge{}
	for w := range c.ValidatingWebhookConfigurations.All() {
		ref := kube.ValidatingWebhookConfigurations.Ref("", w.Name)
		for i := range w.Webhooks {
			hook := &w.Webhooks[i]
			called(calling, ref, hook.ClientConfig.Service, webhook(hook.Rules, hook.FailurePolicy))
		}
	}
	for w := range c.MutatingWebhookConfigurations.All() {
		ref := kube.MutatingWebhookConfigurations.Ref("", w.Name)
		for i := range w.Webhooks {
			hook := &w.Webhooks[i]
			called(calling, ref, hook.ClientConfig.Service, webhook(hook.Rules, hook.FailurePolicy))
		}
	}
	for o := range c.Custom(kube.APIServices).All() {
		decoded, err := kube.Decode[apiService](o)
		if err != nil || decoded.Spec.Service == nil {
			continue
		}
		to := kube.Services.Ref(decoded.Spec.Service.Namespace, decoded.Spec.Service.Name)
		calling[to] = append(calling[to], edge{
			to: kube.APIServices.Ref("", o.GetName()), relation: Calls, detail: decoded.Spec.Group + "/" + decoded.Spec.Version,
		})
	}
	conversions(c, calling)
	return calling
}).From(callers()...)

// called adds a webhook. Those of one configuration that call the same Service are told
// together.
func called(calling map[kube.Ref][]edge, ref kube.Ref, service *admissionv1.ServiceReference, detail string) {
	if service == nil {
		return
	}
	to := kube.Services.Ref(service.Namespace, service.Name)
	if edges := calling[to]; len(edges) > 0 && edges[len(edges)-1].to == ref {
		edges[len(edges)-1].detail += "; " + detail
		return
	}
	calling[to] = append(calling[to], edge{to: ref, relation: Calls, detail: detail, last: true})
}

// webhook says which requests a webhook is asked about, and what becomes of them when it
// does not answer: "CREATE pods (Fail)".
func webhook(rules []admissionv1.RuleWithOperations, policy *admissionv1.FailurePolicyType) string {
	matched := make([]string, 0, len(rules))
	for i := range rules {
		operations := make([]string, len(rules[i].Operations))
		for j, o := range rules[i].Operations {
			operations[j] = string(o)
		}
		var resources []string
		for _, resource := range rules[i].Resources {
			for _, group := range rules[i].APIGroups {
				name := resource
				if group != "" {
					name += "." + group
				}
				resources = append(resources, name)
			}
		}
		matched = append(matched, strings.Join(operations, ",")+" "+strings.Join(resources, ","))
	}
	fails := admissionv1.Fail // the default of v1
	if policy != nil {
		fails = *policy
	}
	return fmt.Sprintf("%s (%s)", cmp.Or(strings.Join(matched, ", "), "nothing"), fails)
}

// apiService is what matters of an APIService.
type apiService struct {
	Spec struct {
		Group   string `json:"group"`
		Version string `json:"version"`
		Service *struct {
			Namespace string `json:"namespace"`
			Name      string `json:"name"`
		} `json:"service"`
	} `json:"spec"`
}

// conversions adds the CustomResourceDefinitions with a conversion webhook.
func conversions(c *kube.Cluster, calling map[kube.Ref][]edge) {
	for o := range c.Custom(kube.CustomResourceDefinitions).All() { // in order
		d := c.Definitions()[o.GetName()]
		if d == nil || d.Spec.Conversion == nil || d.Spec.Conversion.Webhook == nil || d.Spec.Conversion.Webhook.ClientConfig.Service == nil {
			continue
		}
		service := d.Spec.Conversion.Webhook.ClientConfig.Service
		to := kube.Services.Ref(service.Namespace, service.Name)
		calling[to] = append(calling[to], edge{
			to: kube.CustomResourceDefinitions.Ref("", o.GetName()), relation: Calls, last: true, detail: "conversion",
		})
	}
}

// The groups of the metrics that autoscalers ask for (k8s.io/metrics).
const (
	resourceMetrics = "metrics.k8s.io"
	customMetrics   = "custom.metrics.k8s.io"
	externalMetrics = "external.metrics.k8s.io"
)

// ofAPIService returns the autoscalers that get metrics by an aggregated API.
func (w *walk) ofAPIService(ref kube.Ref) []edge {
	_, group, _ := strings.Cut(ref.Name, ".")
	if group != resourceMetrics && group != customMetrics && group != externalMetrics {
		return nil
	}
	w.look("", kube.HorizontalPodAutoscalers)
	return measuredOf.Of(w.c)[group]
}

// measuredOf has the autoscalers by the groups of their metrics.
var measuredOf = kube.Derive(func(c *kube.Cluster) map[string][]edge {
	measured := map[string][]edge{}
	for h := range c.HorizontalPodAutoscalers.All() {
		asked := map[string]bool{}
		for i := range h.Spec.Metrics {
			asked[groupOf(h.Spec.Metrics[i].Type)] = true
		}
		if len(h.Spec.Metrics) == 0 { // the API's default is the use of CPU
			asked[resourceMetrics] = true
		}
		for group := range asked {
			measured[group] = append(measured[group], edge{
				to: kube.HorizontalPodAutoscalers.Ref(h.Namespace, h.Name), relation: Measures, last: true,
			})
		}
	}
	return measured
}).From(kube.HorizontalPodAutoscalers)

func groupOf(t autoscalingv2.MetricSourceType) string {
	switch t {
	case autoscalingv2.ResourceMetricSourceType, autoscalingv2.ContainerResourceMetricSourceType:
		return resourceMetrics
	case autoscalingv2.ExternalMetricSourceType:
		return externalMetrics
	default: // of pods or of an object
		return customMetrics
	}
}

// budget says how a PodDisruptionBudget stands, "" where its controller has not said.
func budget(b *policyv1.PodDisruptionBudget) string {
	if b.Status.ExpectedPods == 0 {
		return ""
	}
	return fmt.Sprintf("%d healthy, %d demanded", b.Status.CurrentHealthy, b.Status.DesiredHealthy)
}
