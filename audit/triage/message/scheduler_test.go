package message_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
)

// unfit is a reason whose text is left aside.
func unfit(count int, kind message.SchedulerReason, name string) message.Unfit {
	return message.Unfit{Count: count, Kind: kind, Name: name}
}

func withoutTexts(reasons []message.Unfit) []message.Unfit {
	var left []message.Unfit
	for _, r := range reasons {
		r.Text = ""
		left = append(left, r)
	}
	return left
}

func TestScheduling(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		message string
		nodes   int
		want    []message.Unfit
		verdict message.Verdict
		reasons []message.Unfit
		text    string
	}{
		{
			// FitError.Error with the constants of the plugins, 1.37.
			name: "capacity, taint and cordon",
			message: "0/12 nodes are available: 1 node(s) were unschedulable, 3 node(s) had untolerated taint(s), 9 Insufficient cpu, 9 Insufficient memory. " +
				"preemption: 0/12 nodes are available: 4 Preemption is not helpful for scheduling, 8 No preemption victims found for incoming pod.",
			nodes: 12,
			want: []message.Unfit{
				unfit(1, message.Cordoned, ""), unfit(3, message.Taint, ""), unfit(9, message.Capacity, "cpu"), unfit(9, message.Capacity, "memory"),
			},
			verdict: message.WithoutVictims,
			reasons: []message.Unfit{unfit(4, message.PreemptionUnhelpful, ""), unfit(8, message.NoVictims, "")},
		},
		{
			// 1.24 and 1.31: pkg/scheduler/framework/plugins/tainttoleration, errReason.
			name:    "taints named",
			message: "0/3 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 2 node(s) had untolerated taint {dedicated: user1}. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.",
			nodes:   3,
			want: []message.Unfit{
				unfit(1, message.Taint, "{node-role.kubernetes.io/control-plane: }"), unfit(2, message.Taint, "{dedicated: user1}"),
			},
			verdict: message.Unhelpful,
			reasons: []message.Unfit{unfit(3, message.PreemptionUnhelpful, "")},
		},
		{
			name:    "a reason with a comma, before 1.24",
			message: "0/4 nodes are available: 1 node(s) had taint {node-role.kubernetes.io/master: }, that the pod didn't tolerate, 3 Insufficient example.com/gpu.",
			nodes:   4,
			want:    []message.Unfit{unfit(1, message.Taint, "{node-role.kubernetes.io/master: }"), unfit(3, message.Capacity, "example.com/gpu")},
		},
		{
			// preemption_test.go of 1.24 and 1.31: "0/3 nodes are available: 1 Insufficient cpu, 2 No preemption victims …".
			name:    "victims would not do",
			message: "0/3 nodes are available: 3 Too many pods. preemption: 0/3 nodes are available: 1 Insufficient cpu, 2 No preemption victims found for incoming pod.",
			nodes:   3, want: []message.Unfit{unfit(3, message.Capacity, "pods")},
			verdict: message.Insufficient,
			reasons: []message.Unfit{unfit(1, message.Capacity, "cpu"), unfit(2, message.NoVictims, "")},
		},
		{
			// default_preemption.go, PodEligibleToPreemptOthers.
			name:    "never preempts",
			message: "0/5 nodes are available: 5 Insufficient cpu. preemption: not eligible due to preemptionPolicy=Never.",
			nodes:   5, want: []message.Unfit{unfit(5, message.Capacity, "cpu")}, verdict: message.Forbidden,
		},
		{
			// framework/preemption/preemption.go, Evaluator.Preempt, 1.37.
			name:    "preempts",
			message: "0/5 nodes are available: 5 Insufficient cpu. preemption: found a potential placement for pod on node n3, preempting 2 victims",
			nodes:   5, want: []message.Unfit{unfit(5, message.Capacity, "cpu")}, verdict: message.Making,
		},
		{
			// scheduler.go, ErrNoNodesAvailable.
			name: "an empty cluster", message: "no nodes available to schedule pods",
			nodes: -1, want: []message.Unfit{unfit(0, message.NoNodes, "")},
		},
		{
			name:    "a victim is still there",
			message: "0/5 nodes are available: 5 Insufficient cpu. preemption: not eligible due to a terminating pod on the nominated node.",
			nodes:   5, want: []message.Unfit{unfit(5, message.Capacity, "cpu")}, verdict: message.Terminating,
		},
		{
			// volumebinding/volume_binding.go, PreFilter: one sentence, no count.
			name:    "unbound claim",
			message: "0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.",
			nodes:   2, want: []message.Unfit{unfit(0, message.VolumeUnbound, "")},
			verdict: message.Unhelpful, reasons: []message.Unfit{unfit(2, message.PreemptionUnhelpful, "")},
		},
		{
			// schedule_one_test.go: `persistentvolumeclaim "unknownPVC" not found`.
			name:    "claim not found",
			message: `0/2 nodes are available: persistentvolumeclaim "unknownPVC" not found.`,
			nodes:   2, want: []message.Unfit{unfit(0, message.VolumeClaimMissing, "unknownPVC")},
		},
		{
			name:    "claim being deleted",
			message: `0/2 nodes are available: persistentvolumeclaim "existingPVC" is being deleted.`,
			nodes:   2, want: []message.Unfit{unfit(0, message.VolumeClaimGoing, "existingPVC")},
		},
		{
			name:    "claim lost",
			message: `0/1 nodes are available: persistentvolumeclaim "pvc-a" bound to non-existent persistentvolume "pv-a".`,
			nodes:   1, want: []message.Unfit{unfit(0, message.VolumeClaimLost, "pvc-a")},
		},
		{
			name:    "ephemeral claim",
			message: `0/1 nodes are available: waiting for ephemeral volume controller to create the persistentvolumeclaim "web-scratch".`,
			nodes:   1, want: []message.Unfit{unfit(0, message.VolumeClaimPending, "web-scratch")},
		},
		{
			name: "volumes",
			message: "0/9 nodes are available: 1 ebs.csi.aws.com CSI driver is not installed on the node, 1 node(s) did not have enough free storage, 1 node(s) didn't find available persistent volumes to bind, " +
				"1 node(s) didn't match PersistentVolume's node affinity, 1 node(s) exceed max volume count, 1 node(s) had no available disk, 1 node(s) had no available volume zone, 1 node(s) had volume node affinity conflict, " +
				"1 node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod.",
			nodes: 9,
			want: []message.Unfit{
				unfit(1, message.VolumeDriver, "ebs.csi.aws.com"), unfit(1, message.VolumeSpace, ""), unfit(1, message.VolumeNoneToBind, ""),
				unfit(1, message.VolumeNodeAffinity, ""), unfit(1, message.VolumeCount, ""), unfit(1, message.VolumeDisk, ""),
				unfit(1, message.VolumeZone, ""), unfit(1, message.VolumeNodeAffinity, ""), unfit(1, message.VolumeAccessMode, ""),
			},
		},
		{
			name: "where pods may be",
			message: "0/8 nodes are available: 1 node(s) didn't have free ports for the requested pod ports, 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) didn't match pod affinity rules, " +
				"1 node(s) didn't match pod anti-affinity rules, 1 node(s) didn't match pod topology spread constraints, 1 node(s) didn't match pod topology spread constraints (missing required label), " +
				"1 node(s) didn't match the requested node name, 1 node(s) didn't satisfy existing pods anti-affinity rules.",
			nodes: 8,
			want: []message.Unfit{
				unfit(1, message.HostPort, ""), unfit(1, message.Selector, ""), unfit(1, message.PodAffinity, ""), unfit(1, message.PodAntiAffinity, ""),
				unfit(1, message.TopologySpread, ""), unfit(1, message.TopologyLabel, ""), unfit(1, message.Selector, ""), unfit(1, message.ExistingAntiAffinity, ""),
			},
		},
		{
			// schedule_one.go and framework/runtime, RunPreFilterPlugins.
			name:    "nodes ruled out beforehand",
			message: "0/40 nodes are available: 1 Insufficient memory, 39 node(s) didn't satisfy plugin(s) [NodeAffinity]. preemption: 0/40 nodes are available: 1 No preemption victims found for incoming pod, 39 Preemption is not helpful for scheduling.",
			nodes:   40, want: []message.Unfit{unfit(1, message.Capacity, "memory"), unfit(39, message.Selector, "NodeAffinity")},
			verdict: message.WithoutVictims,
			reasons: []message.Unfit{unfit(1, message.NoVictims, ""), unfit(39, message.PreemptionUnhelpful, "")},
		},
		{
			name:    "no node does for two plugins",
			message: "0/3 nodes are available: node(s) didn't satisfy plugin(s) [FakePreFilter2 FakePreFilter3] simultaneously.",
			nodes:   3, want: []message.Unfit{unfit(0, message.Excluded, "FakePreFilter2 FakePreFilter3")},
		},
		{
			// plugins/dynamicresources, and what its PostFilter adds behind.
			name:    "devices",
			message: "0/1 nodes are available: 1 cannot allocate all claims. still not schedulable, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.",
			nodes:   1, want: []message.Unfit{unfit(1, message.Device, "")}, text: "still not schedulable",
			verdict: message.Unhelpful, reasons: []message.Unfit{unfit(1, message.PreemptionUnhelpful, "")},
		},
		{
			name:    "a device class, in words with a comma",
			message: `0/2 nodes are available: 2 request req-1: device class my-class does not exist.`,
			nodes:   2, want: []message.Unfit{unfit(2, message.Device, "my-class")},
		},
		{
			// plugins/schedulinggates; pkg/registry/core/pod/strategy.go.
			name: "gates", message: "waiting for scheduling gates: [example.com/quota example.com/licence]",
			nodes: -1, want: []message.Unfit{unfit(0, message.Gated, "example.com/quota example.com/licence")},
		},
		{
			name: "gates, in the condition", message: "Scheduling is blocked due to non-empty scheduling gates",
			nodes: -1, want: []message.Unfit{unfit(0, message.Gated, "")},
		},
		{
			// plugins/gangscheduling.
			name: "gang", message: `waiting for pods's pod group "train" to appear in scheduling queue`,
			nodes: -1, want: []message.Unfit{unfit(0, message.Gang, "train")},
		},
		{
			name: "quorum", message: "waiting for minCount pods from a gang to appear in scheduling queue",
			nodes: -1, want: []message.Unfit{unfit(0, message.Gang, "")},
		},
		{
			// schedule_one_podgroup.go.
			name: "places for a group", message: "0/2 placements are available, first placement status: 0/6 nodes are available: 6 Insufficient nvidia.com/gpu.",
			nodes: 6, want: []message.Unfit{unfit(6, message.Capacity, "nvidia.com/gpu")},
		},
		{
			// testing/framework/fake_extender.go.
			name:    "an extender says what it likes",
			message: `0/3 nodes are available: 1 FakeExtender: node "b" failed, 2 Insufficient cpu. preemption: gone fishing`,
			nodes:   3, want: []message.Unfit{unfit(1, message.UnparsedReason, ""), unfit(2, message.Capacity, "cpu")},
			verdict: message.UnparsedVerdict,
		},
		{
			// SchedulerError: "running PreBind plugin …: binding volumes: …".
			name: "another message", message: `running PreBind plugin "VolumeBinding": binding volumes: context deadline exceeded`,
			nodes: -1, want: []message.Unfit{unfit(0, message.UnparsedReason, "")},
		},
		{name: "nothing", message: "", nodes: -1},
		{name: "no node at all", message: "0/0 nodes are available: .", nodes: 0},
		{name: "too large a number", message: "0/99999999999 nodes are available: 1 Insufficient cpu.", nodes: -1, want: []message.Unfit{unfit(0, message.UnparsedReason, "")}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := message.Scheduling(test.message)
			if got.Nodes != test.nodes || got.Text != test.text || got.Preemption.Verdict != test.verdict {
				t.Errorf("%d nodes, text %q, verdict %q, want %d, %q, %q", got.Nodes, got.Text, got.Preemption.Verdict, test.nodes, test.text, test.verdict)
			}
			if diff := cmp.Diff(test.want, withoutTexts(got.Reasons)); diff != "" {
				t.Errorf("reasons (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.reasons, withoutTexts(got.Preemption.Reasons)); diff != "" {
				t.Errorf("reasons of preemption (-want +got):\n%s", diff)
			}
			for _, r := range got.Reasons {
				if r.Text == "" || !strings.Contains(test.message, r.Text) {
					t.Errorf("text %q is not of the message", r.Text)
				}
			}
		})
	}
}

func TestVictims(t *testing.T) {
	t.Parallel()
	got := message.Scheduling("0/5 nodes are available: 5 Insufficient cpu. preemption: found a potential placement for pod on node n3.example.com, preempting 2 victims").Preemption
	if got.Node != "n3.example.com" || got.Victims != 2 {
		t.Errorf("%d victims on %q, want 2 on n3.example.com", got.Victims, got.Node)
	}
}

func TestReasonsOfVolumes(t *testing.T) {
	t.Parallel()
	if !message.VolumeUnbound.OfVolume() || message.Capacity.OfVolume() {
		t.Error("a claim that is not bound has to do with volumes, capacity has not")
	}
}
