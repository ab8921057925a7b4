package live_test

import (
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/dynamic"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
)

// older is a custom resource that the server of the tests has at an older
// version than the one that rules know, as old installations do.
const older = "v1beta1"

// installCustom defines the custom resources of the view and creates an object
// of each. Those that the server brings along are there, but for bundles of certificates,
// of which it has the kind alone.
func installCustom(t *testing.T, client dynamic.Interface) {
	t.Helper()
	for _, r := range kube.CustomResources() {
		if r == kube.CustomResourceDefinitions || r == kube.APIServices || r == kube.ClusterTrustBundles || r.Page() != "" {
			continue
		}
		if r == kube.HTTPRoutes {
			r.Version = older
		}
		define(t, client, r.As("K8sRequiredLabels"))
	}
	for _, r := range kube.CustomResources() {
		if r == kube.CustomResourceDefinitions || r == kube.APIServices || r == kube.ClusterTrustBundles || r.Page() != "" {
			continue
		}
		if r == kube.HTTPRoutes {
			r.Version = older
		}
		createOnceServed(t, client, r.As("K8sRequiredLabels"))
	}
	root := kubetest.Issue(t, x509.Certificate{Subject: pkix.Name{CommonName: "internal"}, IsCA: true, BasicConstraintsValid: true}, nil, nil)
	create(t, client, kube.ClusterTrustBundles, "", fmt.Sprintf("{metadata: {name: internal}, spec: {trustBundle: %q}}", root.PEM))
}

// define creates the definition of a custom resource with any content.
func define(t *testing.T, client dynamic.Interface, r kube.Resource) {
	t.Helper()
	scope := "Cluster"
	if r.Namespaced {
		scope = "Namespaced"
	}
	create(t, client, kube.CustomResourceDefinitions, "", fmt.Sprintf(`
metadata:
  name: %[1]s.%[2]s
  annotations: {api-approved.kubernetes.io: "unapproved, for a test"}
spec:
  group: %[2]s
  scope: %[3]s
  names: {plural: %[1]s, singular: %[4]s, kind: %[5]s}
  versions:
  - {name: %[6]s, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}`,
		r.Plural, r.Group, scope, strings.ToLower(r.Kind), r.Kind, r.Version))
}

// createOnceServed creates an object as soon as the server has its kind.
func createOnceServed(t *testing.T, client dynamic.Interface, r kube.Resource) {
	t.Helper()
	o := &unstructured.Unstructured{Object: map[string]any{"spec": map[string]any{"size": int64(3)}}}
	o.SetAPIVersion(schema.GroupVersion{Group: r.Group, Version: r.Version}.String())
	o.SetKind(r.Kind)
	o.SetName("one")
	namespace := ""
	if r.Namespaced {
		namespace = "shop"
	}
	var last error
	err := wait.PollUntilContextTimeout(t.Context(), 50*time.Millisecond, patience, true, func(ctx context.Context) (bool, error) {
		_, last = in(client, r, namespace).Create(ctx, o, metav1.CreateOptions{})
		return last == nil, nil
	})
	if err != nil {
		t.Fatalf("creating a %s: %v: %v", r.Kind, err, last)
	}
}

// checkCustom expects of a custom object what rules read, from a server that has
// it at another version too, and of its definition all but the schema.
func checkCustom(t *testing.T, c *kube.Cluster) {
	t.Helper()
	held, _ := c.Custom(kube.CustomResourceDefinitions).Get("", "gateways.gateway.networking.k8s.io")
	d, err := kube.Decode[kube.Definition](held)
	if err != nil || d.Spec.Names.Kind != "Gateway" || len(d.Spec.Versions) != 1 || !d.Spec.Versions[0].Storage || len(d.Status.Conditions) < 2 ||
		strings.Contains(fmt.Sprint(held), "openAPIV3Schema") {
		t.Errorf("the definition of Gateways is held as %v (%v)", held, err)
	}
	for _, r := range []kube.Resource{kube.HTTPRoutes, kube.Gateways} {
		held, ok := c.Custom(r).Get("shop", "one")
		if !ok {
			t.Errorf("%s has no object", r)
			continue
		}
		size, _, err := unstructured.NestedInt64(held.Object, "spec", "size")
		if err != nil || size != 3 || held.GetResourceVersion() != "" || len(held.GetManagedFields()) > 0 {
			t.Errorf("%s is held as %v (%v)", r, held.Object, err)
		}
	}
	checkTrusts(t, c)
}

// checkTrusts expects facts of the bundle of certificates.
func checkTrusts(t *testing.T, c *kube.Cluster) {
	t.Helper()
	trusts := c.Trusts(kube.ClusterTrustBundles.Ref("", "internal"))
	if len(trusts) != 1 || len(trusts[0].Bundle.Certificates) != 1 || trusts[0].Bundle.Certificates[0].Subject != "CN=internal" {
		t.Errorf("the bundle of certificates is held as %+v", trusts)
	}
}
