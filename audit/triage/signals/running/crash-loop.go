package running

import (
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var crashLoop = &triage.Detector{
	ID:    "crash-loop",
	Title: "A container crashes again and again",
	About: "The container waits in CrashLoopBackOff, or it was restarted at least twice, ran for less than ten minutes each time, and runs again: between two waits a crash loop looks like a container that runs. " +
		"It is over when a run lasts for ten minutes, by when the kubelet has forgotten its back-off (pkg/kubelet/kuberuntime; kubernetes.io, Pod Lifecycle, container restarts). " +
		"That its last end was less than ten minutes ago is not asked for: the back-off alone may take five of them. One restart is no loop, nor is a container that crashed after a long run. " +
		"While a Job may restart it (spec.backoffLimit) the Job decides. When it began is told by the event BackOff, or else worked out from the number of restarts and the waits of 10, 20, 40 … 300 s. " +
		"Init containers are a signal of their own, and so is what the runtime could not start.",
	Reads: []kube.Resource{kube.Pods},
	Helps: []kube.Resource{kube.Events, kube.Jobs},
	Rung:  triage.Revisions,
	Hold:  restartHold,
	Paged: mixinNotReady,
	Check: func(p *triage.Pass) {
		for _, pod := range p.Living() {
			if retried(p, pod) {
				continue
			}
			for c, status := range triage.Containers(pod) {
				if !c.LongRunning() {
					continue
				}
				ended, until, loops := looping(pod, c, status)
				if !loops || ended != nil && (ended.Reason == "StartError" || ended.Reason == "ContainerCannotRun") {
					continue
				}
				s := triage.Signal{
					Object: pod.Ref(), Least: triage.S3, Container: c.Name, Cause: "unsaid", Until: until,
					Message: "waits to be started again, how it ended is not known" + times(status.Restarts),
				}
				if ended != nil {
					ending := endingOf(p, pod, c, ended)
					s.Cause, s.Raw = string(ending.Kind), ended.Message
					s.Message = endLine(ending, ended, memoryLimit(pod, c)) + times(status.Restarts)
				}
				s.Since, s.Estimated = triage.CrashingSince(pod, status, ended, p.PodEvents(pod))
				p.Report(s)
			}
		}
	},
}

// times says how often a container was restarted, as the end of a message.
func times(restarts int32) string {
	switch restarts {
	case 0:
		return ""
	case 1:
		return ", 1 restart"
	}
	return fmt.Sprintf(", %d restarts", restarts)
}

// looping reports whether a container is in a crash loop, how it ended last, nil if
// that is not known, and until when it is in one if nothing changes.
func looping(pod *kube.Pod, c kube.Container, status *kube.ContainerStatus) (ended *corev1.ContainerStateTerminated, until time.Time, loops bool) {
	last := status.LastTerminated()
	if waiting := status.Waiting(); waiting != nil {
		return last, until, waiting.Reason == backOff
	}
	if status.Restarts < 2 {
		return nil, until, false
	}
	if now := status.Terminated(); now != nil && triage.Restarts(pod, c, now) && ranFor(now) < restartHold {
		return now, until, true
	}
	if started, runs := status.Running(); runs && last != nil && ranFor(last) < restartHold {
		return last, started.Add(restartHold), true
	}
	return nil, until, false
}

// retried reports whether a Job has yet to run out of retries. The API's default
// is six, and more than that is a loop by any measure.
func retried(p *triage.Pass, pod *kube.Pod) bool {
	if pod.Owner.Kind != kube.Jobs.Kind {
		return false
	}
	limit := int32(6)
	if job, ok := p.Cluster.Jobs.Get(pod.Namespace, pod.Owner.Name); ok && job.Spec.BackoffLimit != nil {
		limit = min(limit, *job.Spec.BackoffLimit)
	}
	restarts := int32(0)
	for _, status := range triage.Containers(pod) {
		restarts += status.Restarts
	}
	return restarts < limit
}
