package upgrade

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/rules/deprecation"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// stages returns what an upgrade goes through, in the order in which one acts.
func stages() []Stage {
	return []Stage{
		{ID: "control-plane", Title: "Before the control plane", Concerns: []Concern{
			removedAPIs(), kubelets(), storedVersions(), aggregatedAPIs(), deadWebhooks(), systemWebhooks(),
		}},
		{ID: "drain", Title: "While nodes are drained", Concerns: []Concern{budgets(), sharedPods(), barePods(), alone()}},
		{ID: "nodes", Title: "Nodes as they come back", Concerns: []Concern{runtimes(), releases()}},
	}
}

func removedAPIs() Concern {
	return Concern{
		ID: "removed-apis", Title: "APIs that go away and are still written", Versioned: true, Detailed: true,
		About:  "What is stored is converted; who sends the old version, a chart or a pipeline, is refused after the upgrade.",
		Advice: "Have who is named write the version that takes its place, and deploy once, before the upgrade.",
		Rules: []Judge{
			{"api-removed-in-next-version", audit.Low},
			{"deprecated-api-used-for-target-version", 0},
			{"api-deprecated", 0},
		},
		Unseen: func(c *kube.Cluster, leap deprecation.Leap) string {
			gone := leap.RemovedUnseen(c)
			if len(gone) == 0 {
				return ""
			}
			return fmt.Sprintf("%s also takes away what is not looked at: %s", leap.To, strings.Join(gone, "; "))
		},
	}
}

// kubelets come before the control plane: it is what leaves them behind.
func kubelets() Concern {
	return Concern{
		ID: "kubelets", Title: "Kubelets that do not fit", Versioned: true,
		About:  "Kubelets may be three minor releases older than the API server, and never newer.",
		Advice: "Upgrade these nodes first, to the release that the API server has now.",
		Rules:  []Judge{{"kubelet-too-old-for-next-version", audit.Low}, {"kubelet-version-skew", audit.Low}},
	}
}

func storedVersions() Concern {
	return Concern{
		ID: "stored-versions", Title: "Objects stored in a version that goes away",
		About:  "The next release of an operator leaves the version out, and its definition is refused, or its objects cannot be read.",
		Advice: "Store the objects anew, and take the version out of status.storedVersions.",
		Rules:  []Judge{{"crd-stored-version-not-served", audit.High}},
	}
}

func aggregatedAPIs() Concern {
	return Concern{
		ID: "aggregated-apis", Title: "Aggregated APIs that do not answer",
		About:  "What asks for all kinds fails or sees a part, and no namespace is deleted.",
		Advice: "Bring back who serves them, or delete the APIService.",
		Rules:  []Judge{{"api-service-unavailable", audit.Low}},
	}
}

func deadWebhooks() Concern {
	return Concern{
		ID: "unanswered-webhooks", Title: "Webhooks that refuse everything",
		About:  "Nobody answers them and they fail closed: pods that a drain evicts are not made again.",
		Advice: "Bring the webhook's pods back, or delete its configuration.",
		Rules:  []Judge{{"admission-webhook-backend-unavailable", audit.Low}},
	}
}

func systemWebhooks() Concern {
	return Concern{
		ID: "system-webhooks", Title: "Webhooks between the cluster and its own parts",
		About:  "They fail closed and see what nodes and the control plane write to get up: when their own pod moves, both wait for each other.",
		Advice: "Leave out kube-system and kube-node-lease by the namespaceSelector, and kinds that it is not for.",
		Rules:  []Judge{{"admission-webhook-intercepts-system", 0}},
	}
}

func budgets() Concern {
	return Concern{
		ID: "budgets", Title: "Budgets that allow no eviction",
		About:  "The drain of a node hangs at each of their pods.",
		Advice: "Allow one pod at a time (maxUnavailable: 1), run one more replica, or mend the pods that are not ready.",
		Rules: []Judge{
			{"pdb-max-unavailable-zero", audit.Low},
			{"pdb-min-available-blocks-drain", audit.Low},
			{"pdb-no-disruptions-allowed-live", audit.Low},
			{"pdb-policy-missing", audit.Low},
			{"pdb-unhealthy-eviction-policy-unset", 0},
		},
	}
}

func sharedPods() Concern {
	return Concern{
		ID: "several-budgets", Title: "Pods that several budgets select",
		About:  "The eviction API answers with an error for each of them.",
		Advice: "Leave one budget for the pods.",
		Rules:  []Judge{{"pod-matched-by-multiple-pdbs", audit.Low}},
	}
}

func barePods() Concern {
	return Concern{
		ID: "bare-pods", Title: "Pods without a controller",
		About:  "kubectl drain refuses a node with one of them unless it is forced to, and then the pod is gone.",
		Advice: "Declare them as the template of a Deployment, or delete them.",
		Rules:  []Judge{{"pod-without-controller", audit.Medium}},
	}
}

func alone() Concern {
	return Concern{
		ID: "single-replicas", Title: "Services that a drain interrupts",
		About:  "Their only pod, or all of their pods on one node, are evicted at once.",
		Advice: "Run two replicas on different nodes, or announce the interruption.",
		Rules:  []Judge{{"single-replica", 0}, {"replicas-on-one-node", 0}},
	}
}

func runtimes() Concern {
	return Concern{
		ID: "container-runtimes", Title: "Container runtimes that the next kubelet does not support", Versioned: true,
		About:  "A kubelet of 1.38 does not start with containerd 1, and the node does not come back.",
		Advice: "Bring nodes up from an image with containerd 2.",
		Rules:  []Judge{{"container-runtime-outdated", audit.High}},
	}
}

func releases() Concern {
	return Concern{
		ID: "releases", Title: "Nodes of several releases, and those that get no more fixes", Versioned: true,
		About:  "An upgrade that was begun and not ended is one that nobody tests with.",
		Advice: "Bring all nodes to the release of the control plane before the next upgrade.",
		Rules:  []Judge{{"kubernetes-version-outdated", 0}},
		Notice: mixture,
	}
}

// mixture says which releases kubelets are of, if they are of several.
func mixture(c *kube.Cluster) []string {
	nodes := map[string]int{}
	for n := range c.Nodes.All() {
		if release := deprecation.Release(n.Status.NodeInfo.KubeletVersion); release != "" {
			nodes[release]++
		}
	}
	if len(nodes) < 2 {
		return nil
	}
	var parts []string
	for _, release := range slices.SortedFunc(maps.Keys(nodes), func(a, b string) int {
		return kube.CompareVersions(kube.Info{Version: a}, kube.Info{Version: b})
	}) {
		parts = append(parts, fmt.Sprintf("%s on %d", release, nodes[release]))
	}
	return []string{"kubelets are of several releases: " + strings.Join(parts, ", ")}
}
