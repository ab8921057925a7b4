package platform

import (
	"cmp"

	"github.com/seaworthy-dev/seaworthy/kube"
)

func upgrades() Capability {
	return Capability{
		ID:     "upgrades",
		Title:  "Supported versions, and a way to the next",
		Level:  Maintained,
		About:  "A version that gets no more fixes keeps the holes it has, and one that nobody can leave is such a version soon.",
		Advice: "Move to a version that gets fixes, a minor version at a time.",
		Reads:  []kube.Resource{kube.Nodes},
		Rules:  []string{"kubernetes-version-outdated", "kubelet-version-skew"},
		Others: []string{
			"api-removed-in-next-version", "api-server-emulated-version", "deprecated-api-used-for-target-version",
			"kubelet-too-old-for-next-version", "container-runtime-outdated", "crd-stored-version-not-served",
			"api-service-unavailable", "admission-webhook-backend-unavailable", "admission-webhook-intercepts-system",
			"pdb-max-unavailable-zero", "pdb-min-available-blocks-drain", "pdb-no-disruptions-allowed-live", "pod-matched-by-multiple-pdbs",
		},
		Find: func(c *kube.Cluster) []Trace {
			if c.Info.Offline {
				return nil
			}
			return []Trace{{What: "Kubernetes", Says: cmp.Or(c.Info.Version, "the server did not say its version")}}
		},
	}
}
