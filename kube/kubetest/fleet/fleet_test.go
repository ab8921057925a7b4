package fleet_test

import (
	"bytes"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest/fleet"
)

func TestAFleetIsAlwaysTheSame(t *testing.T) {
	t.Parallel()
	var first, second bytes.Buffer
	for _, out := range []*bytes.Buffer{&first, &second} {
		n, err := fleet.Of(200).WriteTo(out)
		if err != nil || n != int64(out.Len()) {
			t.Fatalf("wrote %d of %d bytes: %v", n, out.Len(), err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("two fleets of a size differ")
	}
}

func TestAFleetHangsTogether(t *testing.T) {
	t.Parallel()
	f := fleet.Of(600)
	b, err := f.Builder()
	if err != nil {
		t.Fatal(err)
	}
	c := b.Build(fleet.Began())
	if c.Pods.Len() != 600 || len(c.NamespaceNames()) != f.Namespaces() || c.Nodes.Len() != f.Nodes() {
		t.Errorf("%d pods in %d namespaces on %d nodes", c.Pods.Len(), len(c.NamespaceNames()), c.Nodes.Len())
	}
	pods := 0
	for _, w := range c.Workloads() {
		if !w.Held || w.Ref.Kind == kube.Pods.Kind || w.Ref.Kind == kube.ReplicaSets.Kind {
			t.Errorf("%s has lost its owner", w.Ref)
		}
		pods += len(c.PodsOf(w))
		if !c.Has(kube.ServiceAccounts.Ref(w.Ref.Namespace, w.ServiceAccount())) {
			t.Errorf("%s has no ServiceAccount", w.Ref)
		}
	}
	if pods != c.Pods.Len() {
		t.Errorf("%d of %d pods belong to a workload", pods, c.Pods.Len())
	}
}

func TestChangesAreOfPodsThatAreThere(t *testing.T) {
	t.Parallel()
	f := fleet.Of(100)
	held := map[string]*corev1.Pod{}
	for r, o := range f.Objects() {
		if r == kube.Pods {
			held[o.GetNamespace()+"/"+o.GetName()] = o.(*corev1.Pod)
		}
	}
	changed := map[string]bool{}
	for i := range f.Pods() {
		pod := f.Change(i)
		before := held[pod.Namespace+"/"+pod.Name]
		if before == nil || before.UID != pod.UID || before.Status.ContainerStatuses[0].RestartCount >= pod.Status.ContainerStatuses[0].RestartCount {
			t.Fatalf("change %d is of %s/%s, which is not there or does not change", i, pod.Namespace, pod.Name)
		}
		changed[pod.Name] = true
	}
	if len(changed) != f.Pods() {
		t.Errorf("%d changes reach %d pods", f.Pods(), len(changed))
	}
}
