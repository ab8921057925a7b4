package ownership_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/ownership"
)

func configMap(name, metadata string) string {
	return "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + ", namespace: shop, " + metadata + "}\n"
}

func by(manager string) string {
	return "managedFields: [{manager: " + manager + `, operation: Update, apiVersion: v1, time: "2026-01-01T08:00:00Z"}]`
}

func TestInventory(t *testing.T) {
	t.Parallel()
	c := view(t, edited(argo, replicas)+
		configMap("applied", by("kubectl-client-side-apply"))+
		configMap("browsed", by("k9s"))+
		configMap("built", by("my-pipeline"))+
		configMap("chart", "labels: {app.kubernetes.io/managed-by: Helm}, annotations: {meta.helm.sh/release-name: shop}, "+by("helm"))+
		configMap("cloud", by("HashiCorp"))+
		configMap("code", by("pulumi-kubernetes-1a2b"))+
		configMap("addon", "labels: {addonmanager.kubernetes.io/mode: Reconcile}, "+by("kubectl-client-side-apply"))+
		configMap("once", "labels: {addonmanager.kubernetes.io/mode: EnsureExists}, "+by("kubectl-client-side-apply"))+
		configMap("kapp", `labels: {kapp.k14s.io/app: "1700000000"}`)+
		configMap("root", by("kube-controller-manager"))+
		configMap("written-down", ""))
	items := ownership.Inventory(c)
	var got []string
	for _, i := range items {
		got = append(got, fmt.Sprintf("%s: %s, %s, %d changes", i.Ref.Name, i.Standing, i.By, len(i.Changes)))
	}
	want := []string{
		"web: delivered, Argo CD, 1 changes",
		"applied: by hand, kubectl, 0 changes",
		"browsed: by hand, k9s, 0 changes",
		"once: by hand, kubectl, 0 changes",
		"built: program, my-pipeline, 0 changes",
		"addon: managed, addon manager, 0 changes",
		"chart: managed, Helm, 0 changes",
		"cloud: managed, Terraform, 0 changes",
		"code: managed, Pulumi, 0 changes",
		"kapp: managed, kapp, 0 changes",
		"root: kubernetes, kubernetes, 0 changes",
		"written-down: unknown, , 0 changes",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	groups := ownership.Groups(items)
	if first := (ownership.Group{By: "kubectl", Standing: ownership.Hand, Objects: 2}); groups[0] != first {
		t.Errorf("the largest group is %v, want %v", groups[0], first)
	}
	if second := (ownership.Group{By: "Argo CD", Standing: ownership.Delivered, Objects: 1, Changed: 1}); groups[1] != second {
		t.Errorf("then comes %v, want %v", groups[1], second)
	}
	if len(groups) != 11 {
		t.Errorf("there are %d groups", len(groups))
	}
}
