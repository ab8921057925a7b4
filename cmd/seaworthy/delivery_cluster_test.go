package main

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
)

// TestDeliveryOfACluster judges Rollouts and Canaries as a real server has them: none, those
// that go well, and those that do not.
func TestDeliveryOfACluster(t *testing.T) {
	t.Parallel()
	testbed := kubetest.StartTestbed(t, kubetest.TestbedOptions{})
	expect := func(state, rollouts, canaries, analysis string) {
		t.Helper()
		expectRules(t, testbed, state, map[string]string{
			"rollout-degraded": rollouts, "rollout-paused": rollouts, "analysis-run-failed": rollouts,
			"canary-failed": canaries, "canary-stuck": canaries, "delivery-without-analysis": analysis,
		})
	}
	expect("without Argo Rollouts and Flagger", "", "", "")

	testbed.Apply(t, "shop", definitionsOf(t, kube.Rollouts, kube.AnalysisRuns, kube.Canaries))
	applyDated(t, testbed, filepath.Join("testdata", "delivery", "healthy.yaml"))
	expectRules(t, testbed, "healthy", map[string]string{
		"rollout-degraded": "passes", "canary-failed": "passes", "canary-stuck": "passes", "delivery-without-analysis": "passes",
	})
	view := viewOf(t, testbed, reader()...)
	got := map[string]int32{}
	for _, w := range view.WorkloadsIn("shop") {
		got[w.Ref.String()] = *w.Replicas
	}
	want := map[string]int32{"Rollout shop/web": 3, "Deployment shop/api": 2, "Deployment shop/cart": 0, "Deployment shop/cart-primary": 2}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("workloads (-want +got):\n%s", diff)
	}

	applyDated(t, testbed, filepath.Join("testdata", "delivery", "broken.yaml"))
	expect("broken", "fails", "fails", "fails")
}
