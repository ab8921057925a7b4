package platform

import (
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/ownership"
	"github.com/seaworthy-dev/seaworthy/kube"
)

func gitops() Capability {
	return Capability{
		ID:     "gitops",
		Title:  "What runs is what is in Git",
		Level:  Governed,
		About:  "Changes are reviewed before they are made, and a lost cluster is made again from what is written down.",
		Advice: "Have Argo CD or Flux apply what is in Git, and let people change that instead of the cluster.",
		Reads:  slices.Concat(deliveries(), []kube.Resource{kube.Namespaces}, componentResources()),
		Rules:  []string{"argocd-out-of-sync", "flux-not-ready"},
		Others: []string{"helm-release-failed", "gitops-manual-change"},
		Find: func(c *kube.Cluster) []Trace {
			var traces []Trace
			for _, r := range deliveries() {
				product := "Flux"
				if r == kube.Applications {
					product = "Argo CD"
				}
				if n := c.Custom(r).Len(); n > 0 {
					traces = append(traces, Trace{What: product, Says: counted(n, r.Kind), Objects: n})
				}
			}
			traces = append(traces, tracked(c)...)
			return append(traces, installed(c,
				component{what: "Argo CD", images: []string{"argoproj/argocd"}},
				component{what: "Fleet", images: []string{"rancher/fleet-agent"}},
				component{what: "Flux", images: []string{"fluxcd/kustomize-controller", "fluxcd/helm-controller", "fluxcd/source-controller"}},
			)...)
		},
	}
}

// deliveries are the resources that say what is to be applied, and where it is from.
func deliveries() []kube.Resource {
	return []kube.Resource{kube.Applications, kube.Kustomizations, kube.HelmReleases, kube.GitRepositories, kube.OCIRepositories}
}

// tracked returns how many workloads bear the mark of who applies them. Where nothing else
// shows, that is done from another cluster, which may stop without anybody seeing it here.
func tracked(c *kube.Cluster) []Trace {
	of := map[string]int{}
	for _, namespace := range c.NamespaceNames() {
		for _, w := range c.WorkloadsIn(namespace) {
			if m, ok := w.Object.(metav1.Object); ok {
				of[ownership.Marked(m).Tool]++
			}
		}
	}
	var traces []Trace
	for _, tool := range []string{ownership.ArgoCD, ownership.Fleet, ownership.Flux} {
		if n := of[tool]; n > 0 {
			traces = append(traces, Trace{What: tool, Says: counted(n, "workload") + " with its mark"})
		}
	}
	return traces
}
