package live_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest/fleet"
	"github.com/seaworthy-dev/seaworthy/kube/live"
)

// TestAFleetIsReadAsItIs fills an API server with a fleet, behind its back, and
// holds what is read of it against the fleet itself. The server must accept each
// kind of object as it stands, or it would prove nothing.
func TestAFleetIsReadAsItIs(t *testing.T) {
	t.Parallel()
	testbed := kubetest.StartTestbed(t, kubetest.TestbedOptions{})
	small := fleet.Of(300)
	testbed.Fill(t, small)
	read := watch(t, connect(t, live.Options{}, "--kubeconfig", testbed.Kubeconfig, "--context", "reader")).
		await("everything", func(c *kube.Cluster) bool { return c.Settled() })

	builder, err := small.Builder()
	if err != nil {
		t.Fatal(err)
	}
	whole := builder.Build(fleet.Began())
	for r, o := range small.Objects() {
		if !read.Has(r.Ref(o.GetNamespace(), o.GetName())) {
			t.Fatalf("%s %s/%s is not read", r, o.GetNamespace(), o.GetName())
		}
	}
	if diff := cmp.Diff(lines(whole), lines(read)); diff != "" {
		t.Errorf("pods and workloads (-fleet +read):\n%s", diff)
	}
	specs := map[*corev1.PodSpec]bool{}
	for p := range read.Pods.All() {
		specs[p.Spec] = true
	}
	if len(specs) != small.Workloads() {
		t.Errorf("%d pod specs are held for %d workloads", len(specs), small.Workloads())
	}
	acceptEachKind(t, testbed, small)
}

// lines says of every pod and workload what reading could get wrong.
func lines(c *kube.Cluster) []string {
	var all []string
	for _, w := range c.Workloads() {
		if w.Ref.Namespace == "kube-system" {
			continue
		}
		all = append(all, fmt.Sprintf("%s has %d pods as %s, labels %v", w.Ref, len(c.PodsOf(w)), w.ServiceAccount(), w.Pod.Labels))
		for container := range w.Containers() {
			all = append(all, fmt.Sprintf("  %s %s %v %v", container.Name, container.Image, container.Env, container.Resources.Requests))
		}
	}
	for set := range c.ReplicaSets.All() {
		all = append(all, fmt.Sprintf("%s of %v runs %d of %s, %d ready, labels %v, revision %v", kube.ReplicaSets.Ref(set.Namespace, set.Name),
			set.Owner, set.Replicas, set.Template().Spec.Containers[0].Image, set.Status.ReadyReplicas, set.Labels, set.Annotations))
	}
	for s := range c.EndpointSlices.All() {
		if s.Namespace != metav1.NamespaceDefault {
			all = append(all, fmt.Sprintf("%s/%s of %s: %d ready, %d not", s.Namespace, s.Name, s.Service, s.Ready, s.NotReady))
		}
	}
	for p := range c.Pods.All() {
		all = append(all, fmt.Sprintf("%s on %s, %s, ready %v, owner %v, %v %v, %d conditions", p.Ref(), p.Node, p.Status.Phase,
			p.Status.Ready, p.Owner, p.Labels, p.Annotations, len(slices.Collect(p.Status.Conditions()))))
		for _, s := range p.Status.Containers {
			all = append(all, fmt.Sprintf("  %s %d %s %s", s.Name, s.Restarts, s.Image, s.ImageDigest))
		}
	}
	return all
}

// acceptEachKind has the server validate one object of each kind as an update.
func acceptEachKind(t *testing.T, testbed *kubetest.Testbed, f fleet.Fleet) {
	t.Helper()
	config, err := clientcmd.BuildConfigFromFlags("", testbed.Kubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	tried := map[kube.Resource]bool{}
	for r, o := range f.Objects() {
		if tried[r] {
			continue
		}
		tried[r] = true
		var objects dynamic.ResourceInterface = client.Resource(schema.GroupVersionResource{Group: r.Group, Version: r.Version, Resource: r.Plural})
		if r.Namespaced {
			objects = client.Resource(schema.GroupVersionResource{Group: r.Group, Version: r.Version, Resource: r.Plural}).Namespace(o.GetNamespace())
		}
		held, err := objects.Get(t.Context(), o.GetName(), metav1.GetOptions{})
		if err != nil {
			t.Errorf("getting %s %s: %v", r, o.GetName(), err)
			continue
		}
		if _, err := objects.Update(t.Context(), held, metav1.UpdateOptions{DryRun: []string{metav1.DryRunAll}}); err != nil {
			t.Errorf("the server would not store %s %s: %v", r, o.GetName(), err)
		}
		if r == kube.Pods {
			if _, err := objects.UpdateStatus(t.Context(), held, metav1.UpdateOptions{DryRun: []string{metav1.DryRunAll}}); err != nil {
				t.Errorf("the server would not store the status of %s: %v", o.GetName(), err)
			}
		}
	}
	if len(tried) < 20 {
		t.Errorf("the fleet has %d kinds, fewer than a cluster", len(tried))
	}
}
