package signals_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest/fleet"
)

// TestLookingAgainIsLookingAnew holds, over changes of pods, while they, their owners and
// their nodes come and go, and while containers of a few nodes restart at once, that a
// Detection which has seen the views before sees what one does that has not.
func TestLookingAgainIsLookingAnew(t *testing.T) {
	t.Parallel()
	f := fleet.Of(900)
	b, err := f.Builder()
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 1))
	detection := triage.NewDetection(all())
	text := func(signals []*triage.Signal) []string {
		texts := make([]string, len(signals))
		for i, s := range signals {
			texts[i] = s.Detector.ID + " " + s.Object.String() + " " + s.Container + " " + s.Cause + ": " + s.Message + s.Since.String() + s.Until.String()
		}
		return texts
	}
	now := fleet.Began().Add(time.Hour)
	bursts := map[string]bool{}
	some := pods(f, 20)
	for step := range 40 {
		for range random.IntN(12) {
			pod := f.Change(random.IntN(60) + 900*random.IntN(2))
			if random.IntN(4) == 0 {
				b.Delete(kube.Pods, pod.Namespace, pod.Name)
				continue
			}
			if random.IntN(2) == 0 {
				pod = some[random.IntN(len(some))].DeepCopy()
				pod.Spec.NodeName = fmt.Sprintf("node-%04d", random.IntN(3))
				pod.Status.ContainerStatuses[0].LastTerminationState.Terminated = &corev1.ContainerStateTerminated{
					ExitCode: 1, Reason: "Error", FinishedAt: metav1.NewTime(now.Add(-time.Duration(random.IntN(1800)) * time.Second)),
				}
			}
			if err := b.Set(kube.Pods, pod); err != nil {
				t.Fatal(err)
			}
		}
		if step%5 == 4 {
			sets := b.Build(now).ReplicaSets.In("team-0000")
			b.Delete(kube.ReplicaSets, "team-0000", sets[random.IntN(len(sets))].Name)
		}
		c := b.Build(now)
		again, anew := detection.Detect(c), triage.NewDetection(all()).Detect(c)
		if diff := cmp.Diff(text(anew), text(again)); diff != "" || len(again) == 0 {
			t.Fatalf("step %d: %d signals (-anew +again):\n%s", step, len(again), diff)
		}
		for _, s := range again {
			if s.Detector.ID == "restart-burst" {
				bursts[s.Object.Kind] = true
			}
		}
	}
	if !bursts[kube.Nodes.Kind] || !bursts[kube.Deployments.Kind] {
		t.Errorf("bursts of restarts were seen of %v, want nodes and workloads", bursts)
	}
}

// pods returns the first pods of a fleet.
func pods(f fleet.Fleet, n int) []*corev1.Pod {
	var some []*corev1.Pod
	for _, o := range f.Objects() {
		if pod, ok := o.(*corev1.Pod); ok && len(some) < n {
			some = append(some, pod)
		}
	}
	return some
}
