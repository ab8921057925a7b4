package kube_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/json"

	"github.com/seaworthy-dev/seaworthy/kube"
)

var checkout = kube.Deployments.Ref("shop", "checkout")

func figures(container string, samples int, window time.Duration) kube.Figures {
	return kube.Figures{Container: container, Samples: samples, Pods: 3, Window: metav1.Duration{Duration: window}}
}

func TestEvidenceClaimsNoMoreThanWasSeen(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		samples, pods int
		window        time.Duration
		want          string
	}{
		{1240, 3, 6 * time.Hour, "1,240 samples of 3 pods over 6 h"},
		{1240567, 1200, 7*24*time.Hour - time.Second, "1,240,567 samples of 1,200 pods over 6 days"},
		{1, 1, 0, "1 sample of 1 pod over 0 s"},
		{999, 2, 119 * time.Minute, "999 samples of 2 pods over 119 min"},
		{60, 1, 119 * time.Second, "60 samples of 1 pod over 119 s"},
		{60, 1, 71*time.Hour + 59*time.Minute, "60 samples of 1 pod over 71 h"},
	} {
		f := kube.Figures{Samples: tt.samples, Pods: tt.pods, Window: metav1.Duration{Duration: tt.window}}
		if got := f.Evidence(); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

func TestMeasuredIsTheBestThatIsKnown(t *testing.T) {
	t.Parallel()
	b := kube.NewBuilder(kube.Info{})
	set := func(by string, of kube.Ref, all ...kube.Figures) {
		if err := b.Set(kube.Measurements, kube.NewMeasurement(by, of, all)); err != nil {
			t.Fatal(err)
		}
	}
	set(kube.ByMetricsServer, checkout, figures("web", 900, 30*time.Hour), figures("proxy", 900, 90*time.Minute), figures("new", 3, time.Minute))
	set(kube.ByPrometheus, checkout, figures("web", 10, 40*time.Hour), figures("proxy", 100, 7*24*time.Hour))
	set(kube.ByPrometheus, kube.StatefulSets.Ref("shop", "checkout"), figures("other", 1000, 48*time.Hour))
	set(kube.ByPrometheus, kube.Deployments.Ref("other", "checkout"), figures("other", 1000, 48*time.Hour))
	c := b.Build(time.Unix(0, 0))
	for container, want := range map[string]string{
		"web":   "900 samples of 3 pods over 30 h by metrics-server", // enough of them, and a day
		"proxy": "100 samples of 3 pods over 7 days by Prometheus",
		"new":   "3 samples of 3 pods over 60 s by metrics-server",
		"other": "",
	} {
		got := ""
		if m, ok := c.Measured(checkout, container); ok {
			got = m.Evidence()
		}
		if got != want {
			t.Errorf("%s: %q, want %q", container, got, want)
		}
	}
}

func TestHowMuchIsEnough(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		f            kube.Figures
		some, enough bool
	}{
		{figures("a", kube.EnoughSamples, kube.EnoughWindow), true, true},
		{figures("a", kube.EnoughSamples-1, kube.EnoughWindow), true, false},
		{figures("a", 1e6, kube.EnoughWindow-1), true, false},
		{figures("a", kube.LeastSamples, kube.LeastWindow), true, false},
		{figures("a", kube.LeastSamples-1, 100*kube.EnoughWindow), false, false},
		{figures("a", 1e6, kube.LeastWindow-1), false, false}, // many pods at one moment
	} {
		if tt.f.Some() != tt.some || tt.f.Enough() != tt.enough {
			t.Errorf("%s: some %t and enough %t, want %t and %t", tt.f.Evidence(), tt.f.Some(), tt.f.Enough(), tt.some, tt.enough)
		}
	}
}

// What is measured beside a source changes nothing else of its views, and what was
// derived of one such view is taken over by the next.
func TestWithMeasurements(t *testing.T) {
	t.Parallel()
	b := kube.NewBuilder(kube.Info{Name: "test"})
	deployment := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "checkout"}}
	if err := b.Set(kube.Deployments, deployment); err != nil {
		t.Fatal(err)
	}
	b.SetState(kube.State{Resource: kube.Deployments, Phase: kube.Synced})
	derived := 0
	counted := kube.Derive(func(c *kube.Cluster) int { derived++; return c.Deployments.Len() }).From(kube.Deployments)
	measured := []*kube.Measurement{kube.NewMeasurement(kube.ByPrometheus, checkout, []kube.Figures{figures("web", 900, 30*time.Hour)})}
	failed := kube.State{Resource: kube.Measurements, Phase: kube.Failed, Reason: "nobody answers"}

	with := func(c *kube.Cluster, measured []*kube.Measurement, s kube.State, after *kube.Cluster) *kube.Cluster {
		next, err := c.WithMeasurements(measured, s, after)
		if err != nil {
			t.Fatal(err)
		}
		return next
	}
	first := b.Build(time.Unix(1, 0))
	before := with(first, nil, failed, nil)
	if s, blind := before.Blind(kube.Measurements, "shop"); !blind || s.Reason != failed.Reason {
		t.Errorf("the failure is %+v", s)
	}
	if _, blind := first.Blind(kube.Measurements, "shop"); blind || len(first.States()) != 1 || len(before.States()) != 2 {
		t.Error("the view it was made of has changed")
	}
	_ = counted.Of(before)
	after := with(b.Build(time.Unix(2, 0)), measured, kube.State{Resource: kube.Measurements, Phase: kube.Synced}, before)
	if _, ok := after.Measured(checkout, "web"); !ok || counted.Of(after) != 1 || derived != 1 {
		t.Errorf("measured %t, derived %d times; want true, once", ok, derived)
	}
	changed := slices.Collect(kube.Changes(before, after))
	if len(changed) != 1 || changed[0].Resource != kube.Measurements || changed[0].After != kube.Object(measured[0]) {
		t.Errorf("changes are %+v, want that of the measurement", changed)
	}
	if &before.WorkloadsIn("shop")[0] != &after.WorkloadsIn("shop")[0] {
		t.Error("the workloads were found again")
	}
}

// recommending returns a view of VerticalPodAutoscalers, written as JSON.
func recommending(t *testing.T, texts ...string) *kube.Cluster {
	t.Helper()
	var all []object
	for _, text := range texts {
		o := &unstructured.Unstructured{}
		if err := json.Unmarshal([]byte(text), &o.Object); err != nil {
			t.Fatal(err)
		}
		o.SetKind(kube.VerticalPodAutoscalers.Kind)
		all = append(all, object{kube.VerticalPodAutoscalers, o})
	}
	return build(t, all...)
}

func TestRecommended(t *testing.T) {
	t.Parallel()
	c := recommending(t, `{
		"metadata": {"namespace": "shop", "name": "checkout"},
		"spec": {"targetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "checkout"}},
		"status": {
			"conditions": [{"type": "RecommendationProvided", "status": "True", "lastTransitionTime": "2025-12-10T08:00:00Z"}],
			"recommendation": {"containerRecommendations": [{"containerName": "web",
				"target": {"cpu": "163m", "memory": "262144k"}, "upperBound": {"memory": "524288k"}}]}}}`, `{
		"metadata": {"namespace": "shop", "name": "unsure"},
		"spec": {"targetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "unsure"}},
		"status": {
			"conditions": [{"type": "LowConfidence", "status": "True"}],
			"recommendation": {"containerRecommendations": [{"containerName": "web", "target": {"cpu": "163m"}}]}}}`, `{
		"metadata": {"namespace": "shop", "name": "without-status"},
		"spec": {"targetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "without-status"}}}`, `{
		"metadata": {"namespace": "shop", "name": "broken"},
		"spec": {"targetRef": "checkout"}, "status": 7}`)
	amount := func(text string) *resource.Quantity { q := resource.MustParse(text); return &q }
	want := kube.Recommendation{
		By: kube.VerticalPodAutoscalers.Ref("shop", "checkout"), Since: time.Date(2025, 12, 10, 8, 0, 0, 0, time.UTC),
		CPU: amount("163m"), Memory: amount("262144k"), MostMemory: amount("524288k"),
	}
	got, ok := c.Recommended(checkout, "web")
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b resource.Quantity) bool { return a.Cmp(b) == 0 }),
		cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })); !ok || diff != "" {
		t.Errorf("recommended %t (-want +got):\n%s", ok, diff)
	}
	for _, name := range []string{"unsure", "without-status", "broken"} {
		if r, ok := c.Recommended(kube.Deployments.Ref("shop", name), "web"); ok {
			t.Errorf("%s: %+v, want nothing", name, r)
		}
	}
	if r, ok := c.Recommended(checkout, "proxy"); ok {
		t.Errorf("of another container: %+v", r)
	}
}
