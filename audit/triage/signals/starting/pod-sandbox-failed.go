package starting

import (
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var podSandboxFailed = &triage.Detector{
	ID:    "pod-sandbox-failed",
	Title: "A pod gets no sandbox",
	About: "The runtime cannot make the sandbox of the pod, in which its network is set up: event FailedCreatePodSandBox, twice at least, or the reason CreatePodSandboxError of its containers " +
		"(pkg/kubelet/kuberuntime). As a rule it is the network plugin of the node, or it has no addresses left. On a new node the plugin is yet to come, so that its first minute does not count.",
	Reads: []kube.Resource{kube.Pods, kube.Events},
	Helps: []kube.Resource{kube.Nodes},
	Rung:  triage.NodeAgents,
	Paged: mixinWaiting,
	Check: func(p *triage.Pass) {
		for _, pod := range p.Living() {
			if pod.Node == "" || anyRuns(pod) || !waits(pod) && sandboxState(pod) == nil {
				continue // it has a sandbox
			}
			e := blocking(p.PodEvents(pod), "FailedCreatePodSandBox")
			said := sandboxState(pod)
			if said == nil && (e == nil || triage.Times(e) < 2) {
				continue
			}
			s := triage.Signal{Object: pod.Ref(), Severity: triage.S2, Since: makingSince(pod)}
			if said != nil {
				s.Raw = said.Message
			}
			if e != nil {
				s.Since, s.Raw = triage.Began(e), e.Message
			}
			if n, ok := p.Cluster.Nodes.Get("", pod.Node); ok && s.Since.Before(n.CreationTimestamp.Add(time.Minute)) {
				s.After = n.CreationTimestamp.Add(2 * time.Minute).Sub(s.Since)
			}
			what := message.Sandbox(s.Raw)
			s.Cause, s.Message = string(what.Kind), sandboxLine(what, pod.Node)
			p.Report(s)
		}
	},
}

// anyRuns reports whether a container of a pod runs: then it has a sandbox. One of a
// node that was started again has run before, and needs another.
func anyRuns(pod *kube.Pod) bool {
	for _, status := range triage.Containers(pod) {
		if _, runs := status.Running(); runs {
			return true
		}
	}
	return false
}

// sandboxState returns what a container says that waits for the sandbox.
func sandboxState(pod *kube.Pod) *corev1.ContainerStateWaiting {
	for _, status := range triage.Containers(pod) {
		if w := status.Waiting(); w != nil && (w.Reason == "CreatePodSandboxError" || w.Reason == "ConfigPodSandboxError") {
			return w
		}
	}
	return nil
}

func sandboxLine(what message.SandboxProblem, node string) string {
	plugin := "network plugin"
	if what.Plugin != "" {
		plugin += " " + what.Plugin
	}
	switch what.Kind {
	case message.NoAddress:
		return plugin + " of node " + node + " has no address left"
	case message.NetworkFailed:
		return plugin + " of node " + node + " fails"
	case message.NetworkUninitialized:
		return "node " + node + " has no network plugin set up"
	case message.PauseImage:
		return "the sandbox's own image cannot be pulled on node " + node
	case message.HandlerMissing:
		return "the runtime of node " + node + " has no handler for its RuntimeClass"
	case message.NameTaken:
		return "the runtime of node " + node + " still has, or is making, a sandbox for it"
	case message.SandboxTimedOut:
		return "the runtime of node " + node + " does not make its sandbox in time"
	case message.RuntimeUnreachable:
		return "the runtime of node " + node + " does not answer"
	default:
		return "its sandbox cannot be made on node " + node
	}
}
