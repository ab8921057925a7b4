package hygiene

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	scheduling "k8s.io/component-helpers/scheduling/corev1"
	"k8s.io/klog/v2"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var nodeAffinityMissing = &audit.Rule{
	ID:       "node-affinity-missing",
	Title:    "Pods may land on nodes of different platforms",
	Severity: audit.Info,
	Rationale: "The cluster has nodes of more than one architecture or operating system, and the workload does not say which it is for. " +
		"If its images are not built for all of them, some of its pods fail with `exec format error`, by chance.",
	Remediation: "See which platforms the images have (`docker manifest inspect`). If it is one, say so in nodeSelector: kubernetes.io/arch or kubernetes.io/os. " +
		"If it is all, accept the finding.",
	Since:    "2",
	Subjects: kube.WorkloadResources(),
	Reads:    []kube.Resource{kube.Nodes},
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		kinds := nodeKinds.Of(p.Cluster)
		if len(kinds) == 0 || w.Pod.Spec.NodeName != "" {
			p.NotApplicable()
			return
		}
		affinity := w.Pod.Spec.Affinity
		if len(w.Pod.Spec.NodeSelector) > 0 || affinity != nil && affinity.NodeAffinity != nil {
			return
		}
		if pod, bare := w.Object.(*kube.Pod); bare && pod.Node != "" {
			p.NotApplicable() // it is where it is
			return
		}
		var platforms []string
		for i := range kinds {
			_, repelled := scheduling.FindMatchingUntoleratedTaint(klog.Logger{}, kinds[i].taints, w.Pod.Spec.Tolerations, nil, true)
			if !repelled && !slices.Contains(platforms, kinds[i].platform) {
				platforms = append(platforms, kinds[i].platform)
			}
		}
		if len(platforms) > 1 {
			p.Report(audit.Finding{
				Path:    w.Field("affinity"),
				Message: "its pods may land on nodes of " + strings.Join(platforms, " and "),
				Detail:  fmt.Sprintf("It has neither a nodeSelector nor a node affinity, and tolerates the taints of nodes of %d platforms.", len(platforms)),
			})
		}
	}),
}

// nodeKind is what nodes have in common for pods that do not choose by labels.
type nodeKind struct {
	platform string // "linux/amd64"
	taints   []corev1.Taint
}

// nodeKinds has the kinds of nodes of a cluster, by platform; none for a cluster
// of one platform.
var nodeKinds = kube.Derive(func(c *kube.Cluster) []nodeKind {
	var kinds []nodeKind
	seen, platforms := map[string]bool{}, map[string]bool{}
	for node := range c.Nodes.All() {
		kind := nodeKind{platform: node.Labels[corev1.LabelOSStable] + "/" + node.Labels[corev1.LabelArchStable]}
		if kind.platform == "/" {
			continue
		}
		key := []string{kind.platform}
		for _, taint := range node.Spec.Taints {
			if taint.Effect == corev1.TaintEffectPreferNoSchedule || strings.HasPrefix(taint.Key, "node.kubernetes.io/") {
				continue // it keeps nobody off, or not for long
			}
			kind.taints = append(kind.taints, taint)
			key = append(key, taint.ToString())
		}
		platforms[kind.platform] = true
		if alike := strings.Join(key, " "); !seen[alike] {
			seen[alike] = true
			kinds = append(kinds, kind)
		}
	}
	if len(platforms) < 2 {
		return nil
	}
	slices.SortStableFunc(kinds, func(a, b nodeKind) int { return strings.Compare(a.platform, b.platform) })
	return kinds
}).From(kube.Nodes)
