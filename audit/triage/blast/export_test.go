package blast

import "github.com/seaworthy-dev/seaworthy/kube"

// Indexes returns the indexes of a view by name, to be compared with those of another.
func Indexes(c *kube.Cluster, namespace string) map[string]any {
	return map[string]any{
		"space": spacesOf.Of(c).in(namespace), "routing": routingOf.Of(c), "volumes": volumesOf.Of(c),
	}
}
