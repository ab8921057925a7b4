package ownership_test

import (
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/ownership"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

func view(t *testing.T, text string) *kube.Cluster {
	t.Helper()
	source := manifest.New([]string{manifest.Stdin}, manifest.Options{Stdin: strings.NewReader(text), Info: &kube.Info{Name: "shop"}})
	c, err := kube.Load(t.Context(), source, nil)
	if err != nil {
		t.Fatal(err)
	}
	if problems := source.Problems(); len(problems) > 0 {
		t.Fatal(problems)
	}
	return c
}

func TestOf(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ metadata, want string }{
		"nobody": {metadata: "labels: {app.kubernetes.io/managed-by: Helm}"},
		"Helm": {
			metadata: "labels: {app.kubernetes.io/managed-by: Helm}, annotations: {meta.helm.sh/release-name: shop, meta.helm.sh/release-namespace: prod}",
			want:     "belongs to Helm release shop in prod: change its values, a patch would be undone",
		},
		"Argo CD by its ID": {
			metadata: `annotations: {argocd.argoproj.io/tracking-id: "teams_shop:apps/Deployment:shop/web"}`,
			want:     "belongs to Argo CD application shop in teams: change what it is made from, a patch would be undone",
		},
		"Argo CD by its label": {
			metadata: "labels: {argocd.argoproj.io/instance: shop}",
			want:     "belongs to Argo CD application shop: change what it is made from, a patch would be undone",
		},
		"Flux": {
			metadata: "labels: {kustomize.toolkit.fluxcd.io/name: apps, kustomize.toolkit.fluxcd.io/namespace: flux-system}",
			want:     "belongs to Flux Kustomization apps in flux-system: change what it is made from, a patch would be undone",
		},
		"Flux with Helm": {
			metadata: "labels: {helm.toolkit.fluxcd.io/name: shop, app.kubernetes.io/managed-by: Helm}, annotations: {meta.helm.sh/release-name: shop}",
			want:     "belongs to Flux HelmRelease shop: change its values, a patch would be undone",
		},
		"an operator": {
			metadata: "ownerReferences: [{apiVersion: shop.example/v1, kind: Shop, name: main, controller: true, uid: a}]",
			want:     "belongs to Shop main: change that, a patch would be undone",
		},
		"what Kubernetes makes": {metadata: "ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: main, controller: true, uid: a}]"},
		"who writes":            {metadata: "managedFields: [{manager: argocd-controller, operation: Apply, apiVersion: v1}]", want: "belongs to Argo CD: change what it is made from, a patch would be undone"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := view(t, "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop, "+tc.metadata+"}\n")
			if got := ownership.Of(c, kube.Services.Ref("shop", "web")).String(); got != tc.want {
				t.Errorf("owner is %q, want %q", got, tc.want)
			}
		})
	}
	if owner := ownership.Of(view(t, "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\n"), kube.Services.Ref("shop", metav1.NamespaceDefault)); !owner.IsZero() {
		t.Errorf("what is not there belongs to %v", owner)
	}
}
