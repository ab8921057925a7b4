package live_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
	"github.com/seaworthy-dev/seaworthy/kube/live"
)

// Kinds of constraints come and go with their templates, while somebody looks.
func TestConstraintsAreFollowed(t *testing.T) {
	t.Parallel()
	testbed := kubetest.StartTestbed(t, kubetest.TestbedOptions{})
	writer := admin(t, testbed.Kubeconfig)
	labels, repos := kube.Constraints.As("K8sRequiredLabels"), kube.Constraints.As("K8sAllowedRepos")
	one := func(r kube.Resource) kube.Ref { return kube.Ref{Group: r.Group, Kind: r.Kind, Name: "one"} }

	source := connect(t, live.Options{Only: []kube.Resource{kube.Constraints}}, "--kubeconfig", testbed.Kubeconfig)
	v := watch(t, source)
	c := v.await("that there are none", (*kube.Cluster).Settled)
	if s := state(c, kube.Constraints, ""); s.Phase != kube.Absent {
		t.Errorf("without a template constraints are %+v", s)
	}

	for _, r := range []kube.Resource{labels, repos} {
		define(t, writer, r)
		createOnceServed(t, writer, r)
		source.Retry()
		c = v.await("a "+r.Kind, func(c *kube.Cluster) bool { return c.Has(one(r)) })
	}
	if s := state(c, kube.Constraints, ""); s.Phase != kube.Synced || s.Count != 2 || !c.Has(one(labels)) {
		t.Errorf("with two templates constraints are %+v", s)
	}
	text, err := source.Object(t.Context(), one(repos))
	if err != nil || len(text.YAML) == 0 {
		t.Errorf("a constraint is opened as %s (%v)", text.YAML, err)
	}

	for _, r := range []kube.Resource{labels, repos} {
		name := fmt.Sprintf("%s.%s", r.Plural, r.Group)
		if err := in(writer, kube.CustomResourceDefinitions, "").Delete(t.Context(), name, metav1.DeleteOptions{}); err != nil {
			t.Fatal(err)
		}
		gone(t, func() bool {
			_, err := in(writer, r, "").List(t.Context(), metav1.ListOptions{})
			return err != nil
		})
		source.Retry()
		c = v.await("no "+r.Kind, func(c *kube.Cluster) bool { return !c.Has(one(r)) })
		if r == labels && !c.Has(one(repos)) {
			t.Error("with a template the constraints of another are gone")
		}
	}
	v.await("none again", func(c *kube.Cluster) bool { return state(c, kube.Constraints, "").Phase == kube.Absent })
}

// Who may not list one of the kinds sees that there is something that is not seen.
func TestConstraintsThatAreForbidden(t *testing.T) {
	t.Parallel()
	testbed := kubetest.StartTestbed(t, kubetest.TestbedOptions{})
	writer := admin(t, testbed.Kubeconfig)
	r := kube.Constraints.As("K8sRequiredLabels")
	define(t, writer, r)
	createOnceServed(t, writer, r)
	source := connect(t, live.Options{Only: []kube.Resource{kube.Constraints}}, "--kubeconfig", testbed.Kubeconfig, "--as", "nobody")
	c := watch(t, source).await("the answer", (*kube.Cluster).Settled)
	if s, blind := c.Blind(kube.Constraints, ""); !blind || s.Phase != kube.Forbidden || s.Verb != "list" {
		t.Errorf("constraints that may not be listed are %+v", s)
	}
}

// gone waits until something is no more.
func gone(t *testing.T, is func() bool) {
	t.Helper()
	err := wait.PollUntilContextTimeout(t.Context(), 50*time.Millisecond, patience, true, func(context.Context) (bool, error) { return is(), nil })
	if err != nil {
		t.Fatal(err)
	}
}
