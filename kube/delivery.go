package kube

import "k8s.io/apimachinery/pkg/runtime/schema"

// CanaryOf returns the Canary of Flagger that delivers an object, false if none does. The
// object has a template and no pods except while a new version is tried: what serves is a
// copy of the name NAME-primary (docs.flagger.app/usage/how-it-works).
func (c *Cluster) CanaryOf(target Ref) (Ref, bool) {
	canary, ok := canaries.Of(c, target.Namespace)[target]
	return canary, ok
}

// canaries has the Canaries of a namespace by what they deliver.
var canaries = DeriveFor(func(c *Cluster, namespace string) map[Ref]Ref {
	of := map[Ref]Ref{}
	for _, o := range c.Custom(Canaries).In(namespace) {
		version, _ := at(o, "spec.targetRef.apiVersion").(string)
		kind, _ := at(o, "spec.targetRef.kind").(string)
		name, _ := at(o, "spec.targetRef.name").(string)
		if gv, err := schema.ParseGroupVersion(version); err == nil && name != "" {
			of[Ref{Group: gv.Group, Kind: kind, Namespace: namespace, Name: name}] = Canaries.Ref(namespace, o.GetName())
		}
	}
	return of
}).From(Canaries)
