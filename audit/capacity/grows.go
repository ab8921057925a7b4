package capacity

import "github.com/seaworthy-dev/seaworthy/kube"

// Grows returns the name of what adds nodes to the cluster, as far as
// its traces show: labels of Karpenter and of clusters that are run for their
// users, and the status of the cluster autoscaler.
func Grows(c *kube.Cluster) string {
	for n := range c.Nodes.All() {
		switch {
		case n.Labels["karpenter.sh/nodepool"] != "":
			return "Karpenter"
		case n.Labels["eks.amazonaws.com/compute-type"] == "auto":
			return "EKS Auto Mode"
		}
	}
	if _, held := c.ConfigMaps.Get("kube-system", "cluster-autoscaler-status"); held {
		return "the cluster autoscaler"
	}
	for _, w := range c.WorkloadsIn("kube-system") {
		if w.Labels["app.kubernetes.io/name"] == "cluster-autoscaler" || w.Ref.Name == "cluster-autoscaler" {
			return "the cluster autoscaler"
		}
	}
	return ""
}
