package main

import (
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/rules"
	"github.com/seaworthy-dev/seaworthy/audit/upgrade"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
)

// TestUpgradeOfACluster says what stands in the way of the next release of a real server:
// nothing, and then all that can be made to.
func TestUpgradeOfACluster(t *testing.T) {
	t.Parallel()
	testbed := kubetest.StartTestbed(t, kubetest.TestbedOptions{})
	states := map[string]string{}
	for _, c := range concernsOf(t, testbed) {
		states[c.ID] = c.State.String()
	}
	want := map[string]string{}
	for id := range states {
		want[id] = "nothing found"
	}
	if diff := cmp.Diff(want, states); diff != "" || len(states) == 0 {
		t.Errorf("before anything is in the way (-want +got):\n%s", diff)
	}

	testbed.Apply(t, "shop", filepath.Join("testdata", "upgrade", "broken.yaml"))
	storeOld(t, testbed)
	awaitUnavailable(t, testbed)

	told := map[string][]string{}
	for _, c := range concernsOf(t, testbed) {
		if c.Why != "" {
			t.Errorf("%s: nobody can tell: %s", c.ID, c.Why)
		}
		for _, f := range c.Findings {
			mark := "worth knowing "
			if c.Blocked(f) {
				mark = "in the way "
			}
			told[c.ID] = append(told[c.ID], mark+f.Rule.ID+" "+f.Subject.String())
			if c.ID == "removed-apis" && !strings.Contains(f.Detail, "kubectl apply wrote it as policy/v1beta1") {
				t.Errorf("nobody says who wrote %s: %s", f.Subject, f.Detail)
			}
		}
	}
	if diff := cmp.Diff(map[string][]string{
		"removed-apis":        {"in the way api-removed-in-next-version PodDisruptionBudget shop/web"},
		"kubelets":            {"in the way kubelet-version-skew Node old"},
		"stored-versions":     {"worth knowing crd-stored-version-not-served CustomResourceDefinition boats.example.com"},
		"aggregated-apis":     {"in the way api-service-unavailable APIService v1beta1.metrics.example"},
		"unanswered-webhooks": {"in the way admission-webhook-backend-unavailable ValidatingWebhookConfiguration policy"},
		"system-webhooks":     {"worth knowing admission-webhook-intercepts-system ValidatingWebhookConfiguration policy"},
		"budgets": {
			"in the way pdb-max-unavailable-zero PodDisruptionBudget shop/web",
			"worth knowing pdb-unhealthy-eviction-policy-unset PodDisruptionBudget shop/also-web",
			"worth knowing pdb-unhealthy-eviction-policy-unset PodDisruptionBudget shop/web",
		},
		"several-budgets":    {"in the way pod-matched-by-multiple-pdbs Deployment shop/web"},
		"single-replicas":    {"worth knowing single-replica Deployment shop/web"},
		"container-runtimes": {"in the way container-runtime-outdated Node old"},
		"releases":           {"worth knowing kubernetes-version-outdated Node old"},
	}, told); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// storeOld makes a definition one that once stored objects in its older version.
func storeOld(t *testing.T, testbed *kubetest.Testbed) {
	t.Helper()
	testbed.Client(t).Must(t, kubetest.Call{
		Method: http.MethodPatch, Path: "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/boats.example.com/status",
		Header: map[string][]string{"Content-Type": {"application/merge-patch+json"}},
		Body:   map[string]any{"status": map[string]any{"storedVersions": []string{"v1alpha1", "v1"}}},
	}, nil)
}

// awaitUnavailable waits until the server has looked for the Service of the APIService, which
// it does in the background.
func awaitUnavailable(t *testing.T, testbed *kubetest.Testbed) {
	t.Helper()
	client := testbed.Client(t)
	deadline, ticker := time.NewTimer(time.Minute), time.NewTicker(200*time.Millisecond)
	defer deadline.Stop()
	defer ticker.Stop()
	for {
		_, text := client.Do(t.Context(), t, kubetest.Call{Method: http.MethodGet, Path: "/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.example"})
		if strings.Contains(string(text), "ServiceNotFound") {
			return
		}
		select {
		case <-deadline.C:
			t.Fatalf("waiting for the server to miss the Service: there is %s", text)
		case <-ticker.C:
		}
	}
}

// concernsOf returns what stands in the way of the next release of a cluster.
func concernsOf(t *testing.T, testbed *kubetest.Testbed) []upgrade.Concern {
	t.Helper()
	s := &streams{
		in: strings.NewReader(""), out: io.Discard, err: io.Discard, notes: &notes{out: io.Discard}, now: time.Now,
		env: func(string) string { return "" },
	}
	source, err := options(t, []string{"--kubeconfig", testbed.Kubeconfig, "--context", "reader"}).target.connect(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	view, err := kube.Load(t.Context(), source, nil)
	if err != nil {
		t.Fatal(err)
	}
	var all []upgrade.Concern
	for _, stage := range upgrade.Read(audit.Run(view, rules.All())).Stages {
		all = append(all, stage.Concerns...)
	}
	return all
}
