package workloadhealth

import (
	"fmt"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	scheduling "k8s.io/component-helpers/scheduling/corev1"
	"k8s.io/component-helpers/scheduling/corev1/nodeaffinity"
	"k8s.io/klog/v2"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var nodeSelectorMatchesNoNode = &audit.Rule{
	ID:       "node-selector-matches-no-node",
	Title:    "No node is one that the pods may run on",
	Severity: audit.High,
	Rationale: "Each new pod waits for a node that does not exist. Those that run already stay, " +
		"so that it shows only at the next restart, rollout or run.",
	Remediation: "Compare nodeSelector and the required node affinity with `kubectl get nodes --show-labels`, and the tolerations with the nodes' taints. " +
		"Correct what is misspelt, or label a node.",
	Since:    "2",
	Subjects: kube.WorkloadResources(),
	Reads:    []kube.Resource{kube.Nodes},
	Consults: []kube.Resource{kube.ConfigMaps, kube.CustomResourceDefinitions},
	Wide:     true,
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		if p.Cluster.Nodes.Len() == 0 || !placed(w) {
			p.NotApplicable()
			return
		}
		spec := corev1.PodSpec{NodeSelector: w.Pod.Spec.NodeSelector, Affinity: w.Pod.Spec.Affinity, Tolerations: w.Pod.Spec.Tolerations}
		asked, err := spec.Marshal()
		if err != nil {
			p.Unknown("what it asks of nodes cannot be encoded")
			return
		}
		found := choices.Of(p.Cluster, string(asked))
		if found.fits {
			return
		}
		if why := mayBring(p.Cluster); why != "" {
			p.Unknown(why)
			return
		}
		f := audit.Finding{Path: w.Pod.Path, Message: "no node matches its node selector and affinity"}
		if len(w.Pod.Spec.NodeSelector) > 0 {
			f.Path = w.Field("nodeSelector")
		} else if w.Pod.Spec.Affinity != nil {
			f.Path = w.Field("affinity.nodeAffinity")
		}
		f.Detail = fmt.Sprintf("None of %d nodes bears the labels that the pods ask for.", p.Cluster.Nodes.Len())
		if found.matching > 0 {
			f.Path = w.Field("tolerations")
			f.Message = "it tolerates the taints of no node"
			f.Detail = fmt.Sprintf("Of %d nodes, %d would do, and each has a taint that the pods do not tolerate, one of them %s.",
				p.Cluster.Nodes.Len(), found.matching, found.taint)
		}
		p.Report(f)
	}),
}

// choice is which nodes pods may run on.
type choice struct {
	fits     bool // there is one
	matching int  // those that selector and affinity match, if none fits
	taint    string
}

// choices has them by what pods ask of nodes, an encoded pod spec with nothing
// else: the workloads that are meant for one pool of nodes all ask the same.
var choices = kube.DeriveFor(func(c *kube.Cluster, asked string) choice {
	var spec corev1.PodSpec
	var found choice
	if err := spec.Unmarshal([]byte(asked)); err != nil {
		return found // it was encoded a moment ago
	}
	wanted := nodeaffinity.NewRequiredNodeAffinity(spec.NodeSelector, spec.Affinity)
	for node := range c.Nodes.All() {
		if matches, err := wanted.Match(node); err != nil || !matches {
			continue
		}
		found.matching++
		taint, repelled := scheduling.FindMatchingUntoleratedTaint(klog.Logger{}, node.Spec.Taints, spec.Tolerations, lasting, true)
		if !repelled {
			return choice{fits: true}
		}
		found.taint = taint.ToString()
	}
	return found
}).From(kube.Nodes)

// placed reports whether the scheduler is still to find nodes for pods of a
// workload, and none would be a mistake: DaemonSets for hardware that a cluster
// does not have are installed everywhere.
func placed(w *kube.Workload) bool {
	if w.PerNode() || w.Pod.Spec.NodeName != "" || w.Replicas != nil && *w.Replicas == 0 {
		return false
	}
	switch o := w.Object.(type) {
	case *kube.Pod:
		return o.Node == ""
	case *batchv1.Job:
		return !suspended(o.Spec.Suspend) && jobCondition(o, batchv1.JobComplete) == nil && jobCondition(o, batchv1.JobFailed) == nil
	case *batchv1.CronJob:
		return !suspended(o.Spec.Suspend)
	}
	return true
}

// lasting reports whether a taint keeps pods off a node, and not only because of
// the state that the node is in.
func lasting(taint *corev1.Taint) bool {
	return taint.Effect != corev1.TaintEffectPreferNoSchedule && !ofTheMoment(taint)
}

// mayBring says why a node that matches may yet come, "" if nothing would bring
// one: an autoscaler knows kinds of nodes of which there are none at the moment.
func mayBring(c *kube.Cluster) string {
	for _, crd := range [...]string{"nodepools.karpenter.sh", "provisioners.karpenter.sh"} {
		if _, installed := c.Custom(kube.CustomResourceDefinitions).Get("", crd); installed {
			return "Karpenter may bring a node that matches"
		}
	}
	if _, runs := c.ConfigMaps.Get(system, "cluster-autoscaler-status"); runs {
		return "the cluster autoscaler may bring a node that matches"
	}
	for _, needed := range [...]kube.Resource{kube.CustomResourceDefinitions, kube.ConfigMaps} {
		if state, blind := c.Blind(needed, system); blind && state.Phase != kube.Absent {
			return fmt.Sprintf("whether an autoscaler brings nodes cannot be told: %s: %s", needed, state.Phase)
		}
	}
	return ""
}

// system is where the cluster autoscaler writes its status.
const system = "kube-system"
