package placement_test

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage/placement"
	"github.com/seaworthy-dev/seaworthy/kube"
)

func list(cpu, memory string) corev1.ResourceList {
	return corev1.ResourceList{corev1.ResourceCPU: resource.MustParse(cpu), corev1.ResourceMemory: resource.MustParse(memory)}
}

// node has room for ten pods.
func node(name, cpu, memory string, taints ...corev1.Taint) *corev1.Node {
	allocatable := list(cpu, memory)
	allocatable[corev1.ResourcePods] = resource.MustParse("10")
	return &corev1.Node{
		ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"name": name}},
		Spec:       corev1.NodeSpec{Taints: taints},
		Status:     corev1.NodeStatus{Allocatable: allocatable},
	}
}

func spec(cpu, memory string) *corev1.PodSpec {
	return &corev1.PodSpec{Containers: []corev1.Container{{Name: "web", Resources: corev1.ResourceRequirements{Requests: list(cpu, memory)}}}}
}

func pod(on string, owner kube.Owner, s *corev1.PodSpec) *kube.Pod {
	return &kube.Pod{Family: &kube.Family{Namespace: "shop", Owner: owner}, Name: "p", Node: on, Spec: s, Status: kube.PodStatus{PodSaid: &kube.PodSaid{}}}
}

var (
	daemons     = kube.Owner{Group: "apps", Kind: "DaemonSet", Name: "agent"}
	replicas    = kube.Owner{Group: "apps", Kind: "ReplicaSet", Name: "web"}
	dedicated   = corev1.Taint{Key: "dedicated", Value: "gpu", Effect: corev1.TaintEffectNoSchedule}
	notReady    = corev1.Taint{Key: corev1.TaintNodeNotReady, Effect: corev1.TaintEffectNoExecute}
	preferably  = corev1.Taint{Key: "spot", Effect: corev1.TaintEffectPreferNoSchedule}
	unscheduled = corev1.Taint{Key: corev1.TaintNodeUnschedulable, Effect: corev1.TaintEffectNoSchedule}
)

func TestWeigh(t *testing.T) {
	t.Parallel()
	selecting := spec("1", "1Gi")
	selecting.NodeSelector = map[string]string{"name": "nowhere"}
	cordoned := node("c", "4", "8Gi")
	cordoned.Spec.Unschedulable = true
	tests := []struct {
		name  string
		spec  *corev1.PodSpec
		nodes []*corev1.Node
		pods  []*kube.Pod
		want  placement.Weight
	}{
		{
			"fits", spec("1", "1Gi"),
			[]*corev1.Node{node("a", "4", "8Gi", preferably)},
			nil,
			placement.Weight{Kind: placement.Fits, Nodes: 1, Candidates: 1},
		},
		{
			"full now", spec("2", "1Gi"),
			[]*corev1.Node{node("a", "4", "8Gi"), node("b", "2", "8Gi")},
			[]*kube.Pod{pod("a", replicas, spec("3", "1Gi")), pod("b", replicas, spec("1500m", "1Gi"))},
			placement.Weight{Kind: placement.Full, Nodes: 2, Candidates: 2, Shortages: []placement.Shortage{
				{Resource: "cpu", Request: 2000, Largest: 4000, Free: 1000, Nodes: 2},
			}},
		},
		{
			"never, for what DaemonSets take", spec("2", "1Gi"),
			[]*corev1.Node{node("a", "2", "8Gi")},
			[]*kube.Pod{pod("a", daemons, spec("100m", "1Gi"))},
			placement.Weight{Kind: placement.Never, Nodes: 1, Candidates: 1, Shortages: []placement.Shortage{
				{Resource: "cpu", Request: 2000, Largest: 1900, Free: 1900, Nodes: 1},
			}},
		},
		{
			"never, though each is enough somewhere", spec("3", "6Gi"),
			[]*corev1.Node{node("a", "4", "4Gi"), node("b", "2", "8Gi")},
			nil,
			placement.Weight{Kind: placement.Never, Nodes: 2, Candidates: 2, Shortages: []placement.Shortage{
				{Resource: "cpu", Request: 3000, Largest: 4000, Free: 4000, Nodes: 1},
				{Resource: "memory", Request: 6 << 30, Largest: 8 << 30, Free: 8 << 30, Nodes: 1},
			}},
		},
		{
			"too many pods", spec("100m", "1Mi"),
			[]*corev1.Node{node("a", "4", "8Gi")},
			slices.Repeat([]*kube.Pod{pod("a", replicas, spec("1m", "1Mi"))}, 10),
			placement.Weight{Kind: placement.Full, Nodes: 1, Candidates: 1, Shortages: []placement.Shortage{
				{Resource: "pods", Request: 1, Largest: 10, Free: 0, Nodes: 1},
			}},
		},
		{
			"nodes in a bad state", spec("1", "1Gi"),
			[]*corev1.Node{node("a", "4", "8Gi", notReady), cordoned},
			nil,
			placement.Weight{Kind: placement.Blocked, Nodes: 2, Candidates: 2, Momentary: 2, Taints: []placement.TaintCount{
				{Taint: notReady, Nodes: 1}, {Taint: unscheduled, Nodes: 1},
			}},
		},
		{
			"taint", spec("1", "1Gi"),
			[]*corev1.Node{node("a", "4", "8Gi", dedicated), node("b", "4", "8Gi", dedicated)},
			nil,
			placement.Weight{Kind: placement.Repelled, Nodes: 2, Repelling: 2, Taints: []placement.TaintCount{{Taint: dedicated, Nodes: 2}}},
		},
		{
			"selector", selecting,
			[]*corev1.Node{node("a", "4", "8Gi")},
			nil,
			placement.Weight{Kind: placement.Unmatched, Nodes: 1, Unmatched: 1},
		},
		{"no node", spec("1", "1Gi"), nil, nil, placement.Weight{Kind: placement.Unmatched}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := placement.Weigh(test.spec, placement.Rooms(slices.Values(test.nodes), slices.Values(test.pods)))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestFinishedPodsTakeNoRoom(t *testing.T) {
	t.Parallel()
	done := pod("a", replicas, spec("4", "8Gi"))
	done.Status.Phase = corev1.PodSucceeded
	elsewhere := pod("z", replicas, spec("4", "8Gi"))
	rooms := placement.Rooms(slices.Values([]*corev1.Node{node("a", "4", "8Gi")}), slices.Values([]*kube.Pod{done, elsewhere}))
	if got := placement.Weigh(spec("4", "8Gi"), rooms).Kind; got != placement.Fits {
		t.Errorf("got %s, want %s", got, placement.Fits)
	}
}

func TestUntolerated(t *testing.T) {
	t.Parallel()
	tolerant := &corev1.PodSpec{Tolerations: []corev1.Toleration{{Key: "dedicated", Operator: corev1.TolerationOpExists}}}
	everything := &corev1.PodSpec{Tolerations: []corev1.Toleration{{Operator: corev1.TolerationOpExists}}}
	tainted := node("a", "1", "1Gi", dedicated, notReady, preferably)
	tainted.Spec.Unschedulable = true
	if diff := cmp.Diff([]corev1.Taint{notReady, unscheduled}, placement.Untolerated(tolerant, tainted)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := placement.Untolerated(everything, tainted); got != nil {
		t.Errorf("who tolerates everything is kept away by %v", got)
	}
	both := node("b", "1", "1Gi", unscheduled)
	both.Spec.Unschedulable = true
	if diff := cmp.Diff([]corev1.Taint{unscheduled}, placement.Untolerated(tolerant, both)); diff != "" {
		t.Errorf("a cordon counts once (-want +got):\n%s", diff)
	}
}

func TestOfTheMoment(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]bool{
		"node.kubernetes.io/unreachable": true, "ToBeDeletedByClusterAutoscaler": true, "karpenter.sh/disrupted": true,
		"node.cloudprovider.kubernetes.io/uninitialized": true, "node-role.kubernetes.io/control-plane": false, "dedicated": false,
	} {
		if got := placement.OfTheMoment(&corev1.Taint{Key: key}); got != want {
			t.Errorf("%s: got %t, want %t", key, got, want)
		}
	}
}

func TestQuantity(t *testing.T) {
	t.Parallel()
	got := []string{placement.Quantity("cpu", 1500), placement.Quantity("memory", 512<<20), placement.Quantity("pods", 110)}
	if diff := cmp.Diff([]string{"1500m", "512Mi", "110"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestNeverIsNever holds the claim that matters: a pod that never fits does not fit
// either when every pod but those of DaemonSets is gone, and one that does not find
// room but could does fit then.
func TestNeverIsNever(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		size := func(most int) *corev1.PodSpec {
			return spec(fmt.Sprintf("%dm", 1+r.IntN(most)), fmt.Sprintf("%dMi", 1+r.IntN(most)))
		}
		var nodes []*corev1.Node
		var pods, staying []*kube.Pod
		for i := range 1 + r.IntN(4) {
			name := fmt.Sprintf("n%d", i)
			nodes = append(nodes, node(name, fmt.Sprintf("%dm", 1+r.IntN(1000)), fmt.Sprintf("%dMi", 1+r.IntN(1000))))
			for range r.IntN(4) {
				pods = append(pods, pod(name, replicas, size(400)))
			}
			daemon := pod(name, daemons, size(100))
			pods = append(pods, daemon)
			staying = append(staying, daemon)
		}
		wanted := size(1200)
		got := placement.Weigh(wanted, rooms(nodes, pods)).Kind
		empty := placement.Weigh(wanted, rooms(nodes, staying)).Kind
		switch {
		case got == placement.Never && empty != placement.Never,
			got != placement.Never && empty != placement.Fits:
			t.Errorf("seed %d: %s, and %s on empty nodes", seed, got, empty)
		}
	}
}

func rooms(nodes []*corev1.Node, pods []*kube.Pod) []placement.Room {
	return placement.Rooms(values(nodes), values(pods))
}

func values[T any](of []T) iter.Seq[T] { return slices.Values(of) }

// BenchmarkRooms is what a view costs in which a pod waits: 150,000 pods of 2,000
// specs on 5,000 nodes, and the weighing of one pod.
func BenchmarkRooms(b *testing.B) {
	var nodes []*corev1.Node
	for i := range 5000 {
		nodes = append(nodes, node(fmt.Sprintf("n%d", i), "64", "256Gi"))
	}
	specs := make([]*corev1.PodSpec, 2000)
	for i := range specs {
		specs[i] = spec("100m", "128Mi")
	}
	pods := make([]*kube.Pod, 150_000)
	for i := range pods {
		pods[i] = pod(nodes[i%len(nodes)].Name, replicas, specs[i%len(specs)])
	}
	b.Run("rooms", func(b *testing.B) {
		for b.Loop() {
			rooms(nodes, pods)
		}
	})
	all := rooms(nodes, pods)
	wanted := spec("65", "1Gi")
	b.Run("weigh", func(b *testing.B) {
		for b.Loop() {
			placement.Weigh(wanted, all)
		}
	})
}
