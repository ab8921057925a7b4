package platform

import (
	"github.com/seaworthy-dev/seaworthy/kube"
)

func scaling() Capability {
	return Capability{
		ID:    "scaling",
		Title: "Load finds room",
		Level: Recoverable,
		About: "Load comes and nodes go at any hour, and somebody has to add pods and nodes then.",
		Advice: "Have a HorizontalPodAutoscaler or KEDA add pods where load varies, and the Cluster Autoscaler or Karpenter nodes where pods find no room; " +
			"without the latter, keep room for one node's pods.",
		Reads: append([]kube.Resource{
			kube.HorizontalPodAutoscalers, kube.ScaledObjects, kube.VerticalPodAutoscalers, kube.NodePools,
		}, componentResources()...),
		Hidden: "GKE and AKS run the autoscaler of nodes out of sight, and EKS Auto Mode Karpenter",
		Rules:  []string{"hpa-not-functional", "scaled-object-not-ready", "vpa-without-recommendation", "node-pool-not-ready"},
		Others: []string{
			"hpa-at-max", "hpa-target-missing", "vpa-target-missing", "node-pool-at-limit", "node-claim-not-ready",
			"node-loss-not-tolerated", "node-memory-limits-overcommitted",
		},
		Find: func(c *kube.Cluster) []Trace {
			var traces []Trace
			if n := c.HorizontalPodAutoscalers.Len(); n > 0 {
				traces = append(traces, Trace{What: kube.HorizontalPodAutoscalers.Kind, Says: counted(n, "object"), Objects: n})
			}
			for _, of := range []struct {
				what string
				kind kube.Resource
			}{{"KEDA", kube.ScaledObjects}, {kube.VerticalPodAutoscalers.Kind, kube.VerticalPodAutoscalers}, {"Karpenter", kube.NodePools}} {
				if n := c.Custom(of.kind).Len(); n > 0 {
					traces = append(traces, Trace{What: of.what, Says: counted(n, of.kind.Kind), Objects: n})
				}
			}
			// what adds nodes watches for pods that find no room, and the others do what their objects say
			traces = append(traces, running(c, component{what: clusterAutoscaler, images: []string{"autoscaling/cluster-autoscaler"}})...)
			traces = append(traces, installed(c,
				component{what: "KEDA", images: []string{"kedacore/keda"}},
				component{what: "Karpenter", images: []string{"karpenter/controller"}},
				component{what: "VerticalPodAutoscaler", images: []string{"autoscaling/vpa-recommender"}},
			)...)
			return append(traces, elsewhere(c, traces)...)
		},
	}
}

const clusterAutoscaler = "Cluster Autoscaler"

// elsewhere returns what adds nodes and runs out of sight: by the status that the Cluster
// Autoscaler writes, of which the name alone is read, and by labels of nodes.
func elsewhere(c *kube.Cluster, seen []Trace) []Trace {
	var traces []Trace
	found := false
	for _, t := range seen {
		found = found || t.What == clusterAutoscaler
	}
	if _, held := c.ConfigMaps.Get(kube.SystemNamespace, "cluster-autoscaler-status"); held && !found {
		traces = append(traces, Trace{
			What: clusterAutoscaler, Ref: kube.ConfigMaps.Ref(kube.SystemNamespace, "cluster-autoscaler-status"),
			Says: "it writes its status; what that says is not read",
		})
	}
	for n := range c.Nodes.All() {
		if n.Labels["eks.amazonaws.com/compute-type"] == "auto" {
			return append(traces, Trace{What: "EKS Auto Mode", Says: "it adds nodes, and says nothing of how it does"})
		}
	}
	return traces
}
