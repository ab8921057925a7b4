package ownership_test

import (
	"testing"

	"github.com/seaworthy-dev/seaworthy/audit/ownership"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// What an object is made from is told as far as the view has it, and no password with it.
func TestSourceOfOwner(t *testing.T) {
	t.Parallel()
	const (
		byArgo = `annotations: {argocd.argoproj.io/tracking-id: "shop:apps/Deployment:shop/web"}`
		byFlux = "labels: {kustomize.toolkit.fluxcd.io/name: apps, kustomize.toolkit.fluxcd.io/namespace: flux-system}"
		byHelm = "labels: {app.kubernetes.io/managed-by: Helm, helm.sh/chart: podinfo-6.5.0}, annotations: {meta.helm.sh/release-name: shop}"
		hosted = "labels: {helm.toolkit.fluxcd.io/name: shop, helm.toolkit.fluxcd.io/namespace: apps}"
		argo   = "---\napiVersion: argoproj.io/v1alpha1\nkind: Application\n"
		flux   = "---\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: apps, namespace: flux-system}\n"
		git    = "---\napiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: config, namespace: flux-system}\nspec: {url: \"ssh://git@git.example/config\"}\n"
		hr     = "---\napiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: shop, namespace: apps}\n"
	)
	tests := map[string]struct{ metadata, others, want string }{
		"Helm":                             {byHelm, "", "chart podinfo-6.5.0"},
		"Argo CD, without its application": {byArgo, "", ""},
		"Argo CD": {
			byArgo, argo + "metadata: {name: shop, namespace: argocd}\nspec: {source: {repoURL: \"https://me:secret@git.example/config.git\", path: apps/shop, targetRevision: main}}\n",
			"path apps/shop at main of https://git.example/config.git",
		},
		"Argo CD with several sources": {
			byArgo, argo + "metadata: {name: shop, namespace: argocd}\nspec: {sources: [{repoURL: \"https://charts.example\", chart: podinfo, targetRevision: 6.5.0}, {repoURL: \"https://git.example/values\", path: shop}]}\n",
			"chart podinfo at 6.5.0 of https://charts.example, path shop of https://git.example/values",
		},
		"two applications of that name": {
			byArgo, argo + "metadata: {name: shop, namespace: a}\nspec: {source: {path: a}}\n" + argo + "metadata: {name: shop, namespace: b}\nspec: {source: {path: b}}\n", "",
		},
		"an application of another form":        {byArgo, argo + "metadata: {name: shop, namespace: argocd}\nspec: {source: none}\n", ""},
		"Flux":                                  {byFlux, flux + "spec: {path: ./apps, sourceRef: {kind: GitRepository, name: config}}\n" + git, "path ./apps of GitRepository config, ssh://git.example/config"},
		"Flux without a path or its repository": {byFlux, flux + "spec: {sourceRef: {kind: Bucket, name: config}}\n" + git, "path ./ of Bucket config"},
		"Flux with Helm":                        {hosted, hr + "spec: {chart: {spec: {chart: podinfo, version: 6.x, sourceRef: {kind: HelmRepository, name: charts}}}}\n", "chart podinfo 6.x of HelmRepository charts"},
		"Flux with Helm by a reference":         {hosted, hr + "spec: {chartRef: {kind: OCIRepository, name: podinfo}}\n", "OCIRepository podinfo"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := view(t, "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop, "+test.metadata+"}\n"+test.others)
			if got := ownership.Of(c, kube.Services.Ref("shop", "web")).Source; got != test.want {
				t.Errorf("it is made from %q, want %q", got, test.want)
			}
		})
	}
}
