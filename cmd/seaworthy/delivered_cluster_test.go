package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
)

// TestWhatIsDeliveredToACluster judges what brings manifests and traffic to a real server:
// nothing, what does well, and what does not. The definitions are those of Argo CD, Flux and
// the Gateway API if the folder of public manifests is named by SEAWORTHY_CORPORA, and take
// anything if not.
func TestWhatIsDeliveredToACluster(t *testing.T) {
	t.Parallel()
	testbed := kubetest.StartTestbed(t, kubetest.TestbedOptions{})
	expect := func(state, verdict string) {
		t.Helper()
		want := map[string]string{}
		for _, id := range []string{"argocd-out-of-sync", "flux-not-ready", "gateway-not-programmed", "route-not-accepted"} {
			want[id] = verdict
		}
		expectRules(t, testbed, state, want)
	}
	expect("nothing of it", "")
	testbed.Apply(t, "delivered", definitionsOfDelivery(t)...)
	expect("before it is set up", "")
	applyWhole(t, testbed, "delivered", filepath.Join("testdata", "delivered", "healthy.yaml"))
	expect("healthy", "passes")
	applyWhole(t, testbed, "delivered", filepath.Join("testdata", "delivered", "broken.yaml"))
	expect("broken", "fails")
}

// definitionsOfDelivery returns the files with the definitions of the kinds.
func definitionsOfDelivery(t *testing.T) []string {
	t.Helper()
	if dir := os.Getenv("SEAWORTHY_CORPORA"); dir != "" {
		var files []string
		for _, project := range []string{"argo-cd", "radix-flux", "gateway-api-crds"} {
			files = append(files, filepath.Join(dir, project, "00-crds.yaml"))
		}
		return files
	}
	return []string{definitionsOf(t, kube.Applications, kube.GitRepositories, kube.Kustomizations, kube.GatewayClasses, kube.Gateways, kube.HTTPRoutes)}
}
