package running

import (
	"cmp"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// killOf returns the newest event by which the kubelet killed a container for a
// probe, nil if there is none.
func killOf(events []*corev1.Event, container string, cause message.KillCause) *corev1.Event {
	return triage.Latest(events, func(e *corev1.Event) bool {
		k := message.Killing(e.Message)
		return k.Cause == cause && k.Container == container
	}, "Killing")
}

// failureOf returns the newest event of a probe of a container that failed, nil if
// there is none. Views keep the newest event of each reason alone: if another probe
// of the pod failed since, this one is not known.
func failureOf(events []*corev1.Event, container, probe string) (*corev1.Event, message.ProbeFailure) {
	e := triage.Latest(events, func(e *corev1.Event) bool {
		f := message.Probe(e.Message)
		return f.Probe == probe && !f.Warning && triage.ContainerOf(e) == container
	}, "Unhealthy")
	if e == nil {
		return nil, message.ProbeFailure{}
	}
	return e, message.Probe(e.Message)
}

// said returns the words of a failed probe, "" where they are the output of a
// program, which may hold anything.
func said(e *corev1.Event, f message.ProbeFailure) string {
	if e == nil || f.Cause == message.ProbeOutput {
		return ""
	}
	return e.Message
}

// answer says how a probe failed, as the end of a message; "" if that is not known.
func answer(f message.ProbeFailure) string {
	switch f.Cause {
	case message.ProbeStatus:
		return fmt.Sprintf(", HTTP status %d", f.Status)
	case message.ProbeRefused:
		return ", nothing listens at its port"
	case message.ProbeTimedOut:
		return ", no answer in time"
	case message.ProbeNetwork:
		return ", it cannot be reached"
	case message.ProbeTLS:
		return ", TLS fails"
	case message.ProbeName:
		return ", its host's name is unknown"
	case message.ProbeUnhealthy:
		return ", gRPC says that it is not serving"
	case message.ProbeUnimplemented:
		return ", it has no gRPC health service"
	case message.ProbeRuntime:
		return ", its command cannot be run"
	case message.ProbeOutput:
		return ", its command or answer says no"
	}
	return ""
}

// settings says how strict a probe is, with the API's defaults: "timeout 1s, 3
// failures 10s apart".
func settings(probe *corev1.Probe) string {
	if probe == nil {
		return "a probe that its spec no longer has"
	}
	return fmt.Sprintf("timeout %ds, %d failures %ds apart",
		max(probe.TimeoutSeconds, 1), cmp.Or(probe.FailureThreshold, 3), cmp.Or(probe.PeriodSeconds, 10))
}

// budget is for how long a startup probe lets a container start.
func budget(probe *corev1.Probe) time.Duration {
	seconds := probe.InitialDelaySeconds + cmp.Or(probe.FailureThreshold, 3)*cmp.Or(probe.PeriodSeconds, 10)
	return time.Duration(seconds) * time.Second
}

// often says how often something happened, "" for once.
func often(e *corev1.Event) string {
	if n := triage.Times(e); n > 1 {
		return fmt.Sprintf(" %d times", n)
	}
	return ""
}

// half reports whether pods are at least half of those of a workload that live.
func half(p *triage.Pass, w *kube.Workload, pods int) bool {
	if w == nil {
		return true
	}
	all := 0
	for _, pod := range p.Cluster.PodsOf(w) {
		if !pod.Finished() && pod.Deleted().IsZero() {
			all++
		}
	}
	return 2*pods >= all
}
