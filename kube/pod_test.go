package kube_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// held returns the only pod of a view that was told of it.
func held(tb testing.TB, b *kube.Builder, p *corev1.Pod) *kube.Pod {
	tb.Helper()
	if err := b.Set(kube.Pods, p.DeepCopy()); err != nil {
		tb.Fatal(err)
	}
	row, ok := b.Build(time.Unix(0, 0)).Pods.Get(p.Namespace, p.Name)
	if !ok {
		tb.Fatalf("%s/%s is not held", p.Namespace, p.Name)
	}
	return row
}

// A UUID takes less than its text, and any other text comes back as well.
func TestPodsKeepTheirIDs(t *testing.T) {
	t.Parallel()
	const id = "6f1d2c3b-0a9e-4f00-8001-a1b2c3d4e5f6"
	ids := []string{
		"", "0", id, strings.ToUpper(id), strings.ReplaceAll(id, "-", ""), id + "-", "-" + id, "{" + id + "}",
		id[:35], id[:35] + "g", id[:7] + "-" + id[7:8] + id[9:], "00000000-0000-0000-0000-000000000000",
		"00000000-0000-0000-0000-000000000001", strings.Repeat("-", 36), "0123456789abcdef0123456789abcdef", "\x00", "größe",
	}
	random := rand.New(rand.NewPCG(7, 7))
	for range 2000 {
		text := []byte(id)
		for range random.IntN(4) {
			text[random.IntN(len(text))] = "0123456789abcdefABCDEFg-"[random.IntN(24)]
		}
		ids = append(ids, string(text))
	}
	b := kube.NewBuilder(kube.Info{})
	for _, id := range ids {
		p := pod("web")
		p.UID = types.UID(id)
		if got := held(t, b, p).UID(); string(got) != id {
			t.Errorf("the ID %q comes back as %q", id, got)
		}
	}
}

// moments are times that the API can have, the strange ones among them.
func moments(random *rand.Rand) metav1.Time {
	switch random.IntN(8) {
	case 0:
		return metav1.Time{}
	case 1:
		return metav1.Unix([...]int64{0, -1, math.MaxInt32, -62135596799, 253402300799}[random.IntN(5)], 0)
	}
	return metav1.Unix(1_700_000_000+int64(random.IntN(100_000)), 0)
}

// states are states of containers, of which at most one field is set by a kubelet;
// nothing forbids others.
func states(random *rand.Rand) corev1.ContainerState {
	s := corev1.ContainerState{}
	kind := random.IntN(12)
	if kind < 8 {
		s.Running = &corev1.ContainerStateRunning{StartedAt: moments(random)}
	}
	if kind == 8 || kind == 0 {
		s.Waiting = &corev1.ContainerStateWaiting{Reason: "CrashLoopBackOff", Message: fmt.Sprint(random.IntN(3))}
	}
	if kind == 9 || kind == 1 {
		s.Terminated = &corev1.ContainerStateTerminated{ExitCode: 1, Reason: "Error", StartedAt: moments(random), FinishedAt: moments(random)}
	}
	return s
}

// anyPod returns a pod with a status that is filled in at random.
func anyPod(random *rand.Rand) *corev1.Pod {
	pick := func(texts ...string) string { return texts[random.IntN(len(texts))] }
	p := pod("web")
	p.CreationTimestamp = moments(random)
	if random.IntN(4) == 0 {
		p.DeletionTimestamp = new(moments(random))
		if p.DeletionTimestamp.IsZero() {
			p.DeletionTimestamp = nil
		}
	}
	if p.DeletionTimestamp != nil && random.IntN(2) == 0 {
		p.Finalizers = []string{"example.com/volume", "batch.kubernetes.io/job-tracking"}
	}
	if at := moments(random); random.IntN(3) > 0 && !at.IsZero() {
		p.Status.StartTime = &at
	}
	if random.IntN(4) == 0 {
		p.Spec.NodeName, p.Status.NominatedNodeName = "", "node-1"
	}
	p.Status.Phase = corev1.PodPhase(pick("Running", "Pending", "Failed", ""))
	p.Status.Reason, p.Status.Message = pick("", "", "Evicted"), pick("", "", "no room", "a\x00b")
	for range random.IntN(6) {
		p.Status.Conditions = append(p.Status.Conditions, corev1.PodCondition{
			Type: corev1.PodConditionType(pick("Ready", "Initialized", "example.com/gate", "")), Status: corev1.ConditionStatus(pick("True", "False", "")),
			Reason: pick("", "ContainersNotReady"), Message: pick("", "it waits"), LastTransitionTime: moments(random),
		})
	}
	for _, list := range []*[]corev1.ContainerStatus{&p.Status.InitContainerStatuses, &p.Status.ContainerStatuses, &p.Status.EphemeralContainerStatuses} {
		for range random.IntN(3) {
			s := corev1.ContainerStatus{
				Name: pick("a", "b", ""), Image: pick("web:1", "web:2"), ImageID: pick("", "sha256:1"),
				Ready: random.IntN(2) == 0, RestartCount: int32(random.IntN(3) - 1), State: states(random),
				Started: new(random.IntN(2) == 0),
			}
			if random.IntN(3) == 0 {
				s.LastTerminationState = states(random)
			}
			*list = append(*list, s)
		}
	}
	for i := range p.Status.EphemeralContainerStatuses {
		p.Status.EphemeralContainerStatuses[i].Name = "debugger"
	}
	p.Spec.EphemeralContainers = []corev1.EphemeralContainer{{EphemeralContainerCommon: corev1.EphemeralContainerCommon{Name: "debugger"}}}
	return p
}

// What is held of a status says all that was said, however much is shared.
func TestPodsKeepTheirStatus(t *testing.T) {
	t.Parallel()
	b := kube.NewBuilder(kube.Info{})
	for seed := range uint64(1500) {
		p := anyPod(rand.New(rand.NewPCG(seed, 5)))
		row := held(t, b, p)
		got := row.API()
		if diff := cmp.Diff(p.Status, got.Status, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("seed %d: status (-given +held):\n%s", seed, diff)
		}
		if !got.CreationTimestamp.Equal(&p.CreationTimestamp) || !got.DeletionTimestamp.Equal(p.DeletionTimestamp) {
			t.Fatalf("seed %d: created %v, deleted %v; want %v, %v", seed, got.CreationTimestamp, got.DeletionTimestamp, p.CreationTimestamp, p.DeletionTimestamp)
		}
		if diff := cmp.Diff(p.Finalizers, got.Finalizers); diff != "" {
			t.Fatalf("seed %d: finalizers (-given +held):\n%s", seed, diff)
		}
		statuses := append(append(append([]corev1.ContainerStatus(nil), p.Status.InitContainerStatuses...), p.Status.ContainerStatuses...), p.Status.EphemeralContainerStatuses...)
		for i := range row.Status.Containers {
			c, want := &row.Status.Containers[i], statuses[i]
			since, runs := c.Running()
			if runs != (want.State.Running != nil) || runs && !since.Equal(&want.State.Running.StartedAt) {
				t.Errorf("seed %d: container %d runs: %v since %v", seed, i, runs, since)
			}
			if diff := cmp.Diff([]any{want.State.Waiting, want.State.Terminated, want.LastTerminationState.Terminated}, []any{c.Waiting(), c.Terminated(), c.LastTerminated()}); diff != "" {
				t.Errorf("seed %d: container %d (-given +held):\n%s", seed, i, diff)
			}
		}
	}
}

// What only matters of pods that wait or go is not held of others.
func TestPodsForgetWhatIsOver(t *testing.T) {
	t.Parallel()
	p := pod("web")
	p.Finalizers, p.Spec.NodeName, p.Status.NominatedNodeName = []string{"example.com/volume"}, "node-1", "node-2"
	if row := held(t, kube.NewBuilder(kube.Info{}), p); row.Finalizers() != nil || row.Status.NominatedNode != "" {
		t.Errorf("a pod that runs is held with the finalizers %v and nominated for %q", row.Finalizers(), row.Status.NominatedNode)
	}
}

// Replicas say the same at other times, and that is all they hold.
func TestReplicasShareWhatTheySay(t *testing.T) {
	t.Parallel()
	b := kube.NewBuilder(kube.Info{})
	replica := func(name string, since int64, ready corev1.ConditionStatus) *kube.Pod {
		p := pod(name)
		p.Status.Phase = corev1.PodRunning
		p.Status.Conditions = []corev1.PodCondition{{Type: corev1.PodReady, Status: ready, LastTransitionTime: metav1.Unix(since, 0)}}
		p.Status.ContainerStatuses = []corev1.ContainerStatus{{Name: "web", Image: "web:1"}}
		return held(t, b, p)
	}
	first, second, third := replica("a", 5, corev1.ConditionTrue), replica("b", 6, corev1.ConditionTrue), replica("c", 5, corev1.ConditionFalse)
	if first.Family != second.Family || first.Status.PodSaid != second.Status.PodSaid || first.Status.Containers[0].RunImage != second.Status.Containers[0].RunImage {
		t.Error("two replicas hold for themselves what they have in common")
	}
	if first.Status.PodSaid == third.Status.PodSaid || !first.Status.Ready || third.Status.Ready {
		t.Error("a pod that is not ready says what one says that is")
	}
}

// While a pod is resized its containers have something else than its spec asks for.
func TestPodsKeepWhatIsBeingResized(t *testing.T) {
	t.Parallel()
	one, two := corev1.ResourceList{corev1.ResourceCPU: resource.MustParse("1")}, corev1.ResourceList{corev1.ResourceCPU: resource.MustParse("2")}
	p := pod("web")
	p.Status.ContainerStatuses = []corev1.ContainerStatus{{
		Name: "app", AllocatedResources: one, Resources: &corev1.ResourceRequirements{Requests: two},
		State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{}},
	}}
	b := kube.NewBuilder(kube.Info{})
	if has, allocated := held(t, b, p).Status.Containers[0].Resizing(); has != nil || allocated != nil {
		t.Errorf("got %v and %v of a pod that nobody resizes", has, allocated)
	}
	p.Status.Conditions = []corev1.PodCondition{{Type: corev1.PodResizePending, Status: corev1.ConditionTrue, Reason: corev1.PodReasonDeferred}}
	row := held(t, b, p)
	if _, runs := row.Status.Containers[0].Running(); !runs {
		t.Error("the container does not run any more")
	}
	got := row.API().Status.ContainerStatuses[0]
	if diff := cmp.Diff(p.Status.ContainerStatuses[0].Resources, got.Resources); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(one, got.AllocatedResources); diff != "" {
		t.Error(diff)
	}
}
