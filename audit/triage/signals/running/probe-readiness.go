package running

import (
	"cmp"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

const (
	// unreadyAfter is how long a container that was ready may not be.
	unreadyAfter = time.Minute
	// standbyAfter is after how long replicas that are not ready beside exactly one
	// that is are taken for standbys.
	standbyAfter = time.Hour
)

var probeReadiness = &triage.Detector{
	ID:    "probe-readiness",
	Title: "A container runs and is not ready",
	About: "The pod is not ready (condition Ready, ContainersNotReady), and a container of it runs without being ready: its readiness probe fails, or its startup probe has not succeeded yet. " +
		"One that has just started has as long as its probes allow, a minute at the least; one that was ready has a minute. Pods of Jobs are left out, as KubePodNotReady of kubernetes-mixin does. " +
		"Where exactly one of several replicas has been ready for an hour, and none of the others ever was since it started, they are standbys by design: a note. " +
		"While a rollout gets on it is one too. What a command wrote is not shown.",
	Reads: []kube.Resource{kube.Pods},
	Helps: []kube.Resource{kube.Events},
	Rung:  triage.Revisions,
	Hold:  30 * time.Second,
	Paged: mixinNotReady,
	Check: func(p *triage.Pass) {
		for _, pod := range p.Living() {
			condition, changed, known := triage.Condition(pod, corev1.PodReady)
			if !known || condition.Status != corev1.ConditionFalse || condition.Reason != "ContainersNotReady" {
				continue
			}
			w := p.Cluster.WorkloadOf(pod)
			if w != nil && w.RunsToCompletion() || pod.Owner.Kind == kube.Jobs.Kind {
				continue
			}
			events := p.PodEvents(pod)
			for c, status := range triage.Containers(pod) {
				started, runs := status.Running()
				if !c.LongRunning() || !runs || status.Ready {
					continue
				}
				s := unready(pod, c, events, changed, started.Time)
				// A standby never was ready.
				if standby, since := standbys(p.Cluster, w); standby && !changed.After(started.Time) {
					acute := s
					acute.Until = since.Add(standbyAfter)
					p.Report(acute)
					s.Severity = triage.S4
				}
				p.Report(s)
			}
		}
	},
}

// unready returns the signal of a container that runs since started, in a pod whose
// readiness changed last at changed.
func unready(pod *kube.Pod, c kube.Container, events []*corev1.Event, changed, started time.Time) triage.Signal {
	s := triage.Signal{Object: pod.Ref(), Container: c.Name, Since: changed, After: unreadyAfter, Mild: true}
	if !changed.After(started) { // not ready since it started
		s.Since, s.After = started, triage.StartBudget(pod.Spec)
	}
	failed, how := failureOf(events, c.Name, "readiness")
	s.Message = "runs and is not ready"
	switch {
	case how.Cause != "":
		s.Message += ": its readiness probe fails"
	case c.StartupProbe != nil:
		failed, how = failureOf(events, c.Name, "startup")
		if how.Cause != "" {
			s.Message += ": its startup probe has not succeeded yet"
		}
	}
	s.Message += answer(how)
	s.Cause, s.Raw = cmp.Or(string(how.Cause), "unsaid"), said(failed, how)
	return s
}

// standbys reports whether exactly one of several pods of a workload is ready, and
// since when none of them changed.
func standbys(c *kube.Cluster, w *kube.Workload) (standby bool, since time.Time) {
	if w == nil {
		return false, since
	}
	ready, all := 0, 0
	for _, pod := range c.PodsOf(w) {
		if pod.Finished() || !pod.Deleted().IsZero() {
			continue
		}
		all++
		if pod.Status.Ready {
			ready++
		}
		_, changed, known := triage.Condition(pod, corev1.PodReady)
		if !known {
			return false, since
		}
		if changed.After(since) {
			since = changed
		}
	}
	return all > 1 && ready == 1, since
}
