package cause

import (
	"cmp"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// probePatterns are why probes fail.
func probePatterns() []*Pattern { return []*Pattern{livenessProbe, slowStart, downstream} }

var livenessProbe = &Pattern{
	ID: "liveness-probe", Family: "probe", Title: "a liveness probe is too strict, or the program hangs",
	Signals: []string{"probe-liveness"}, Mechanism: change.ProbeFailure,
	Speaks:      "the kubelet says that the liveness probe fails (decisive); the rollout changed the probe (structural), and when (temporal); the revision before serves (contrast); exit 137 or 143 without OOM, a timeout of 1 s, an autoscaler at its maximum (weak)",
	Contradicts: "the container ends by itself (−35); all of it is on one node (−35)",
	Unchecked:   "the logs of the container: whether it hangs, or is merely slow",
	gate:        func(*inquiry, *subject) bool { return true },
	weigh: func(q *inquiry, s *subject, w *weighing) {
		w.isDecisive("the kubelet says: %s", s.signal.Message)
		if d, changed := q.difference(s.workload, change.ProbeFailure, change.Probe); changed {
			w.isStructural("the rollout changed %s", d)
		}
		q.contrast(s, w)
		w.isTemporal(q, q.best(change.ProbeFailure, rolledOut(s.workload)))
		if ended := s.ended(); ended != nil {
			switch {
			case ended.Reason != "OOMKilled" && (ended.ExitCode == 137 || ended.ExitCode == 143):
				w.isWeak("its container ended with %d, without running out of memory", ended.ExitCode)
			case ended.ExitCode != 0:
				w.strongly("its container ended by itself, with exit code %d", ended.ExitCode)
			}
		}
		if p := probeOf(s, func(c kube.Container) *corev1.Probe { return c.LivenessProbe }); p != nil && p.TimeoutSeconds <= 1 {
			w.isWeak("the probe waits for one second only")
		}
		for _, x := range q.anywhere("hpa-maxed") {
			if s.workload != nil && x.Workload == s.workload.Ref {
				w.isWeak("%s", sentenceOf(x))
			}
		}
		if found := q.spread(s); found.oneNode() {
			w.strongly("all of it is on node %s", found.nodes[0])
		}
	},
	title: func(q *inquiry, s *subject) string {
		if _, changed := q.difference(s.workload, change.ProbeFailure, change.Probe); changed {
			return "the liveness probe of " + s.name() + ", which the rollout changed, kills it"
		}
		return "the liveness probe of " + s.name() + " kills it: too strict, or the program hangs"
	},
	fix: func(q *inquiry, s *subject) string {
		if _, changed := q.difference(s.workload, change.ProbeFailure, change.Probe); changed {
			return "Set the probe back to what it was, or go back to the revision before."
		}
		return "Give the probe a longer timeout and more failures, and a startup probe for slow starts; if the program hangs, mend that."
	},
	commands: func(q *inquiry, s *subject) []Command {
		all := []Command{q.describe(orPod(s), "the probe, and what it got, in the events")}
		if _, changed := q.difference(s.workload, change.ProbeFailure, change.Probe); changed {
			all = append(all, q.rollback(s.workload)...)
		}
		if s.pod == nil {
			return append(all, q.podsOrNone(s)...)
		}
		return append(all, q.usage(s.pod), q.previousLogs(s))
	},
}

var slowStart = &Pattern{
	ID: "slow-start", Family: "probe", Title: "it starts more slowly than its startup probe allows",
	Signals: []string{"probe-startup"}, Mechanism: change.ProbeFailure,
	Speaks:      "the kubelet says that the startup probe fails (decisive); it was killed when the probe's budget was used up (structural); the rollout (temporal); its node is less than an hour old (weak)",
	Contradicts: "it ends earlier, by itself (−35)",
	Unchecked:   "the logs of the container: what it waits for",
	gate:        func(*inquiry, *subject) bool { return true },
	weigh: func(q *inquiry, s *subject, w *weighing) {
		w.isDecisive("the kubelet says: %s", s.signal.Message)
		allowed := startupBudget(s)
		if ended := s.ended(); ended != nil && allowed > 0 && !ended.StartedAt.IsZero() {
			switch run := ended.FinishedAt.Sub(ended.StartedAt.Time); {
			case run+10*time.Second < allowed:
				w.strongly("it ended after %s by itself, and had %s", triage.Span(run), triage.Span(allowed))
			case run < allowed+2*time.Minute:
				w.isStructural("it was killed after %s, when the %s that the probe allows were over", triage.Span(run), triage.Span(allowed))
			}
		}
		q.contrast(s, w)
		w.isTemporal(q, q.best(change.ProbeFailure, rolledOut(s.workload)))
		if n, ok := q.Cluster.Nodes.Get("", s.node); ok && q.Since.Sub(n.CreationTimestamp.Time) < time.Hour {
			w.isWeak("its node %s is new: nothing is cached there", s.node)
		}
	},
	title: func(_ *inquiry, s *subject) string {
		return s.name() + " needs longer to start than the " + triage.Span(startupBudget(s)) + " of its startup probe"
	},
	fix: func(_ *inquiry, s *subject) string {
		return "Raise failureThreshold of the startup probe of container " + s.container + "; a CPU limit may be what makes it slow."
	},
	commands: func(q *inquiry, s *subject) []Command {
		if s.pod == nil {
			return q.podsOrNone(s)
		}
		return []Command{
			q.get(s.pod.Ref(), "what the probe allows", "-o", "jsonpath={.spec.containers[*].startupProbe}"),
			q.logs(s, "how far it gets", "--since=10m"),
			q.describe(s.pod.Ref(), "when it was started and killed"),
		}
	},
}

var downstream = &Pattern{
	ID: "downstream", Family: "probe", Title: "what it depends on is down, and its readiness probe asks for that",
	Signals: []string{"probe-readiness"}, Mechanism: change.ProbeFailure, Logs: true,
	Speaks:      "a Service that it names has no endpoints (structural); all its pods fail, on several nodes, without a rollout (contrast); a status of 5xx, or no answer in time (weak)",
	Contradicts: "nothing listens: that is the program itself (−35); some of its pods are ready (no such cause)",
	Unchecked:   "the logs of the container, and what is outside of the cluster",
	gate: func(q *inquiry, s *subject) bool {
		return s.workload != nil && q.serving(s.workload) == 0
	},
	weigh: func(q *inquiry, s *subject, w *weighing) {
		is := q.split(s.workload)
		down := q.dependencies(s.workload)
		for _, service := range down {
			w.isStructural("%s names %s, which has no endpoints", s.name(), service)
		}
		rollout := q.best(change.ProbeFailure, rolledOut(s.workload))
		switch {
		case rollout != nil && rollout.Contrast != change.Acquitted:
			w.hardly("a rollout may explain it as well: %s", rollout.Change.Title)
		case is.newest.hit > 1:
			w.isContrast("all %d pods fail at once, and nothing was rolled out", is.newest.hit)
		}
		switch message.ProbeCause(s.signal.Cause) {
		case message.ProbeRefused:
			w.strongly("nothing listens at the port: that is the program itself")
		case message.ProbeStatus, message.ProbeTimedOut, message.ProbeUnhealthy:
			w.isWeak("the kubelet says: %s", s.signal.Message)
		default:
		}
		if len(down) == 0 {
			w.hardly("no Service that it names is known to be down")
		}
	},
	title: func(q *inquiry, s *subject) string {
		if down := q.dependencies(s.workload); len(down) > 0 {
			return s.name() + " is not ready because " + down[0].Short() + " has no endpoints"
		}
		return s.name() + " is not ready because of something that it depends on"
	},
	fix: func(q *inquiry, s *subject) string {
		text := "Bring back what it depends on"
		if down := q.dependencies(s.workload); len(down) > 0 {
			text = "Bring " + down[0].String() + " back"
		}
		return text + "; then let the readiness probe of " + s.name() + " ask for nothing but itself."
	},
	commands: func(q *inquiry, s *subject) []Command {
		var all []Command
		for _, service := range q.dependencies(s.workload) {
			all = append(all, q.slices(service.Namespace, service.Name, "whether the Service that it names has endpoints"))
			break
		}
		all = append(all, q.describe(orPod(s), "what its readiness probe gets"))
		if s.pod != nil {
			all = append(all, q.logs(s, "what it waits for", "--since=10m"))
		}
		return append(all, q.podsOrNone(s)...)
	},
}

// probeOf returns a probe of the subject's container, nil if it has none.
func probeOf(s *subject, of func(kube.Container) *corev1.Probe) *corev1.Probe {
	c, ok := s.containerOf()
	if !ok {
		return nil
	}
	return of(c)
}

// startupBudget is for how long the startup probe lets the subject start, zero if it
// has none. The defaults are those of the API.
func startupBudget(s *subject) time.Duration {
	p := probeOf(s, func(c kube.Container) *corev1.Probe { return c.StartupProbe })
	if p == nil {
		return 0
	}
	return time.Duration(p.InitialDelaySeconds+cmp.Or(p.FailureThreshold, 3)*cmp.Or(p.PeriodSeconds, 10)) * time.Second
}

// quantity reads a quantity as the API writes it.
func quantity(text string) (resource.Quantity, error) { return resource.ParseQuantity(text) }
