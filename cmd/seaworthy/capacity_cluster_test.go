package main

import (
	"net/http"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/capacity"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
)

// TestCapacityOfACluster adds up the nodes of a real server and what it made of pods: before
// there are any, filled, and to somebody who may read nothing of them. Karpenter's and KEDA's
// objects are judged as the server has them.
func TestCapacityOfACluster(t *testing.T) {
	t.Parallel()
	testbed := kubetest.StartTestbed(t, kubetest.TestbedOptions{})
	rules := func(verdict string) map[string]string {
		return map[string]string{
			"node-loss-not-tolerated": verdict, "node-memory-limits-overcommitted": verdict,
			"node-pool-at-limit": "", "scaled-object-not-ready": "",
		}
	}
	expectRules(t, testbed, "without nodes", rules(""))

	testbed.Apply(t, "shop", filepath.Join("testdata", "capacity", "filled.yaml"))
	for pod, phase := range map[string]string{"defaulted": "Running", "api": "Running", "web": "Running", "job": "Succeeded"} {
		testbed.Client(t).Must(t, kubetest.Call{
			Method: http.MethodPatch, Path: "/api/v1/namespaces/shop/pods/" + pod + "/status",
			Header: map[string][]string{"Content-Type": {"application/merge-patch+json"}},
			Body:   map[string]any{"status": map[string]any{"phase": phase}},
		}, nil)
	}
	expectRules(t, testbed, "filled", rules("fails"))
	c := capacity.Of(viewOf(t, testbed, reader()...))
	got := map[string]string{"unknown": c.Unknown + c.PodsUnknown + c.NamespacesUnknown + c.LimitsUnknown}
	for i := range c.All {
		n := &c.All[i]
		got[n.Name] = n.Requests.String() + ", limits " + capacity.GiB(n.Limits.Memory)
	}
	if diff := cmp.Diff(map[string]string{
		"unknown":  "",
		"worker-a": "3.5 cores and 2 GiB, limits 14 GiB",
		"worker-b": "3 cores and 1.25 GiB, limits 8 GiB", // the sidecar with the limit of the LimitRange
	}, got); diff != "" {
		t.Errorf("what is requested (-want +got):\n%s", diff)
	}
	if c.UseUnknown == "" || len(c.Samples) > 0 {
		t.Error("nobody measures here, and the use is known")
	}

	testbed.Apply(t, "", definitionsOf(t, kube.NodePools, kube.NodeClaims, kube.ScaledObjects))
	testbed.Apply(t, "shop", filepath.Join("testdata", "capacity", "scaling.yaml"))
	expectRules(t, testbed, "with autoscalers that do not do well", map[string]string{
		"node-loss-not-tolerated": "fails", "node-pool-at-limit": "fails", "node-pool-not-ready": "passes",
		"node-claim-not-ready": "fails", "scaled-object-not-ready": "fails",
	})

	blind := capacity.Of(viewOf(t, testbed, "--context", "viewer"))
	if blind.Unknown == "" || blind.PodsUnknown == "" || blind.NamespacesUnknown == "" {
		t.Errorf("to nobody: nodes %q, pods %q, namespaces %q", blind.Unknown, blind.PodsUnknown, blind.NamespacesUnknown)
	}
}
