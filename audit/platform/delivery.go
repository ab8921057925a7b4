package platform

import (
	"slices"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// delivery is of the last level: a Deployment that waits for ready pods is a way to deliver,
// too, and one that a small cluster is well run with. What goes back by itself is for those
// who deliver many times a day.
func delivery() Capability {
	return Capability{
		ID:     "progressive-delivery",
		Title:  "A bad version reaches few people",
		Level:  Governed,
		About:  "A version that is ready may still be wrong: who meets it first, and who takes it back, is decided before.",
		Advice: "Deliver what many depend on with Argo Rollouts or Flagger: part of the traffic first, and an analysis that goes back.",
		Reads:  slices.Concat(deliveredKinds(), componentResources()),
		Hidden: "flags in the programs, and load balancers outside of the cluster, choose who meets a version as well",
		Rules:  []string{"rollout-degraded", "canary-failed"},
		Others: []string{"rollout-paused", "canary-stuck", "delivery-without-analysis", "analysis-run-failed"},
		Find: func(c *kube.Cluster) []Trace {
			var traces []Trace
			for _, r := range deliveredKinds() {
				product := "Argo Rollouts"
				if r == kube.Canaries {
					product = "Flagger"
				}
				if n := c.Custom(r).Len(); n > 0 {
					traces = append(traces, Trace{What: product, Says: counted(n, r.Kind), Objects: n})
				}
			}
			return append(traces, installed(c,
				component{what: "Argo Rollouts", images: []string{"argoproj/argo-rollouts"}},
				component{what: "Flagger", images: []string{"fluxcd/flagger", "weaveworks/flagger"}},
				component{what: "OpenKruise Rollouts", images: []string{"openkruise/kruise-rollout"}},
			)...)
		},
	}
}

// deliveredKinds are the kinds of which rules judge each object.
func deliveredKinds() []kube.Resource { return []kube.Resource{kube.Rollouts, kube.Canaries} }
