package change_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	coordinationv1 "k8s.io/api/coordination/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// TestAnotherLeader watches leases: only who leads is news, not that a lease is renewed
// or that a node has another one.
func TestAnotherLeader(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	hold := func(namespace, name, holder string) {
		w.set(kube.Leases, &coordinationv1.Lease{
			ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name},
			Spec:       coordinationv1.LeaseSpec{HolderIdentity: &holder, RenewTime: new(metav1.NewMicroTime(w.now))},
		})
	}
	hold(kube.LeaderLeases, "kube-scheduler", "cp-1")
	hold(kube.NodeLeases, "n1", "n1")
	before := w.later(2)
	for _, step := range []struct{ scheduler, node, want string }{
		{"cp-1", "n1", ""}, // renewed
		{"cp-1", "n1-again", ""},
		{"cp-2", "n1-again", "leader cp-1 → cp-2"},
		{"", "n1-again", "leader cp-2 → nobody"},
	} {
		hold(kube.LeaderLeases, "kube-scheduler", step.scheduler)
		hold(kube.NodeLeases, "n1", step.node)
		after := w.later(2)
		got := ""
		for _, ch := range change.Between(before, after) {
			got += ch.Title
		}
		if diff := cmp.Diff(step.want, got); diff != "" {
			t.Errorf("%q leads, %q is the node's (-want +got):\n%s", step.scheduler, step.node, diff)
		}
		before = after
	}
}
