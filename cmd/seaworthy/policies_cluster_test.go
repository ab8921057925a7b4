package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/seaworthy-dev/seaworthy/audit/policyengine"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
)

// Constraints, newer policies of Kyverno and reports as a real server has them: none, in
// order, and broken. Gatekeeper makes the kinds of constraints itself, here the test does.
func TestPolicyEnginesOfACluster(t *testing.T) {
	t.Parallel()
	testbed := kubetest.StartTestbed(t, kubetest.TestbedOptions{})
	expect := func(state, enforcing, audited, violated string) {
		t.Helper()
		expectRules(t, testbed, state, map[string]string{
			"admission-policy-not-enforcing": enforcing, "policy-audit-stale": audited, "policy-violated": violated,
		})
	}
	expect("nothing is installed", "", "", "")
	labels, repos := kube.Constraints.As("K8sRequiredLabels"), kube.Constraints.As("K8sAllowedRepos")
	testbed.Apply(t, "", definitionsOf(t, labels, repos, kube.ValidatingPolicies, kube.PolicyReports, kube.OpenReports))
	if dir := os.Getenv("SEAWORTHY_CORPORA"); dir != "" {
		testbed.Apply(t, "", filepath.Join(dir, "gatekeeper", "00-crds.yaml"))
	}
	expect("nothing is written", "", "", "")
	applyDated(t, testbed, filepath.Join("testdata", "cluster", "engines-healthy.yaml"))
	expect("all is kept", "passes", "passes", "passes")
	applyDated(t, testbed, filepath.Join("testdata", "cluster", "engines-broken.yaml"))
	expect("some is not", "fails", "fails", "fails")

	c := viewOf(t, testbed, reader()...)
	for _, kind := range []string{"K8sRequiredLabels", "K8sAllowedRepos"} {
		ref := kube.Ref{Group: kube.Constraints.Group, Kind: kind, Name: "owner"}
		if !c.Has(ref) {
			t.Errorf("%s is not seen beside the other of the same name", ref)
		}
	}
	if found := policyengine.Violations(c, kube.ConfigMaps.Ref("engines", "web")); len(found) != 2 {
		t.Errorf("of the ConfigMap is found %v", found)
	}
}
