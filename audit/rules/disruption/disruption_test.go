package disruption_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/rules/disruption"
	"github.com/seaworthy-dev/seaworthy/kube"
)

func budget(name string, spec policyv1.PodDisruptionBudgetSpec) *policyv1.PodDisruptionBudget {
	spec.Selector = &metav1.LabelSelector{MatchLabels: map[string]string{"app": "web"}}
	b := &policyv1.PodDisruptionBudget{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: name}, Spec: spec}
	b.Status.ExpectedPods = 2
	b.Status.Conditions = []metav1.Condition{{
		Type: policyv1.DisruptionAllowedCondition, Status: metav1.ConditionFalse, Reason: policyv1.InsufficientPodsReason,
	}}
	return b
}

// What the status says costs nothing where what is declared explains it.
func TestLiveBudgetsAreImplied(t *testing.T) {
	t.Parallel()
	zero, one, all := intstr.FromInt32(0), intstr.FromInt32(1), intstr.FromString("100%")
	d := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "web"}}
	d.Spec.Replicas = new(int32(2))
	d.Spec.Template.Labels = map[string]string{"app": "web"}

	b := kube.NewBuilder(kube.Info{})
	for r, objects := range map[kube.Resource][]kube.Object{
		kube.Deployments: {d},
		kube.PodDisruptionBudgets: {
			budget("broken", policyv1.PodDisruptionBudgetSpec{MaxUnavailable: &one}),
			budget("zero", policyv1.PodDisruptionBudgetSpec{MaxUnavailable: &zero}),
			budget("all", policyv1.PodDisruptionBudgetSpec{MinAvailable: &all}),
		},
	} {
		if err := b.Replace(r, "", objects); err != nil {
			t.Fatal(err)
		}
	}
	got := map[string]string{}
	for _, f := range audit.Run(b.Build(time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)), []audit.Category{disruption.Category()}).Findings() {
		if f.Rule.ID == "pdb-no-disruptions-allowed-live" {
			got[f.Subject.Name] = f.Implied
		}
	}
	want := map[string]string{"broken": "", "zero": "pdb-max-unavailable-zero", "all": "pdb-min-available-blocks-drain"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("causes of budgets that allow nothing (-want +got):\n%s", diff)
	}
}

// Where workloads cannot be seen, a budget without a match proves nothing, and
// neither does one whose pods are run by something unknown.
func TestUnknownBudgets(t *testing.T) {
	t.Parallel()
	one := intstr.FromInt32(1)
	rolloutPod := &kube.Pod{
		Family: &kube.Family{Namespace: "shop", Owner: kube.Owner{Group: "argoproj.io", Kind: "Rollout", Name: "web"}},
		Name:   "web-1", Labels: map[string]string{"app": "web"}, Spec: &corev1.PodSpec{}, Status: kube.PodStatus{PodSaid: &kube.PodSaid{}},
	}
	cases := map[string]struct {
		pods  []kube.Object
		phase kube.Phase
		rule  string
	}{
		"no match, and StatefulSets may not be read": {nil, kube.Forbidden, "pdb-selects-nothing"},
		"pods that may be there all the same":        {nil, kube.Forbidden, "pdb-min-available-blocks-drain"},
		"replicas of a custom resource":              {[]kube.Object{rolloutPod}, kube.Synced, "pdb-min-available-blocks-drain"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := kube.NewBuilder(kube.Info{})
			if err := b.Replace(kube.Pods, "", tc.pods); err != nil {
				t.Fatal(err)
			}
			if err := b.Set(kube.PodDisruptionBudgets, budget("web", policyv1.PodDisruptionBudgetSpec{MinAvailable: &one})); err != nil {
				t.Fatal(err)
			}
			b.SetState(kube.State{Resource: kube.StatefulSets, Phase: tc.phase})
			for _, tally := range audit.Run(b.Build(time.Unix(0, 0)), []audit.Category{disruption.Category()}).Tallies() {
				if tally.Rule.ID == tc.rule && (tally.Unknown != 1 || tally.Applicable != 0 || tally.Why == "") {
					t.Errorf("%s: got %+v, want one unknown subject and why", tc.rule, tally)
				}
			}
		})
	}
}

// The budget that the fix creates selects what the workload selects, and clears
// the finding without raising another about itself.
func TestCreatedBudgetKeepsTheSelector(t *testing.T) {
	t.Parallel()
	d := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "web"}}
	d.Spec.Replicas = new(int32(2))
	d.Spec.Selector = &metav1.LabelSelector{
		MatchLabels:      map[string]string{"app": "web"},
		MatchExpressions: []metav1.LabelSelectorRequirement{{Key: "track", Operator: metav1.LabelSelectorOpIn, Values: []string{"stable"}}},
	}
	d.Spec.Template.Labels = map[string]string{"app": "web", "track": "stable"}
	b := kube.NewBuilder(kube.Info{})
	if err := b.Set(kube.Deployments, d); err != nil {
		t.Fatal(err)
	}
	c := b.Build(time.Unix(0, 0))
	for _, f := range audit.Run(c, []audit.Category{disruption.Category()}).Findings() {
		if f.Rule.ID != "pdb-missing" {
			continue
		}
		want := `[{"apiVersion":"policy/v1","kind":"PodDisruptionBudget","metadata":{"name":"web","namespace":"shop"},` +
			`"spec":{"maxUnavailable":1,"selector":{"matchLabels":{"app":"web"},` +
			`"matchExpressions":[{"key":"track","operator":"In","values":["stable"]}]},"unhealthyPodEvictionPolicy":"AlwaysAllow"}}]`
		got, err := json.Marshal(audit.NewFixer(c).Fixes(f)[0].New)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, string(got)); diff != "" {
			t.Errorf("the new budget (-want +got):\n%s", diff)
		}
		return
	}
	t.Error("nothing says that the workload has no budget")
}
