package graph

import (
	"iter"
	"slices"

	admissionv1 "k8s.io/api/admissionregistration/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Ways of who may change what others send to the API server.
var (
	mutatingWebhook = &Family{
		ID: "MUTATING_WEBHOOK", Title: "Mutating webhooks can be configured",
		Story: "{from} may have every object changed as it is written, and so has {to} ({evidence})",
		Cost:  2, Severity: audit.Critical, Confidence: Conditional, Source: "kubernetes.io/docs/concepts/security/rbac-good-practices, Control admission webhooks",
	}
	validatingWebhook = &Family{
		ID: "VALIDATING_WEBHOOK", Title: "Validating webhooks can be configured",
		Story: "{from} may have every object sent to it as it is written, and so reads {to} ({evidence})",
		Cost:  3, Severity: audit.High, Confidence: Conditional, Source: "kubernetes.io/docs/concepts/security/rbac-good-practices, Control admission webhooks",
	}
	mutatingPolicy = &Family{
		ID: "MUTATING_ADMISSION_POLICY", Title: "Mutating admission policies can be written and bound",
		Story: "{from} may have every object changed as it is written, without a webhook, and so has {to} ({evidence})",
		Cost:  2, Severity: audit.Critical, Confidence: Proven, Source: "KEP-3962, on by default since 1.36",
	}
	webhookBackend = &Family{
		ID: "WEBHOOK_BACKEND", Title: "The pods behind a mutating webhook can be replaced",
		Story: "{from} may answer in place of a mutating webhook that sees pods or bindings, and so has {to} ({evidence})",
		Cost:  2, Severity: audit.Critical, Confidence: Conditional, Source: "webhooks[].clientConfig.service of a MutatingWebhookConfiguration",
	}
	apiServiceHijack = &Family{
		ID: "APISERVICE_HIJACK", Title: "API groups can be served by somebody else",
		Story: "{from} may serve an API group itself, see who asks and answer controllers, on the way to {to} ({evidence})",
		Cost:  3, Severity: audit.High, Confidence: Inferred, Source: "kubernetes.io/docs/concepts/extend-kubernetes/api-extension/apiserver-aggregation",
	}
)

var admissionFamilies = []*Family{mutatingWebhook, validatingWebhook, mutatingPolicy, webhookBackend, apiServiceHijack}

// admission adds the ways of who may write and bind mutating policies.
func (b *build) admission(p *proofs) {
	if p.namespace == "" {
		b.together(p, b.hub(Cluster, ""), mutatingPolicy, p.of(writeMutatingPolicies), p.of(writeMutatingBindings))
	}
}

// hooks are the configurations of webhooks of one kind.
type hooks struct {
	names []string // sorted
	whole bool     // there are no others
}

func (h hooks) same(other hooks) bool {
	return h.whole == other.whole && slices.Equal(h.names, other.names)
}

func hooksOf[T kube.Object](c *kube.Cluster, r kube.Resource, all iter.Seq[T]) hooks {
	h := hooks{whole: !c.Info.Offline && access.Complete(c, r, "")}
	for w := range all {
		h.names = append(h.names, w.GetName())
	}
	slices.Sort(h.names)
	return h
}

func (b *build) mutating() hooks   { return b.in.mutating }
func (b *build) validating() hooks { return b.in.validating }

// toHooks leads on where there is a configuration to change: who may change them and
// not create any has nothing where there is none.
func toHooks(kind Kind, of func(*build) hooks) func(*build, string) []int32 {
	return func(b *build, _ string) []int32 {
		if h := of(b); h.whole && len(h.names) == 0 {
			return nil
		}
		return []int32{b.hub(kind, "")}
	}
}

func toNamedHook(kind Kind, of func(*build) hooks) func(*build, string, string) []int32 {
	return func(b *build, _, name string) []int32 {
		if h := of(b); h.whole && !slices.Contains(h.names, name) {
			return nil
		}
		return []int32{b.hub(kind, "")}
	}
}

// backend is where a mutating webhook runs that sees what matters.
type backend struct {
	namespace     string
	configuration kube.Ref
}

// webhookBackends finds the namespaces whose pods answer a webhook that changes
// pods, workloads or bindings as they are created.
func webhookBackends(c *kube.Cluster) []backend {
	var found []backend
	for w := range c.MutatingWebhookConfigurations.All() {
		for i := range w.Webhooks {
			service := w.Webhooks[i].ClientConfig.Service
			if service == nil || !slices.ContainsFunc(w.Webhooks[i].Rules, mattersTo) {
				continue
			}
			one := backend{service.Namespace, kube.MutatingWebhookConfigurations.Ref("", w.Name)}
			if !slices.Contains(found, one) {
				found = append(found, one)
			}
		}
	}
	return found
}

// mattersTo reports whether a webhook sees objects whose change is power.
func mattersTo(r admissionv1.RuleWithOperations) bool {
	sees := func(group string, resources ...string) bool {
		return (slices.Contains(r.APIGroups, "*") || slices.Contains(r.APIGroups, group)) &&
			slices.ContainsFunc(r.Resources, func(s string) bool { return s == "*" || s == "*/*" || slices.Contains(resources, s) })
	}
	creates := slices.ContainsFunc(r.Operations, func(o admissionv1.OperationType) bool {
		return o == admissionv1.Create || o == admissionv1.OperationAll
	})
	return creates && (sees("", "pods") || sees("apps", "deployments", "daemonsets", "statefulsets", "replicasets") ||
		sees("batch", "jobs", "cronjobs") || sees(rbacGroup, "rolebindings", "clusterrolebindings"))
}
