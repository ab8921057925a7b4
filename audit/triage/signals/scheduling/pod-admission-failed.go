package scheduling

import (
	"fmt"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// How many refusals of an owner, within what, are a problem, and how many a loop.
const (
	manyRefusals  = 2
	loopRefusals  = 5
	refusalWindow = 10 * time.Minute
)

var podAdmissionFailed = &triage.Detector{
	ID:    "pod-admission-failed",
	Title: "Kubelets refuse the pods of a workload",
	About: "Pods that were scheduled to a node failed at once, since its kubelet did not admit them: too little is left of a resource (OutOfcpu), the node's labels changed (NodeAffinity), it shuts down, devices or a topology are not to be had " +
		"(pkg/kubelet/kubelet.go, rejectPod and admissionRejectionReasons; the message begins \"Pod was rejected\" in 1.31 and since). " +
		"The owner makes another, so that one is no problem; two within ten minutes are, and five are a loop. What the limit of volumes refuses is another signal.",
	Reads: []kube.Resource{kube.Pods},
	Rung:  triage.Capacity,
	Check: func(p *triage.Pass) {
		refused := map[kube.Ref][]*kube.Pod{}
		var owners []kube.Ref
		for _, pod := range p.Pods() {
			if pod.Status.Phase != corev1.PodFailed || pod.Owner.IsZero() || !notAdmitted(pod) || triage.Ending(p.Cluster, pod.Namespace) {
				continue
			}
			owner := kube.Ref{Group: pod.Owner.Group, Kind: pod.Owner.Kind, Namespace: pod.Namespace, Name: pod.Owner.Name}
			if w := p.Cluster.WorkloadOf(pod); w != nil {
				owner = w.Ref
			}
			if refused[owner] == nil {
				owners = append(owners, owner)
			}
			refused[owner] = append(refused[owner], pod)
		}
		for _, owner := range owners {
			if s, found := refusals(refused[owner]); found {
				s.Object = owner
				p.Report(s)
			}
		}
	},
}

// notAdmitted reports whether the kubelet refused a pod before any of its containers.
func notAdmitted(pod *kube.Pod) bool {
	reason := pod.Status.Reason
	if reason == "VolumeAttachmentLimitExceeded" || triage.Started(pod) {
		return false
	}
	if strings.HasPrefix(pod.Status.Message, "Pod was rejected: ") || strings.HasPrefix(reason, "OutOf") {
		return true
	}
	return slices.Contains([]string{ // of 1.37, and of before the message said so
		"AppArmor", "PodOSSelectorNodeLabelDoesNotMatch", "PodOSNotSupported", "InvalidNodeInfo", "InitContainerRestartPolicyForbidden",
		"SupplementalGroupsPolicyNotSupported", "UnexpectedAdmissionError", "UnknownReason", "UnexpectedPredicateFailureType",
		"PodLevelResourcesNotSupported", "PodFeatureUnsupported", "SysctlForbidden", "TopologyAffinityError", "NodeShutdown", "NodeAffinity",
		"EmptyPodSharedPoolError",
	}, reason)
}

// refusals returns the newest series of refusals of one owner.
func refusals(pods []*kube.Pod) (triage.Signal, bool) {
	at := func(pod *kube.Pod) time.Time { return triage.Placed(pod) }
	times := make([]time.Time, len(pods))
	for i, pod := range pods {
		times[i] = at(pod)
	}
	since, until, found := triage.Burst(times, manyRefusals, refusalWindow)
	if !found {
		return triage.Signal{}, false
	}
	s := triage.Signal{Since: since, Until: until, Severity: triage.S3}
	if _, loopUntil, loops := triage.Burst(times, loopRefusals, refusalWindow); loops && !loopUntil.Before(since) {
		s.Severity = triage.S2
	}
	count := 0
	var nodes, reasons []string
	for _, pod := range pods {
		if at(pod).Before(since.Add(-refusalWindow)) {
			continue
		}
		count++
		s.Raw = pod.Status.Message
		if !slices.Contains(nodes, pod.Node) {
			nodes = append(nodes, pod.Node)
		}
		if !slices.Contains(reasons, pod.Status.Reason) {
			reasons = append(reasons, pod.Status.Reason)
		}
	}
	slices.Sort(reasons)
	slices.Sort(nodes)
	s.Cause = causeOf(reasons)
	where := fmt.Sprintf("on %d nodes", len(nodes))
	if len(nodes) == 1 {
		where = "on node " + nodes[0]
		s.Keys = []triage.Key{{Kind: triage.ByNode, Name: nodes[0]}}
	}
	s.Message = fmt.Sprintf("the kubelet refused %d of its pods %s: %s", count, where, join(reasons))
	return s, true
}

// causeOf makes a slug of the reasons of refusals.
func causeOf(reasons []string) string {
	switch {
	case len(reasons) > 1:
		return "several"
	case strings.HasPrefix(reasons[0], "OutOf"):
		return "capacity"
	case reasons[0] == "NodeAffinity" || strings.HasPrefix(reasons[0], "PodOS"):
		return "selector"
	case reasons[0] == "NodeShutdown":
		return "node-shutdown"
	case reasons[0] == "TopologyAffinityError" || reasons[0] == "EmptyPodSharedPoolError" || reasons[0] == "UnexpectedAdmissionError":
		return "devices"
	case reasons[0] == "Evicted":
		return "node-condition"
	}
	return "unsupported"
}
