package incident

import (
	"slices"
	"strings"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// serving returns the Services that the object of a signal calls or stands before:
// those that its detector names, and those that its own fields name.
func (v *view) serving(f *fact) []kube.Ref {
	var all []kube.Ref
	add := func(namespace, name string) {
		if ref := kube.Services.Ref(namespace, name); name != "" && !slices.Contains(all, ref) {
			all = append(all, ref)
		}
	}
	for _, key := range f.keys {
		if namespace, name, found := strings.Cut(key.Name, "/"); found && key.Kind == triage.ByService {
			add(namespace, name)
		}
	}
	if f.Object.Kind == kube.Ingresses.Kind {
		if i, ok := v.Ingresses.Get(f.Object.Namespace, f.Object.Name); ok {
			for _, name := range backendsOf(&i.Spec) {
				add(i.Namespace, name)
			}
		}
		return all
	}
	v.called(f, add)
	return all
}

// called adds the Services that the API server itself calls for an object.
func (v *view) called(f *fact, add func(namespace, name string)) {
	switch f.Object.Kind {
	case kube.ValidatingWebhookConfigurations.Kind:
		if o, ok := v.ValidatingWebhookConfigurations.Get("", f.Object.Name); ok {
			for i := range o.Webhooks {
				f.webhook(o.Name, o.Webhooks[i].Name, &o.Webhooks[i].ClientConfig, add)
			}
		}
	case kube.MutatingWebhookConfigurations.Kind:
		if o, ok := v.MutatingWebhookConfigurations.Get("", f.Object.Name); ok {
			for i := range o.Webhooks {
				f.webhook(o.Name, o.Webhooks[i].Name, &o.Webhooks[i].ClientConfig, add)
			}
		}
	case kube.APIServices.Kind:
		if o, ok := v.Custom(kube.APIServices).Get("", f.Object.Name); ok {
			namespace, _, _ := unstructured.NestedString(o.Object, "spec", "service", "namespace")
			name, _, _ := unstructured.NestedString(o.Object, "spec", "service", "name")
			add(namespace, name)
		}
	}
}

// webhook adds the Service of a webhook, unless the signal is about another webhook
// of the same configuration.
func (f *fact) webhook(configuration, webhook string, client *admissionv1.WebhookClientConfig, add func(namespace, name string)) {
	if client.Service == nil {
		return
	}
	about := func(key triage.Key) bool { return key.Kind == triage.ByWebhook }
	if slices.ContainsFunc(f.keys, about) && !f.carries(triage.Key{Kind: triage.ByWebhook, Name: configuration + "/" + webhook}) {
		return
	}
	add(client.Service.Namespace, client.Service.Name)
}

func backendsOf(spec *networkingv1.IngressSpec) []string {
	var names []string
	add := func(b *networkingv1.IngressBackend) {
		if b != nil && b.Service != nil {
			names = append(names, b.Service.Name)
		}
	}
	add(spec.DefaultBackend)
	for i := range spec.Rules {
		if http := spec.Rules[i].HTTP; http != nil {
			for j := range http.Paths {
				add(&http.Paths[j].Backend)
			}
		}
	}
	return names
}
