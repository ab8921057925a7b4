package running

import (
	"cmp"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// How often a liveness probe has to fail, within what, to count without a kill.
const (
	manyFailures  = 3
	failureWindow = 5 * time.Minute
)

var probeLiveness = &triage.Detector{
	ID:    "probe-liveness",
	Title: "A liveness probe fails",
	About: "The kubelet killed a container for its liveness probe (event Killing, \"failed liveness probe\"), or the probe failed at least three times within five minutes (event Unhealthy, by its count and its first and last time), " +
		"not counting what happened while the container may still start (pkg/kubelet/prober; pkg/kubelet/kuberuntime, computePodActions; of sidecars the event does not say that they are restarted). " +
		"It is S2 where it is half of the workload's pods. Without the events it cannot be seen: the status shows an exit 137 or 143 alone. What a command wrote is not shown.",
	Reads: []kube.Resource{kube.Pods, kube.Events},
	Rung:  triage.Revisions,
	Hold:  restartHold,
	Check: func(p *triage.Pass) {
		var found []triage.Signal
		workloads := map[*kube.Workload]int{}
		var of []*kube.Workload
		for _, pod := range p.Living() {
			events := p.PodEvents(pod)
			w, before := p.Cluster.WorkloadOf(pod), len(found)
			for c, status := range triage.Containers(pod) {
				if s, fails := livenessOf(pod, c, status, events); fails {
					found, of = append(found, s), append(of, w)
				}
			}
			if len(found) > before {
				workloads[w]++
			}
		}
		for i, s := range found {
			s.Severity = triage.S3
			if of[i] != nil && half(p, of[i], workloads[of[i]]) {
				s.Severity = triage.S2
			}
			p.Report(s)
		}
	},
}

func livenessOf(pod *kube.Pod, c kube.Container, status *kube.ContainerStatus, events []*corev1.Event) (triage.Signal, bool) {
	s := triage.Signal{Object: pod.Ref(), Container: c.Name}
	failed, how := failureOf(events, c.Name, "liveness")
	s.Raw, s.Cause = said(failed, how), cmp.Or(string(how.Cause), "unsaid")
	if kill := killOf(events, c.Name, message.KilledByLiveness); kill != nil {
		s.Since, s.Until = triage.Began(kill), triage.Happened(kill).Add(restartHold)
		s.Message = "killed" + often(kill) + " by its liveness probe (" + settings(c.LivenessProbe) + ")" + answer(how)
		return s, true
	}
	if failed == nil || triage.Times(failed) < manyFailures {
		return s, false
	}
	first, last := triage.Began(failed), triage.Happened(failed)
	apart := last.Sub(first) / time.Duration(triage.Times(failed)-1)
	if started, runs := status.Running(); !runs || last.Before(started.Add(triage.StartBudget(pod.Spec))) {
		return s, false
	}
	if apart*(manyFailures-1) >= failureWindow {
		return s, false
	}
	s.Since, s.Until = first, last.Add(failureWindow)
	s.Message = "its liveness probe fails (" + settings(c.LivenessProbe) + ")" + answer(how)
	return s, true
}
