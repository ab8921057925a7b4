package resources_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/rules/resources"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

// A container that declares nothing lacks each resource, and the rule that says
// so in one sentence costs nothing beside: otherwise declaring the first
// resource would cost points.
func TestNothingDeclaredIsNotCheaperThanALittle(t *testing.T) {
	t.Parallel()
	source := manifest.New([]string{"testdata/resources-entirely-unset/fail.yaml"}, manifest.Options{})
	c, err := kube.Load(context.Background(), source, nil)
	if err != nil {
		t.Fatal(err)
	}
	charged := map[string][]string{}
	implied := map[string]int{}
	for _, f := range audit.Run(c, []audit.Category{resources.Category()}).Findings() {
		if f.Implied == "" {
			charged[f.Container] = append(charged[f.Container], f.Rule.ID)
			continue
		}
		implied[f.Container+": "+f.Rule.ID+" by "+f.Implied]++
	}
	each := []string{"cpu-request-missing", "memory-limit-missing", "memory-request-missing", "ephemeral-storage-unset", "cpu-limit-missing"}
	want := map[string][]string{
		"legacy":  each,
		"proxy":   each,
		"metrics": {"cpu-request-missing", "memory-limit-missing", "memory-request-missing", "cpu-limit-missing"},
		"agent":   {"memory-limit-missing", "memory-request-missing", "ephemeral-storage-unset", "cpu-limit-missing"},
	}
	if diff := cmp.Diff(want, charged); diff != "" {
		t.Errorf("rules that cost points, by container (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int{
		"legacy: resources-entirely-unset by memory-request-missing":  1,
		"proxy: resources-entirely-unset by memory-request-missing":   1,
		"metrics: resources-entirely-unset by memory-request-missing": 1,
		"agent: limits-unset-with-requests by memory-limit-missing":   1,
	}, implied); diff != "" {
		t.Errorf("findings that follow (-want +got):\n%s", diff)
	}
}

func TestUnknown(t *testing.T) {
	t.Parallel()
	limited := &corev1.PodSpec{Containers: []corev1.Container{{Name: "web"}}}
	limited.Containers[0].Resources.Limits = corev1.ResourceList{corev1.ResourceMemory: resource.MustParse("1Gi")}
	pod := &kube.Pod{
		Family: &kube.Family{Namespace: "shop"}, Name: "web", Spec: limited, Status: kube.PodStatus{PodSaid: &kube.PodSaid{Phase: corev1.PodRunning}},
	}
	cases := map[string]struct {
		state kube.State
		rule  string
		why   string
	}{
		"LimitRanges may not be read": {
			kube.State{Resource: kube.LimitRanges, Phase: kube.Forbidden, Reason: "forbidden"}, "memory-limit-missing", "limitranges: forbidden",
		},
		"there is no metrics API": {
			kube.State{Resource: kube.PodMetrics, Phase: kube.Absent}, "memory-usage-over-limit-threshold", "pods.metrics.k8s.io: absent",
		},
		"nothing was measured yet": {
			kube.State{Resource: kube.PodMetrics, Phase: kube.Synced}, "memory-usage-over-limit-threshold", "no usage of its pods",
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := kube.NewBuilder(kube.Info{})
			if err := b.Set(kube.Pods, pod); err != nil {
				t.Fatal(err)
			}
			b.SetState(tc.state)
			result := audit.Run(b.Build(time.Unix(0, 0)), []audit.Category{resources.Category()})
			for _, tally := range result.Tallies() {
				if tally.Rule.ID != tc.rule {
					continue
				}
				if tally.Unknown != 1 || tally.Applicable != 0 || tally.Coverage != 0 || !strings.Contains(tally.Why, tc.why) {
					t.Errorf("got %+v, want one unknown subject because of %q", tally, tc.why)
				}
				return
			}
			t.Errorf("rule %s has no tally", tc.rule)
		})
	}
}
