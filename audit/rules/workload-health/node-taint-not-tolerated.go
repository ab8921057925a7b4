package workloadhealth

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/klog/v2"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var nodeTaintNotTolerated = &audit.Rule{
	ID:       "node-taint-not-tolerated",
	Title:    "No pod tolerates the taint of a node",
	Severity: audit.Low,
	Rationale: "The taint keeps every pod of the cluster off the node: it stands idle, or runs only what was there before. " +
		"Often the value is misspelt on one of the two sides.",
	Remediation: "Compare the taint with the tolerations of the pods that the node is for: key, value and effect. " +
		"If it is for none any more, remove the taint: `kubectl taint nodes NODE KEY-`.",
	Since:    "2",
	Subjects: []kube.Resource{kube.Nodes},
	Reads:    []kube.Resource{kube.Pods},
	Consults: kube.WorkloadResources(),
	Wide:     true,
	Check: eachNode(func(p *audit.Pass, node *corev1.Node) {
		if len(node.Spec.Taints) == 0 || leaving(node) || p.Cluster.Info.Offline {
			p.NotApplicable()
			return
		}
		if p.Cluster.Info.Scope != nil {
			p.Unknown("pods of other namespaces may tolerate its taints")
			return
		}
		judged := false
		for i := range node.Spec.Taints {
			taint := &node.Spec.Taints[i]
			if ofTheMoment(taint) || taint.Effect == corev1.TaintEffectPreferNoSchedule {
				continue
			}
			judged = true
			if tolerated(tolerations.Of(p.Cluster), taint) {
				continue
			}
			p.Report(audit.Finding{
				Path:    fmt.Sprintf("spec.taints[%d]", i),
				Message: "no pod tolerates " + taint.ToString(),
				Detail:  "Neither a pod nor a pod template of the cluster has a toleration that matches it.",
			})
		}
		if !judged {
			p.NotApplicable()
		}
	}),
}

// ofTheMoment reports whether Kubernetes itself sets a taint, and takes it away,
// by the state of the node.
func ofTheMoment(taint *corev1.Taint) bool {
	domain, _, _ := strings.Cut(taint.Key, "/")
	return domain == "node.kubernetes.io" || domain == "node.cloudprovider.kubernetes.io"
}

// tolerations has each toleration that a pod or a pod template of the view has.
var tolerations = kube.Derive(func(c *kube.Cluster) []corev1.Toleration {
	var all []corev1.Toleration
	type what struct {
		key, value string
		operator   corev1.TolerationOperator
		effect     corev1.TaintEffect
	}
	seen := map[what]bool{}
	specs := map[*corev1.PodSpec]bool{}
	add := func(spec *corev1.PodSpec) {
		if len(spec.Tolerations) == 0 || specs[spec] {
			return
		}
		specs[spec] = true
		for _, t := range spec.Tolerations {
			if w := (what{t.Key, t.Value, t.Operator, t.Effect}); !seen[w] {
				seen[w] = true
				all = append(all, t)
			}
		}
	}
	for _, w := range c.Workloads() {
		add(w.Pod.Spec)
	}
	for pod := range c.Pods.All() {
		add(pod.Spec) // admission adds tolerations that templates do not have
	}
	return all
})

// tolerated reports whether one of the tolerations matches a taint.
func tolerated(by []corev1.Toleration, taint *corev1.Taint) bool {
	for i := range by {
		if by[i].ToleratesTaint(klog.Logger{}, taint, true) {
			return true
		}
	}
	return false
}
