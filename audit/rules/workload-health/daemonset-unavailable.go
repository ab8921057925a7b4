package workloadhealth

import (
	"fmt"

	appsv1 "k8s.io/api/apps/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var daemonsetUnavailable = &audit.Rule{
	ID:       "daemonset-unavailable",
	Title:    "A DaemonSet does not run on every node that it should",
	Severity: audit.High,
	Rationale: "DaemonSets do what every node needs: its network, its storage, its logs. " +
		"Pods on a node without it fail in ways that do not show the cause.",
	Remediation: "Look at the pods that are not ready, and at the events of the DaemonSet where pods are missing. " +
		"Pods on nodes that are not ready are not counted here: the node is what to look at.",
	Since:    "2",
	Subjects: []kube.Resource{kube.DaemonSets},
	Reads:    []kube.Resource{kube.Pods},
	Consults: []kube.Resource{kube.Nodes, kube.Events},
	Timed:    true,
	Parameters: []audit.Parameter{{
		Name:  "graceMinutes",
		About: "For how many minutes a pod may not be ready: new nodes and rollouts take that long.",
		Value: 5,
	}},
	Check: eachOf([]kube.Resource{kube.DaemonSets}, func(p *audit.Pass, w *kube.Workload) {
		d, ok := w.Object.(*appsv1.DaemonSet)
		switch {
		case !ok || d.Status.ObservedGeneration == 0 && d.Status.DesiredNumberScheduled == 0:
			p.NotApplicable()
			return
		case d.Status.ObservedGeneration < d.Generation:
			p.Unknown(stale)
			return
		}
		judgeUnavailable(p, w, d)
		judgeMissing(p, w, d)
		if d.Status.NumberMisscheduled > 0 {
			p.Report(audit.Finding{
				Severity: audit.Low, // it runs where it is not needed any more
				Path:     w.Field("nodeSelector"),
				Message:  fmt.Sprintf("%d of its pods run on nodes that it is not meant for", d.Status.NumberMisscheduled),
				Detail:   "The labels or taints of nodes have changed since the pods were started there.",
			})
		}
	}),
}

// judgeUnavailable reports pods that have not been ready for a while on nodes
// that are.
func judgeUnavailable(p *audit.Pass, w *kube.Workload, d *appsv1.DaemonSet) {
	if d.Status.NumberUnavailable == 0 {
		return
	}
	count := 0
	var example *kube.Pod
	implied := ""
	for _, pod := range p.Cluster.PodsOf(w) {
		if pod.Status.Ready || pod.Finished() || !pod.Deleted().IsZero() || pod.Status.Phase == "" || onUnreadyNode(p.Cluster, pod) ||
			!p.Cluster.Lasted(unreadyPodSince(pod), p.Number("graceMinutes")) {
			continue
		}
		count++
		if example == nil {
			example, implied = pod, causeOf(pod)
		} else if implied != causeOf(pod) {
			implied = ""
		}
	}
	if count == 0 {
		return
	}
	f := audit.Finding{
		Message: fmt.Sprintf("it is not available on %d of %d nodes", count, d.Status.DesiredNumberScheduled),
		Detail: fmt.Sprintf("Pod %s on node %s has not been ready since %s.",
			example.Name, example.Node, kube.Moment(unreadyPodSince(example))),
		Implied: implied,
	}
	if example.Node == "" {
		f.Detail = fmt.Sprintf("Pod %s waits for its node since %s.", example.Name, kube.Moment(unreadyPodSince(example)))
	}
	p.Report(f)
}

// judgeMissing reports pods that the controller does not get created. How long
// they have been missing no field says; that it is refused them, an event does.
func judgeMissing(p *audit.Pass, w *kube.Workload, d *appsv1.DaemonSet) {
	missing := d.Status.DesiredNumberScheduled - d.Status.CurrentNumberScheduled
	if missing <= 0 {
		return
	}
	refused := refusal(p.Cluster, w.Ref)
	if refused == nil {
		if state, blind := p.Cluster.Blind(kube.Events, w.Ref.Namespace); blind {
			p.Unknown(fmt.Sprintf("pods are missing, and why cannot be told: %s are %s", state.Resource, state.Phase))
		}
		return
	}
	p.Report(audit.Finding{
		Path:    w.Pod.Path,
		Message: fmt.Sprintf("its pods cannot be created on %d of %d nodes", missing, d.Status.DesiredNumberScheduled),
		Detail:  "The controller says: " + quote(refused.Message),
	})
}

// onUnreadyNode reports whether a pod is on a node that is known not to be ready.
func onUnreadyNode(c *kube.Cluster, pod *kube.Pod) bool {
	node, held := c.Nodes.Get("", pod.Node)
	return held && !nodeReady(node)
}
