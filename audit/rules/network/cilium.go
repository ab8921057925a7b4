package network

import (
	"fmt"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// The labels by which a CiliumIdentity names where its pods are, as a label of the
// object and as one that policies select by.
const (
	identityNamespace = "io.kubernetes.pod.namespace"
	securityNamespace = "k8s:io.kubernetes.pod.namespace"
	securityAccount   = "k8s:io.cilium.k8s.policy.serviceaccount"
)

// securityLabel returns a label of a CiliumIdentity that policies select by.
func securityLabel(o *unstructured.Unstructured, key string) string {
	return textAt(o, "security-labels", key)
}

// ciliumSelectors is what matters here of a policy of Cilium.
type ciliumSelectors struct {
	Spec  *ciliumSelector  `json:"spec"`
	Specs []ciliumSelector `json:"specs"`
}

type ciliumSelector struct {
	EndpointSelector *metav1.LabelSelector `json:"endpointSelector"`
	NodeSelector     *metav1.LabelSelector `json:"nodeSelector"`
	// Path is where it is written; no field of the object.
	Path string `json:"-"`
}

// ciliumSelectorsOf returns the selectors of a policy, and where they are written.
func ciliumSelectorsOf(o *unstructured.Unstructured) ([]ciliumSelector, error) {
	decoded, err := kube.Decode[ciliumSelectors](o)
	if err != nil {
		return nil, err
	}
	all := slices.Clone(decoded.Specs)
	for i := range all {
		all[i].Path = fmt.Sprintf("specs[%d]", i)
	}
	if decoded.Spec != nil {
		decoded.Spec.Path = "spec"
		all = append(all, *decoded.Spec)
	}
	return all, nil
}
