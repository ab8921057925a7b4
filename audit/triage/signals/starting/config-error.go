package starting

import (
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var configError = &triage.Detector{
	ID:    "config-error",
	Title: "A container lacks its configuration",
	About: "A container waits for CreateContainerConfigError: its environment refers to a ConfigMap, Secret or key that does not exist, or its user may not be root and is, or is not known not to be " +
		"(pkg/kubelet/kuberuntime, generateContainerConfig). Since when is told by the event Failed, or else by when it could have been made.",
	Reads: []kube.Resource{kube.Pods},
	Helps: []kube.Resource{kube.Events},
	Rung:  triage.Configuration,
	After: 15 * time.Second,
	Paged: mixinWaiting,
	Check: func(p *triage.Pass) {
		for _, pod := range p.Living() {
			for c, status := range triage.Containers(pod) {
				waiting := status.Waiting()
				if waiting == nil || waiting.Reason != "CreateContainerConfigError" {
					continue
				}
				what := message.Config(waiting.Message)
				s := triage.Signal{
					Object: pod.Ref(), Least: triage.S3, Container: c.Name, Cause: string(what.Kind), Raw: waiting.Message,
					Message: lackLine(what), Keys: lacking(pod.Namespace, what),
				}
				if what.Kind == message.UnparsedConfig {
					s.Message = "its configuration cannot be made"
				}
				s.Since, s.Estimated = failedSince(p, pod, status)
				p.Report(s)
			}
		}
	},
}

// failedSince returns since when a container is not made: since the event Failed
// that first said so, or since it could have been made at the earliest. What could
// not be started is tried again and again, as what crashes is.
func failedSince(p *triage.Pass, pod *kube.Pod, status *kube.ContainerStatus) (since time.Time, estimated bool) {
	since = makingSince(pod)
	events := p.PodEvents(pod)
	if ended := status.LastTerminated(); startFailed(ended) {
		return triage.CrashingSince(pod, status, ended, events)
	} else if ended != nil && ended.FinishedAt.After(since) {
		since = ended.FinishedAt.Time
	}
	for _, e := range events {
		if e.Reason == "Failed" && triage.ContainerOf(e) == status.Name && !triage.Began(e).Before(since) {
			return triage.Began(e), false
		}
	}
	return since, true
}
