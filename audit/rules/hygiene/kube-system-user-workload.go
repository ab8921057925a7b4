package hygiene

import (
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var kubeSystemUserWorkload = &audit.Rule{
	ID:       "kube-system-user-workload",
	Title:    "A workload in kube-system that is not known to be the cluster's own",
	Severity: audit.Info,
	Rationale: "Whoever may change workloads in kube-system can take over the cluster. Every program more that lives there is a " +
		"reason more to let somebody in, and policies often leave the namespace out.",
	Remediation: "Move it into a namespace of its own. If it is a part of the cluster, give it the priority class that says so " +
		"(system-cluster-critical or system-node-critical).",
	Controls: []string{"NSA"},
	Since:    "2",
	Subjects: kube.WorkloadResources(),
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		switch {
		case w.Ref.Namespace != "kube-system":
			p.NotApplicable()
		case ofTheCluster(w):
		default:
			p.Report(audit.Finding{
				Path:    "metadata.namespace",
				Message: "it lives in kube-system and does not look like a part of the cluster",
				Detail: "It has no system priority class, is not a static pod, and bears no label by which add-on managers and " +
					"distributions mark what is theirs.",
			})
		}
	}),
}

// ofTheCluster reports whether a workload looks like a part of the cluster: by
// its priority, because a node made it, or by what it is marked with. An object
// of an operator is the operator's.
func ofTheCluster(w *kube.Workload) bool {
	if strings.HasPrefix(w.Pod.Spec.PriorityClassName, "system-") || !w.Controller.IsZero() {
		return true
	}
	if pod, bare := w.Object.(*kube.Pod); bare && pod.Owner.Kind == kube.Nodes.Kind {
		return true
	}
	for _, set := range []map[string]string{w.Labels, w.Pod.Labels, w.Annotations} {
		if set["tier"] == "control-plane" || slices.ContainsFunc(markedByDistributions(), func(key string) bool {
			_, marked := set[key]
			return marked
		}) {
			return true
		}
	}
	return false
}

// markedByDistributions are the labels and annotations of add-ons.
func markedByDistributions() []string {
	return []string{
		"k8s-app", "kubernetes.io/cluster-service", "addonmanager.kubernetes.io/mode", "eks.amazonaws.com/component",
		"kubernetes.azure.com/managedby", "components.gke.io/component-name", "objectset.rio.cattle.io/owner-name",
		"helmcharts.helm.cattle.io/chart",
	}
}
