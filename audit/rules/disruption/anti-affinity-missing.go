package disruption

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var antiAffinityMissing = &audit.Rule{
	ID:       "anti-affinity-missing",
	Title:    "Replicas are not kept apart",
	Severity: audit.Low,
	Rationale: "The scheduler spreads pods only as far as it suits it. " +
		"With all replicas on one node, the loss of that node is an outage, however many there are.",
	Remediation: "Add a topologySpreadConstraint, or podAntiAffinity, over kubernetes.io/hostname and, in several zones, " +
		"topology.kubernetes.io/zone, with a selector that matches the pods' own labels.",
	Since:    "1",
	Subjects: kube.ScaledResources(),
	Reads:    []kube.Resource{kube.HorizontalPodAutoscalers, kube.PersistentVolumeClaims},
	Consults: []kube.Resource{kube.Namespaces},
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		replicas, ok := replicated(p.Cluster, w)
		if !ok || tiedToOneNode(p.Cluster, w) {
			p.NotApplicable()
			return
		}
		if isSpread(p.Cluster, w) {
			return
		}
		f := audit.Finding{
			Path:    w.Field("topologySpreadConstraints"),
			Message: fmt.Sprintf("nothing keeps its %d replicas on different nodes", replicas),
			Detail:  "Neither a topologySpreadConstraint nor podAntiAffinity selects the labels of its own pods.",
		}
		if selector := w.LabelSelector(); selector != nil {
			f.Fixes = []audit.Fix{{
				Title: "prefer different nodes for its replicas",
				Edits: []audit.Edit{spreadOverNodes(w, selector)},
				Risk:  "The pods are replaced once, as by any change of the template.",
			}}
		}
		p.Report(f)
	}),
}

// spreadOverNodes adds a wish, not a demand, so that no pod stays pending
// where there are few nodes.
func spreadOverNodes(w *kube.Workload, selector *metav1.LabelSelector) audit.Edit {
	return audit.Edit{Op: audit.Append, Path: w.Field("topologySpreadConstraints"), Value: map[string]any{
		"maxSkew":           int64(1),
		"topologyKey":       corev1.LabelHostname,
		"whenUnsatisfiable": string(corev1.ScheduleAnyway),
		"labelSelector":     selector,
	}}
}
