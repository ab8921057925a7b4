package running

import (
	"slices"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// For how long an OOM is a problem, and for how long it is worth a note.
const (
	oomAcute = time.Hour
	oomShown = 24 * time.Hour
)

// oomReason is what containerd and CRI-O give where the kernel killed a process of
// the container for memory.
const oomReason = "OOMKilled"

var oomKilled = &triage.Detector{
	ID:    "oom-killed",
	Title: "A container ran out of memory",
	About: "The container ended, now or before its last restart, with the reason OOMKilled: the kernel killed a process of it for memory. Its exit code says nothing of that; " +
		"a 137 without the reason may be anybody's SIGKILL. One is S3; a second one of the workload within an hour is S2, and all replicas of what a Service sends traffic to is S1. " +
		"After an hour without another it is a note, and after a day nothing: what runs since then is well. " +
		"Without a limit of its own it was the node, or a group above it, that had no memory left; whether a container with a limit fell to its node all the same is told by the signal of the node. A pod of a Job that has succeeded since is none.",
	Reads: []kube.Resource{kube.Pods},
	Helps: []kube.Resource{kube.Services, kube.Events, kube.Jobs},
	Rung:  triage.Revisions,
	Hold:  restartHold,
	Check: func(p *triage.Pass) {
		killed := outOfMemory(p)
		for i := range killed {
			k := &killed[i]
			ending := endingOf(p, k.pod, k.container, k.ended)
			at := k.ended.FinishedAt.Time
			s := triage.Signal{
				Object: k.pod.Ref(), Container: k.container.Name, Cause: string(ending.Kind), Raw: k.ended.Message,
				Since: at, Severity: oomSeverity(p, killed, k),
				Message: endLine(ending, k.ended, memoryLimit(k.pod, k.container)) + times(k.status.Restarts),
			}
			if k.twice {
				s.Since, s.Estimated = triage.CrashingSince(k.pod, k.status, k.ended, p.PodEvents(k.pod))
			}
			if at.IsZero() {
				p.Report(s)
				continue
			}
			note := s
			s.Until = at.Add(oomAcute)
			p.Report(s)
			note.Until, note.Severity = at.Add(oomShown), triage.S4
			p.Report(note)
		}
	},
}

// victim is a container that was killed for memory.
type victim struct {
	pod       *kube.Pod
	workload  *kube.Workload
	container kube.Container
	status    *kube.ContainerStatus
	ended     *corev1.ContainerStateTerminated // the newest such end
	twice     bool                             // both ends that are known
}

func outOfMemory(p *triage.Pass) []victim {
	var killed []victim
	for _, pod := range p.Pods() {
		if past(p.Cluster, pod) {
			continue
		}
		for c, status := range triage.Containers(pod) {
			v := victim{pod: pod, container: c, status: status}
			is, was := status.Terminated(), status.LastTerminated()
			isOOM, wasOOM := is != nil && is.Reason == oomReason, was != nil && was.Reason == oomReason
			switch {
			case isOOM:
				v.ended, v.twice = is, wasOOM
			case wasOOM:
				v.ended = was
				waiting := status.Waiting()
				v.twice = waiting != nil && waiting.Reason == backOff && status.Restarts >= 2
			default:
				continue
			}
			v.workload = p.Cluster.WorkloadOf(pod)
			killed = append(killed, v)
		}
	}
	return killed
}

// past reports whether it is of no consequence any more how a pod ended: it is being
// deleted, its owner has made another, or its Job has succeeded all the same.
func past(c *kube.Cluster, pod *kube.Pod) bool {
	if !pod.Deleted().IsZero() || pod.Status.Phase == corev1.PodSucceeded || triage.Tombstone(pod) || triage.Ending(c, pod.Namespace) {
		return true
	}
	job, ok := c.Jobs.Get(pod.Namespace, pod.Owner.Name)
	return ok && pod.Owner.Kind == kube.Jobs.Kind && slices.ContainsFunc(job.Status.Conditions, func(c batchv1.JobCondition) bool {
		return c.Type == batchv1.JobComplete && c.Status == corev1.ConditionTrue
	})
}

// oomSeverity weighs one by the others of its workload within an hour of it.
func oomSeverity(p *triage.Pass, killed []victim, k *victim) triage.Severity {
	near := map[string]bool{}
	for i := range killed {
		other := &killed[i]
		apart := other.ended.FinishedAt.Sub(k.ended.FinishedAt.Time).Abs()
		if other == k || k.workload != nil && other.workload == k.workload && apart <= oomAcute {
			near[other.pod.Name] = true
		}
	}
	severity := triage.S3
	if len(near) > 1 || k.twice {
		severity = triage.S2
	}
	if k.workload == nil || len(near) < 2 || len(p.Cluster.ServicesSelecting(k.workload)) == 0 {
		return severity
	}
	for _, pod := range p.Cluster.PodsOf(k.workload) {
		if !pod.Finished() && pod.Deleted().IsZero() && !near[pod.Name] {
			return severity
		}
	}
	return triage.S1
}
