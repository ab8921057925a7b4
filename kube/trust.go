package kube

import (
	"encoding/json"
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Trust is a bundle of certificates by which the API server knows who it calls, or clients
// know each other.
type Trust struct {
	Path string // where the object has it
	// For says whose certificates it is to vouch for, "" if that is the object: the names of
	// webhooks with the same bundle.
	For    []string
	Bundle *CABundle // never nil
}

// TrustResources are the resources of which objects have bundles.
func TrustResources() []Resource {
	return []Resource{
		ValidatingWebhookConfigurations, MutatingWebhookConfigurations, APIServices, CustomResourceDefinitions, ClusterTrustBundles,
	}
}

var trusts = Derive(func(c *Cluster) map[Ref][]Trust {
	r := trustReader{of: map[Ref][]Trust{}, read: map[string]*CABundle{}}
	for o := range c.ValidatingWebhookConfigurations.All() {
		for i := range o.Webhooks {
			r.webhook(ValidatingWebhookConfigurations.Ref("", o.Name), i, o.Webhooks[i].Name, o.Webhooks[i].ClientConfig.CABundle)
		}
	}
	for o := range c.MutatingWebhookConfigurations.All() {
		for i := range o.Webhooks {
			r.webhook(MutatingWebhookConfigurations.Ref("", o.Name), i, o.Webhooks[i].Name, o.Webhooks[i].ClientConfig.CABundle)
		}
	}
	for o := range c.Custom(APIServices).All() {
		if held, err := Decode[APIService](o); err == nil {
			r.add(APIServices.Ref("", o.GetName()), "spec.caBundle", held.Spec.CABundle)
		}
	}
	for name, d := range c.Definitions() {
		if d.Spec.Conversion != nil && d.Spec.Conversion.Webhook != nil {
			r.add(CustomResourceDefinitions.Ref("", name), "spec.conversion.webhook.clientConfig.caBundle", d.Spec.Conversion.Webhook.ClientConfig.CABundle)
		}
	}
	for o := range c.Custom(ClusterTrustBundles).All() {
		if held, err := Decode[clusterTrustBundle](o); err == nil {
			r.add(ClusterTrustBundles.Ref("", o.GetName()), "spec.trustBundle", held.Spec.TrustBundle)
		}
	}
	return r.of
}).From(TrustResources()...)

// Trusts returns the bundles of an object, each once: nil for one that has none, or that
// cannot be read. Nobody may change them.
func (c *Cluster) Trusts(ref Ref) []Trust { return trusts.Of(c)[ref] }

// trustReader reads each bundle once, whoever has it: that of an operator is in all of its
// webhooks.
type trustReader struct {
	of   map[Ref][]Trust
	read map[string]*CABundle
}

func (r *trustReader) add(ref Ref, path string, b *CABundle) {
	if b.Given() {
		r.of[ref] = append(r.of[ref], Trust{Path: path, Bundle: b})
	}
}

func (r *trustReader) webhook(ref Ref, i int, name string, text []byte) {
	if len(text) == 0 {
		return
	}
	b := r.read[string(text)]
	if b == nil {
		b = new(ReadCABundle(text))
		r.read[string(text)] = b
	}
	held := r.of[ref]
	for k := range held {
		if held[k].Bundle == b {
			held[k].For = append(held[k].For, name)
			return
		}
	}
	r.of[ref] = append(held, Trust{Path: fmt.Sprintf("webhooks[%d].clientConfig.caBundle", i), For: []string{name}, Bundle: b})
}

// clusterTrustBundle is a ClusterTrustBundle (certificates.k8s.io/v1).
type clusterTrustBundle struct {
	Spec struct {
		TrustBundle *CABundle `json:"trustBundle"`
	} `json:"spec"`
}

// leanTrustBundle puts in the place of its PEM what is kept of it: the roots of a
// distribution are 200 kB.
func leanTrustBundle(o *unstructured.Unstructured) *unstructured.Unstructured {
	text, found, err := unstructured.NestedString(o.Object, "spec", "trustBundle")
	if err != nil || !found {
		return o // something else, or read before
	}
	var kept map[string]any
	if encoded, err := json.Marshal(readEncoded(text)); err != nil || json.Unmarshal(encoded, &kept) != nil {
		return o
	}
	spec, _ := o.Object["spec"].(map[string]any)
	spec["trustBundle"] = kept
	return o
}
