package workloadhealth_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	workloadhealth "github.com/seaworthy-dev/seaworthy/audit/rules/workload-health"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

var noon = time.Date(2026, time.January, 1, 12, 0, 0, 0, time.UTC)

// load returns the view of an example at noon.
func load(t *testing.T, example string) *kube.Cluster {
	t.Helper()
	c, err := kube.Load(context.Background(), manifest.New([]string{"testdata/" + example}, manifest.Options{
		Info: &kube.Info{}, Now: func() time.Time { return noon },
	}), nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// ruled returns the category with one of its rules, changed by parameters.
func ruled(t *testing.T, id string, parameters map[string]any) []audit.Category {
	t.Helper()
	category := workloadhealth.Category()
	for _, rule := range category.Rules {
		if rule.ID == id {
			changed, err := rule.With(parameters)
			if err != nil {
				t.Fatal(err)
			}
			category.Rules = []*audit.Rule{changed}
			return []audit.Category{category}
		}
	}
	t.Fatalf("there is no rule %s", id)
	return nil
}

// A symptom names the rule that finds its cause on the same subject, and that
// rule does find it.
func TestSymptomsNameTheirCause(t *testing.T) {
	t.Parallel()
	tests := map[string]map[string]string{
		"pod-unhealthy-phase/fail.yaml": {
			"db pod-unhealthy-phase": "", "once pod-unhealthy-phase": "", "lost pod-unhealthy-phase": "", "init pod-unhealthy-phase": "",
			"pull pod-unhealthy-phase": "container-waiting", "pull container-waiting": "",
		},
		"container-restarts-excessive/fail.yaml": {
			"api container-restarts-excessive":  "",
			"loop container-restarts-excessive": "container-waiting", "loop container-waiting": "",
			"hog container-restarts-excessive": "container-oom-killed", "hog container-oom-killed": "",
		},
		"pod-unschedulable/fail.yaml": {
			"web pod-unhealthy-phase": "pod-unschedulable", "web pod-unschedulable": "",
		},
		"workload-replicas-unavailable/fail.yaml": {
			"web workload-replicas-unavailable": "", "api workload-replicas-unavailable": "",
			"db workload-replicas-unavailable": "", "queue workload-replicas-unavailable": "",
			"feed workload-replicas-unavailable": "rollout-stalled", "feed rollout-stalled": "",
		},
		"node-condition-unknown/fail.yaml": {
			"n1 node-condition-unknown": "",
			"n2 node-condition-unknown": "node-not-ready", "n2 node-not-ready": "",
		},
		"warning-events/fail.yaml": {
			"backup warning-events": "", "report warning-events": "",
			"migrate warning-events": "job-failed", "migrate job-failed": "",
		},
	}
	about := map[string]bool{
		"container-restarts-excessive": true, "container-oom-killed": true,
		"pod-unhealthy-phase": true, "container-waiting": true, "pod-unschedulable": true, "workload-replicas-unavailable": true,
		"rollout-stalled": true, "node-condition-unknown": true, "node-not-ready": true, "warning-events": true, "job-failed": true,
	}
	for example, want := range tests {
		t.Run(example, func(t *testing.T) {
			t.Parallel()
			got := map[string]string{}
			for _, f := range audit.Run(load(t, example), []audit.Category{workloadhealth.Category()}).Findings() {
				if about[f.Rule.ID] {
					got[f.Subject.Name+" "+f.Rule.ID] = f.Implied
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("findings and what implies them (-want +got):\n%s", diff)
			}
		})
	}
}

// What people decide about a rule decides.
func TestParametersDecide(t *testing.T) {
	t.Parallel()
	tests := []struct {
		rule       string
		parameters map[string]any
		example    string
		findings   int
	}{
		{"container-waiting", map[string]any{"graceMinutes": 120}, "container-waiting/fail.yaml", 2},
		{"container-not-ready", map[string]any{"graceMinutes": 60}, "container-not-ready/fail.yaml", 0},
		{"container-not-ready", map[string]any{"graceMinutes": 1}, "container-not-ready/pass.yaml", 1},
		{"container-oom-killed", map[string]any{"windowHours": 24 * 30}, "container-oom-killed/pass.yaml", 1},
		{"container-restarts-excessive", map[string]any{"windowMinutes": 1, "restartsPerDay": 1000}, "container-restarts-excessive/fail.yaml", 0},
		{"container-terminating", map[string]any{"doneMinutes": 60}, "container-terminating/pass.yaml", 1},
		{"pod-unschedulable", map[string]any{"graceMinutes": 1}, "pod-unschedulable/pass.yaml", 1},
		{"node-cpu-usage-high", map[string]any{"thresholdPercent": 50}, "node-cpu-usage-high/pass.yaml", 1},
		{"node-not-ready", map[string]any{"graceMinutes": 1}, "node-not-ready/pass.yaml", 2},
		{"cronjob-never-succeeded", map[string]any{"periods": 6}, "cronjob-never-succeeded/fail.yaml", 1},
		{"job-failed", map[string]any{"windowHours": 24 * 100}, "job-failed/pass.yaml", 1},
	}
	for _, test := range tests {
		t.Run(test.rule+" "+test.example, func(t *testing.T) {
			t.Parallel()
			result := audit.Run(load(t, test.example), ruled(t, test.rule, test.parameters))
			if got := result.Count(); got != test.findings {
				t.Errorf("%d findings with %v, want %d", got, test.parameters, test.findings)
			}
		})
	}
}

// What cannot be read is not well.
func TestBlindnessIsNoVerdict(t *testing.T) {
	t.Parallel()
	refused := &appsv1.DaemonSet{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "logs"}}
	refused.Status = appsv1.DaemonSetStatus{ObservedGeneration: 1, DesiredNumberScheduled: 3, CurrentNumberScheduled: 1}
	lonely := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "web"}}
	node := &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: "n1"}}
	node.Status.Allocatable = corev1.ResourceList{}
	node.Spec.Taints = []corev1.Taint{{Key: "dedicated", Effect: corev1.TaintEffectNoSchedule}}
	picky := lonely.DeepCopy()
	picky.Spec.Template.Spec.NodeSelector = map[string]string{"disk": "nvme"}
	tests := map[string]struct {
		rule    string
		objects map[kube.Resource]kube.Object
		blind   kube.Resource
		scope   []string
	}{
		"pods of a workload that lacks them":    {"workload-selects-no-pods", map[kube.Resource]kube.Object{kube.Deployments: lonely}, kube.Pods, nil},
		"events of pods that are missing":       {"daemonset-unavailable", map[kube.Resource]kube.Object{kube.DaemonSets: refused}, kube.Events, nil},
		"samples of a node":                     {"node-metrics-missing", map[kube.Resource]kube.Object{kube.Nodes: node}, kube.NodeMetrics, nil},
		"pods that may tolerate a taint":        {"node-taint-not-tolerated", map[kube.Resource]kube.Object{kube.Nodes: node}, kube.Pods, nil},
		"pods of namespaces that are left out":  {"node-taint-not-tolerated", map[kube.Resource]kube.Object{kube.Nodes: node}, kube.Resource{}, []string{"shop"}},
		"nodes that a selector may match":       {"node-selector-matches-no-node", map[kube.Resource]kube.Object{kube.Deployments: picky, kube.Nodes: node}, kube.Nodes, nil},
		"the status of an autoscaler of nodes":  {"node-selector-matches-no-node", map[kube.Resource]kube.Object{kube.Deployments: picky, kube.Nodes: node}, kube.ConfigMaps, nil},
		"the definitions of autoscaler's kinds": {"node-selector-matches-no-node", map[kube.Resource]kube.Object{kube.Deployments: picky, kube.Nodes: node}, kube.CustomResourceDefinitions, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := kube.NewBuilder(kube.Info{Scope: test.scope})
			for r, o := range test.objects {
				if err := b.Replace(r, "", []kube.Object{copied(t, o)}); err != nil {
					t.Fatal(err)
				}
			}
			if !test.blind.IsZero() {
				b.SetState(kube.State{Resource: test.blind, Phase: kube.Forbidden, Verb: "list"})
			}
			unknown := 0
			for _, tally := range audit.Run(b.Build(noon), ruled(t, test.rule, nil)).Tallies() {
				unknown += tally.Unknown
				if tally.Failing > 0 || tally.Applicable > 0 {
					t.Errorf("a verdict all the same: %+v", tally)
				}
			}
			if unknown != 1 {
				t.Errorf("%d subjects are unknown, want 1", unknown)
			}
		})
	}
}

// copied returns an object that a view may keep and change.
func copied(t *testing.T, o kube.Object) kube.Object {
	t.Helper()
	switch o := o.(type) {
	case *appsv1.DaemonSet:
		return o.DeepCopy()
	case *appsv1.Deployment:
		return o.DeepCopy()
	case *corev1.Node:
		return o.DeepCopy()
	}
	t.Fatalf("%T is not copied", o)
	return nil
}

// The scheduler's messages differ between releases; their tokens do not.
func TestCausesOfWaiting(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ reason, message, want string }{
		"resources": {
			"Unschedulable", "0/5 nodes are available: 2 Insufficient cpu, 3 Insufficient memory.",
			"no node for its pod: too little CPU, too little memory",
		},
		"an older release names the taint": {
			"Unschedulable", "0/3 nodes are available: 3 node(s) had untolerated taint {dedicated: gpu}.",
			"no node for its pod: taints",
		},
		"what preemption repeats is left aside": {
			"Unschedulable", "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector. preemption: 0/3 nodes are available: 3 Insufficient cpu.",
			"no node for its pod: node affinity or selector",
		},
		"an extended resource": {
			"Unschedulable", "0/3 nodes are available: 3 Insufficient nvidia.com/gpu.",
			"no node for its pod: too little of an extended resource",
		},
		"volumes": {
			"Unschedulable", `0/3 nodes are available: persistentvolumeclaim "data" not found. not found`,
			"no node for its pod: volumes",
		},
		"nothing that is known":     {"Unschedulable", "0/3 nodes are available: 3 of another planet.", "no node for its pod"},
		"a scheduler that stumbles": {"SchedulerError", "timed out", "no node for its pod: the scheduler failed"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "web", CreationTimestamp: metav1.Time{Time: noon.Add(-time.Hour)}}}
			pod.Status.Phase = corev1.PodPending
			pod.Status.Conditions = []corev1.PodCondition{{
				Type: corev1.PodScheduled, Status: corev1.ConditionFalse, Reason: test.reason, Message: test.message,
			}}
			b := kube.NewBuilder(kube.Info{})
			if err := b.Replace(kube.Pods, "", []kube.Object{pod}); err != nil {
				t.Fatal(err)
			}
			findings := audit.Run(b.Build(noon), ruled(t, "pod-unschedulable", nil)).Findings()
			if len(findings) != 1 || findings[0].Message != test.want {
				t.Errorf("got %v, want one finding %q", findings, test.want)
			}
		})
	}
}

// A finding that stays as it is says the same an hour later, or every screen
// would show it as changed.
func TestTextsDoNotAge(t *testing.T) {
	t.Parallel()
	texts := func(at time.Time) map[string]string {
		all := map[string]string{}
		for _, category := range []string{
			"container-not-ready", "container-waiting", "daemonset-unavailable", "node-not-ready", "node-unschedulable",
			"pod-evicted", "pod-unschedulable", "namespace-not-active", "rollout-stalled", "workload-replicas-unavailable",
		} {
			c, err := kube.Load(context.Background(), manifest.New([]string{"testdata/" + category + "/fail.yaml"}, manifest.Options{
				Info: &kube.Info{}, Now: func() time.Time { return at },
			}), nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range audit.Run(c, ruled(t, category, nil)).Findings() {
				all[f.ID()] = f.Message + "\n" + f.Detail
			}
		}
		return all
	}
	if diff := cmp.Diff(texts(noon), texts(noon.Add(10*time.Minute))); diff != "" {
		t.Errorf("texts at noon and ten minutes later (-noon +later):\n%s", diff)
	}
}
