package graph

import "github.com/seaworthy-dev/seaworthy/kube"

// Build makes the graph of a view anew.
func Build(c *kube.Cluster) *Graph { return gather(c, nil).graph() }
