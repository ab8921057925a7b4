package cause

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// jobPatterns are why Jobs fail.
func jobPatterns() []*Pattern { return []*Pattern{jobFails} }

var jobFails = &Pattern{
	ID: "job-fails", Family: "job", Title: "a Job fails by its code or its data",
	Signals: []string{"job-failed"}, Mechanism: change.Crash, Logs: true,
	Speaks:      "the Job says why it gave up (decisive); all its pods end with the same exit code (structural), or of memory (decisive, and needs no logs); Jobs of the same CronJob succeeded before (contrast); its template or configuration changed (temporal)",
	Contradicts: "pods of it were disrupted: evicted, preempted, their node drained (−35); some of them ran out of memory, and not all (−10)",
	Unchecked:   "the logs of its pods",
	gate:        func(*inquiry, *subject) bool { return true },
	weigh: func(q *inquiry, s *subject, w *weighing) {
		w.isDecisive("the Job says: %s", s.signal.Message)
		ends := q.ends(s.signal.Object)
		switch {
		case len(ends.codes) == 1 && ends.pods > 1:
			for code := range ends.codes {
				w.isStructural("all %d pods that are left ended with exit code %d", ends.pods, code)
			}
		case len(ends.codes) > 1:
			w.hardly("its pods ended in %d different ways", len(ends.codes))
		}
		if ends.pods == 0 {
			w.unknown("how its pods ended: none of them is left")
		}
		if ends.disrupted > 0 {
			w.strongly("%d of its pods were disrupted from outside", ends.disrupted)
		}
		switch ends.memory {
		case 0:
		case ends.pods:
			w.proved = true
			w.isDecisive("the kernel killed all %d for memory (OOMKilled)", ends.memory)
		default:
			w.hardly("%d of its containers ran out of memory, and not all", ends.memory)
		}
		if q.succeeded(s.signal.Object) {
			w.isContrast("earlier Jobs of %s succeeded", s.signal.Workload.Short())
		}
		w.isTemporal(q, q.best(change.Crash, func(r *change.Ranked) bool {
			return r.Change.Object == s.signal.Workload || q.ofConfiguration(s.workload)(r)
		}))
	},
	title: func(q *inquiry, s *subject) string {
		ends := q.ends(s.signal.Object)
		if ends.memory > 0 && ends.memory == ends.pods {
			return s.signal.Object.Short() + " runs out of memory each time"
		}
		if len(ends.codes) == 1 {
			for code := range ends.codes {
				return fmt.Sprintf("%s fails alike each time (exit code %d): its code or its data", s.signal.Object.Short(), code)
			}
		}
		return s.signal.Object.Short() + " fails by its code or its data"
	},
	fix: func(q *inquiry, s *subject) string {
		if ends := q.ends(s.signal.Object); ends.memory > 0 && ends.memory == ends.pods {
			return "Raise the memory limit of " + s.signal.Object.Short() + ", or let it work on less at once; then start it again."
		}
		return "Mend what " + s.signal.Object.Short() + " runs, then start it again; a podFailurePolicy stops at once what no retry can help."
	},
	commands: func(q *inquiry, s *subject) []Command {
		job := s.signal.Object
		return []Command{
			q.logsOf(job, "what it wrote before it ended", "--tail=50"),
			q.describe(job, "how often it was tried, and why it gave up"),
			q.list(kube.Pods, job.Namespace, "how each of its pods ended", "-l", "batch.kubernetes.io/job-name="+job.Name),
		}
	},
}

// endings are how the pods of a Job ended.
type endings struct {
	codes                   map[int32]bool // that are not zero
	pods, disrupted, memory int
}

func (q *inquiry) ends(job kube.Ref) endings {
	found := endings{codes: map[int32]bool{}}
	for _, pod := range q.Cluster.Pods.In(job.Namespace) {
		if pod.Owner.Kind != kube.Jobs.Kind || pod.Owner.Name != job.Name {
			continue
		}
		if said, _, known := triage.Condition(pod, corev1.DisruptionTarget); known && said.Status == corev1.ConditionTrue {
			found.disrupted++
		}
		ended := false
		for i := range pod.Status.Containers {
			last := pod.Status.Containers[i].Terminated()
			if last == nil {
				last = pod.Status.Containers[i].LastTerminated()
			}
			if last == nil || last.ExitCode == 0 {
				continue
			}
			ended = true
			found.codes[last.ExitCode] = true
			if last.Reason == "OOMKilled" {
				found.memory++
			}
		}
		if ended {
			found.pods++
		}
	}
	return found
}

// succeeded reports whether an earlier Job of the same CronJob ended well.
func (q *inquiry) succeeded(job kube.Ref) bool {
	of, ok := q.Cluster.Jobs.Get(job.Namespace, job.Name)
	if !ok {
		return false
	}
	cron := ""
	for _, o := range of.OwnerReferences {
		if o.Kind == kube.CronJobs.Kind {
			cron = o.Name
		}
	}
	for _, other := range q.Cluster.Jobs.In(job.Namespace) {
		if cron == "" || other.Name == of.Name || other.Status.CompletionTime == nil || !other.CreationTimestamp.Before(&of.CreationTimestamp) {
			continue
		}
		for _, o := range other.OwnerReferences {
			if o.Kind == kube.CronJobs.Kind && o.Name == cron {
				return true
			}
		}
	}
	return false
}
