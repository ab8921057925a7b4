package main

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/ownership"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
)

// TestChangesByHandOfACluster edits what Argo CD delivered, as a real server writes that
// down: which field, by whom, and when. Then Argo CD takes it back.
func TestChangesByHandOfACluster(t *testing.T) {
	t.Parallel()
	testbed := kubetest.StartTestbed(t, kubetest.TestbedOptions{})
	deliver(t, testbed, 2)
	expectRules(t, testbed, "as it was delivered", map[string]string{"gitops-manual-change": "passes"})
	if got := itemOf(t, testbed); got.Standing != ownership.Delivered || got.Owner.Title() != "Argo CD application shop" || len(got.Changes) > 0 {
		t.Errorf("as it was delivered, it is %s of %s with the changes %v", got.Standing, got.Owner.Title(), got.Changes)
	}

	// The server dates by the second: an edit is later than the delivery in the next one,
	// and has its date when another field comes to it.
	var changes []ownership.Change
	for i := 0; len(changes) == 0; i++ {
		edit(t, testbed, "kubectl-edit", map[string]any{
			"metadata": map[string]any{"labels": map[string]string{fmt.Sprintf("edit-%d", i): ""}},
			"spec":     map[string]any{"replicas": 7},
		})
		changes = itemOf(t, testbed).Changes
	}
	if diff := cmp.Diff([]string{"spec.replicas"}, changes[0].Fields); diff != "" || changes[0].Manager != "kubectl-edit" || changes[0].At.IsZero() {
		t.Errorf("%s changed at %s (-want +got):\n%s", changes[0].Manager, changes[0].At, diff)
	}
	expectRules(t, testbed, "edited", map[string]string{"gitops-manual-change": "fails"})

	deliver(t, testbed, 2)
	expectRules(t, testbed, "delivered again", map[string]string{"gitops-manual-change": "passes"})
}

const edited = "/apis/apps/v1/namespaces/shop/deployments/web"

// deliver applies a Deployment as Argo CD does, and takes back what others changed.
func deliver(t *testing.T, testbed *kubetest.Testbed, replicas int) {
	t.Helper()
	client := testbed.Client(t)
	client.Must(t, kubetest.Call{
		Method: http.MethodPatch, Path: "/api/v1/namespaces/shop?fieldManager=argocd-controller",
		Header: map[string][]string{"Content-Type": {"application/apply-patch+yaml"}},
		Body:   map[string]any{"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]string{"name": "shop"}},
	}, nil)
	labels := map[string]string{"app": "web"}
	client.Must(t, kubetest.Call{
		Method: http.MethodPatch, Path: edited + "?fieldManager=argocd-controller&force=true",
		Header: map[string][]string{"Content-Type": {"application/apply-patch+yaml"}},
		Body: map[string]any{
			"apiVersion": "apps/v1", "kind": "Deployment",
			"metadata": map[string]any{"name": "web", "annotations": map[string]string{"argocd.argoproj.io/tracking-id": "shop:apps/Deployment:shop/web"}},
			"spec": map[string]any{
				"replicas": replicas, "selector": map[string]any{"matchLabels": labels},
				"template": map[string]any{
					"metadata": map[string]any{"labels": labels},
					"spec":     map[string]any{"containers": []map[string]string{{"name": "web", "image": "shop/web:1"}}},
				},
			},
		},
	}, nil)
}

func edit(t *testing.T, testbed *kubetest.Testbed, manager string, body map[string]any) {
	t.Helper()
	testbed.Client(t).Must(t, kubetest.Call{
		Method: http.MethodPatch, Path: edited + "?fieldManager=" + manager,
		Header: map[string][]string{"Content-Type": {"application/merge-patch+json"}}, Body: body,
	}, nil)
}

// itemOf returns what the inventory of a cluster says of the Deployment.
func itemOf(t *testing.T, testbed *kubetest.Testbed) ownership.Item {
	t.Helper()
	for _, item := range ownership.Inventory(viewOf(t, testbed, reader()...)) {
		if item.Ref == kube.Deployments.Ref("shop", "web") {
			return item
		}
	}
	t.Fatal("the inventory does not have the Deployment")
	return ownership.Item{}
}
