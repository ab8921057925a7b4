package isolation

import (
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// policiesIn has the policies that a namespace has for itself.
var policiesIn = kube.DeriveFor(func(c *kube.Cluster, namespace string) *set {
	var s set
	var policies []*policy
	for _, n := range c.NetworkPolicies.In(namespace) {
		policies = append(policies, kubernetesPolicy(n))
	}
	for _, r := range customNamespaced() {
		policies = append(policies, s.read(r, c.Custom(r).In(namespace))...)
	}
	s.index(policies)
	return &s
}).From(append(customNamespaced(), kube.NetworkPolicies)...)

// clusterWide has the policies that belong to no namespace.
var clusterWide = kube.Derive(func(c *kube.Cluster) *set {
	var s set
	var policies []*policy
	for _, r := range customWide() {
		policies = append(policies, s.read(r, c.Custom(r).In(""))...)
	}
	s.index(policies)
	for _, name := range foreign() {
		if _, installed := c.Custom(kube.CustomResourceDefinitions).Get("", name); installed && s.doubt == "" {
			s.doubt = name + " are not read"
		}
	}
	return &s
}).From(append(customWide(), kube.CustomResourceDefinitions)...)

// foreign returns the definitions of policies that network plugins bring along
// and that are not known here: where there are any, what is open may not be.
func foreign() []string {
	return []string{
		"networkpolicies.crd.antrea.io", "clusternetworkpolicies.crd.antrea.io",
		"networkpolicies.projectcalico.org", "globalnetworkpolicies.projectcalico.org",
		"securitypolicies.crd.nsx.vmware.com",
	}
}

// read reads the policies of a resource. One that is not understood may do
// anything.
func (s *set) read(r kube.Resource, objects []*unstructured.Unstructured) []*policy {
	var all []*policy
	for _, o := range objects {
		policies, err := read(r, o)
		if err != nil {
			s.doubt = r.Ref(o.GetNamespace(), o.GetName()).String() + " is not understood"
			continue
		}
		all = append(all, policies...)
	}
	return all
}

func read(r kube.Resource, o *unstructured.Unstructured) ([]*policy, error) {
	var one *policy
	var err error
	switch r {
	case kube.CiliumNetworkPolicies, kube.CiliumClusterwideNetworkPolicies:
		return ciliumPolicies(r, o)
	case kube.CalicoNetworkPolicies, kube.GlobalNetworkPolicies:
		one, err = readCalicoPolicy(r, o)
	default:
		one, err = readAdministratorPolicy(r, o)
	}
	if one == nil {
		return nil, err
	}
	return []*policy{one}, err
}
