package running

import (
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// endingOf says what the end of a container means, by its status and the events of
// its pod. Whether the node ran out of memory is left to the node's own signal:
// events about nodes are in another namespace.
func endingOf(p *triage.Pass, pod *kube.Pod, c kube.Container, ended *corev1.ContainerStateTerminated) message.Ending {
	t := message.Termination{Code: ended.ExitCode, Signal: ended.Signal, Reason: ended.Reason, MemoryLimit: message.No, Deleting: message.No}
	if memoryLimit(pod, c) != "" {
		t.MemoryLimit = message.Yes
	}
	if _, blind := p.Cluster.Blind(kube.Events, pod.Namespace); !blind {
		t.Events = message.Yes
	}
	t.Probe = probeBefore(p, pod, c.Name, ended.FinishedAt.Time)
	return message.Exit(t)
}

// memoryLimit returns the limit of memory of a container, its own or that of the
// pod as a whole (KEP-2837); "" if there is none.
func memoryLimit(pod *kube.Pod, c kube.Container) string {
	if limit, ok := c.Resources.Limits[corev1.ResourceMemory]; ok {
		return limit.String()
	}
	if pod.Spec.Resources != nil {
		if limit, ok := pod.Spec.Resources.Limits[corev1.ResourceMemory]; ok {
			return limit.String()
		}
	}
	return ""
}

// probeBefore returns the probe for which the kubelet killed a container shortly
// before it ended: within the grace period, and some seconds for the event.
func probeBefore(p *triage.Pass, pod *kube.Pod, container string, ended time.Time) message.KillCause {
	grace := int64(corev1.DefaultTerminationGracePeriodSeconds)
	if pod.Spec.TerminationGracePeriodSeconds != nil {
		grace = *pod.Spec.TerminationGracePeriodSeconds
	}
	latest := time.Duration(grace)*time.Second + 15*time.Second
	for _, e := range p.PodEvents(pod) {
		if e.Reason != "Killing" {
			continue
		}
		kill := message.Killing(e.Message)
		if kill.Container != container || kill.Cause != message.KilledByLiveness && kill.Cause != message.KilledByStartup {
			continue
		}
		if after := ended.Sub(triage.Happened(e)); after > -15*time.Second && after < latest {
			return kill.Cause
		}
	}
	return ""
}

// ranFor returns how long a container ran before it ended, zero if that is not known.
func ranFor(ended *corev1.ContainerStateTerminated) time.Duration {
	if ended.StartedAt.IsZero() || ended.FinishedAt.IsZero() {
		return 0
	}
	return max(ended.FinishedAt.Sub(ended.StartedAt.Time), 0)
}

// endLine says how a container ends, as part of a message: "exits 1 after 4s".
func endLine(ending message.Ending, ended *corev1.ContainerStateTerminated, limit string) string {
	after := ""
	if !ended.StartedAt.IsZero() && !ended.FinishedAt.IsZero() {
		after = " after " + triage.Span(ranFor(ended))
	}
	switch ending.Kind {
	case message.ContainerMemory:
		return "runs out of memory at its limit of " + limit + after
	case message.NodeMemory, message.Memory:
		return "is killed for memory, without a limit of its own," + after
	case message.ProbeKilled:
		return "is killed for a probe" + after
	case message.NotStarted:
		return "cannot be started"
	case message.StatusLost:
		return "was lost by the node or its runtime"
	case message.KilledUnknown:
		return "is killed, nobody knows by whom," + after
	default:
		return fmt.Sprintf("exits %d%s", ended.ExitCode, after)
	}
}
