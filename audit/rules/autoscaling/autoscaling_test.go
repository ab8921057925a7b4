package autoscaling_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/rules/autoscaling"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

// What the status complains of costs nothing where its cause does.
func TestCausesArePaidForOnce(t *testing.T) {
	t.Parallel()
	condition := func(of autoscalingv2.HorizontalPodAutoscalerConditionType, status corev1.ConditionStatus, reason string) autoscalingv2.HorizontalPodAutoscalerCondition {
		return autoscalingv2.HorizontalPodAutoscalerCondition{Type: of, Status: status, Reason: reason}
	}
	scaled := func(name, target string, fewest int32, conditions ...autoscalingv2.HorizontalPodAutoscalerCondition) *autoscalingv2.HorizontalPodAutoscaler {
		h := &autoscalingv2.HorizontalPodAutoscaler{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: name}}
		h.Spec.ScaleTargetRef = autoscalingv2.CrossVersionObjectReference{APIVersion: "apps/v1", Kind: "Deployment", Name: target}
		h.Spec.MinReplicas, h.Spec.MaxReplicas = &fewest, 5
		h.Status.CurrentReplicas, h.Status.Conditions = 5, conditions
		return h
	}
	web := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "web"}}
	web.Spec.Template.Spec.Containers = []corev1.Container{{Name: "web"}}

	b := kube.NewBuilder(kube.Info{})
	for r, objects := range map[kube.Resource][]kube.Object{
		kube.Deployments: {web},
		kube.HorizontalPodAutoscalers: {
			scaled("gone", "gone", 2, condition(autoscalingv2.AbleToScale, corev1.ConditionFalse, "FailedGetScale")),
			scaled("web", "web", 5,
				condition(autoscalingv2.ScalingActive, corev1.ConditionFalse, "FailedGetResourceMetric"),
				condition(autoscalingv2.ScalingLimited, corev1.ConditionTrue, "TooManyReplicas")),
		},
	} {
		if err := b.Replace(r, "", objects); err != nil {
			t.Fatal(err)
		}
	}
	got := map[string]string{}
	result := audit.Run(b.Build(time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)), []audit.Category{autoscaling.Category()})
	for _, f := range result.Findings() {
		got[f.Subject.Name+" "+f.Rule.ID] = f.Implied
	}
	want := map[string]string{
		"gone hpa-target-missing":                 "",
		"gone hpa-not-functional":                 "hpa-target-missing",
		"web hpa-resource-metric-without-request": "",
		"web hpa-not-functional":                  "hpa-resource-metric-without-request",
		"web hpa-min-equals-max":                  "",
		"web hpa-at-max":                          "hpa-min-equals-max",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings and what implies them (-want +got):\n%s", diff)
	}
}

// A target that cannot be seen is neither there nor missing.
func TestUnknownTargets(t *testing.T) {
	t.Parallel()
	h := &autoscalingv2.HorizontalPodAutoscaler{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "web"}}
	h.Spec.ScaleTargetRef = autoscalingv2.CrossVersionObjectReference{APIVersion: "apps/v1", Kind: "Deployment", Name: "web"}
	fleet := h.DeepCopy()
	fleet.Spec.ScaleTargetRef = autoscalingv2.CrossVersionObjectReference{APIVersion: "agones.dev/v1", Kind: "Fleet", Name: "web"}
	member := &kube.Pod{
		Family: &kube.Family{Namespace: "shop", Owner: kube.Owner{Group: "agones.dev", Kind: "Fleet", Name: "web"}},
		Name:   "web-1", Spec: &corev1.PodSpec{}, Status: kube.PodStatus{PodSaid: &kube.PodSaid{}},
	}
	cases := map[string]struct {
		autoscaler          *autoscalingv2.HorizontalPodAutoscaler
		objects             []kube.Object
		phase               kube.Phase
		applicable, unknown int
	}{
		"Deployments may not be read":       {h, nil, kube.Forbidden, 0, 1},
		"Deployments were read":             {h, nil, kube.Synced, 1, 0},
		"a custom resource":                 {fleet, nil, kube.Synced, 0, 1},
		"a custom resource, seen by a pod":  {fleet, []kube.Object{member}, kube.Synced, 1, 0},
		"the same, with Deployments unread": {fleet, []kube.Object{member}, kube.Forbidden, 1, 0},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := kube.NewBuilder(kube.Info{})
			if err := b.Replace(kube.HorizontalPodAutoscalers, "", []kube.Object{tc.autoscaler.DeepCopy()}); err != nil {
				t.Fatal(err)
			}
			if err := b.Replace(kube.Pods, "", tc.objects); err != nil {
				t.Fatal(err)
			}
			b.SetState(kube.State{Resource: kube.Deployments, Phase: tc.phase})
			for _, tally := range audit.Run(b.Build(time.Unix(0, 0)), []audit.Category{autoscaling.Category()}).Tallies() {
				if tally.Rule.ID == "hpa-target-missing" && (tally.Applicable != tc.applicable || tally.Unknown != tc.unknown) {
					t.Errorf("got %d applicable and %d unknown, want %d and %d", tally.Applicable, tally.Unknown, tc.applicable, tc.unknown)
				}
			}
		})
	}
}

// A number that the server filled in is not a number that somebody set.
func TestDefaultedReplicasAreNoVerdict(t *testing.T) {
	t.Parallel()
	source := manifest.New([]string{"testdata/hpa-with-static-replicas/pass-live.yaml"}, manifest.Options{Info: &kube.Info{}})
	c, err := kube.Load(context.Background(), source, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, tally := range audit.Run(c, []audit.Category{autoscaling.Category()}).Tallies() {
		if tally.Rule.ID != "hpa-with-static-replicas" {
			continue
		}
		if tally.Applicable != 1 || tally.Unknown != 1 || tally.Failing != 0 {
			t.Errorf("got %+v, want one subject that passes and one unknown", tally)
		}
	}
}
