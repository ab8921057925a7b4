package cause

import (
	"fmt"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/blast"
	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// releasePatterns are why containers end by themselves.
func releasePatterns() []*Pattern { return []*Pattern{badRelease, configOrDependency} }

var badRelease = &Pattern{
	ID: "bad-release", Family: "release", Title: "a new revision is broken",
	Signals: []string{"crash-loop", "create-error", "init-stuck", "probe-readiness"}, Mechanism: change.Crash, Logs: true,
	Speaks: "the newest revision fails while the one before serves (contrast); what the rollout changed (structural), and when (temporal); exit codes 1, 2, 126, 127 (weak); " +
		"the runtime cannot start it, or a probe that the rollout changed fails (decisive, and needs no logs)",
	Contradicts: "the revision before fails as well (veto); all of it is on one node (−35); it runs out of memory (−10)",
	Unchecked:   "the logs of the container",
	gate: func(q *inquiry, s *subject) bool {
		if s.workload == nil || s.workload.RunsToCompletion() {
			return false
		}
		is := q.split(s.workload)
		return is.newest.hit > 0 && (is.onlyNewest || q.lastRollout(s.workload, change.Crash) != nil)
	},
	weigh: func(q *inquiry, s *subject, w *weighing) {
		is := q.split(s.workload)
		if is.both {
			w.veto()
			return
		}
		q.contrast(s, w)
		if is.newest.hit < is.newest.all && is.newest.well > 0 {
			w.hardly("%d pods of %s serve", is.newest.well, is.newest.name())
		}
		if d, changed := q.difference(s.workload, change.Crash); changed {
			w.isStructural("the rollout changed %s", d)
		}
		w.isTemporal(q, q.best(change.Crash, rolledOut(s.workload)))
		q.endings(s, w)
		if found := q.spread(s); found.oneNode() {
			w.strongly("all of it is on node %s", found.nodes[0])
		}
	},
	title: func(q *inquiry, s *subject) string {
		is := q.split(s.workload)
		if is.newest.number != "" {
			return "the new revision " + is.newest.number + " of " + s.name() + " is broken"
		}
		return "the new revision of " + s.name() + " is broken"
	},
	fix: func(q *inquiry, s *subject) string {
		is, by := q.split(s.workload), ""
		if inOrder(s.workload) {
			by = "; its broken pod has to be deleted as well, since a StatefulSet waits for it to become ready"
		}
		if is.onlyNewest {
			return "Go back to " + is.old.name() + ", which serves" + by + ". Then mend the new one."
		}
		return "Go back to the revision before, if it was healthy" + by + ". Then mend the new one."
	},
	commands: func(q *inquiry, s *subject) []Command {
		look := q.describe(orPod(s), "its state and its events")
		if s.pod != nil && s.ended() != nil && s.signal.Detector.ID != "create-error" {
			look = q.previousLogs(s)
		}
		back := q.rollback(s.workload)
		if len(back) > 0 && s.pod != nil && inOrder(s.workload) {
			back = append(back, q.remove(s.pod))
		}
		return append(append([]Command{look}, back...), q.podsOrNone(s)...)
	},
}

// inOrder reports whether a workload is a StatefulSet that waits for each pod before it
// goes on: a revision that never became ready then stays, even after the template went
// back (https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback).
func inOrder(w *kube.Workload) bool {
	set, ok := w.Object.(*appsv1.StatefulSet)
	return ok && set.Spec.PodManagementPolicy != appsv1.ParallelPodManagement
}

// endings notes what the way in which a container fails says of a new revision.
func (q *inquiry) endings(s *subject, w *weighing) {
	switch id := s.signal.Detector.ID; {
	case id == "create-error":
		w.proved = true
		w.isDecisive("the runtime cannot start it: %s", clip(message.Scrub(s.signal.Raw)))
	case id == "probe-readiness":
		if d, changed := q.difference(s.workload, change.ProbeFailure, change.Probe); changed {
			w.proved = true
			w.isDecisive("the kubelet says that its readiness probe fails, and the rollout changed it: %s", d)
		}
	case s.ended() == nil:
	case s.ended().Reason == "OOMKilled":
		w.hardly("its container runs out of memory, which a limit may explain")
	case slices.Contains([]int32{1, 2, 126, 127}, s.ended().ExitCode):
		w.isWeak("it %s", s.signal.Message)
	}
}

var configOrDependency = &Pattern{
	ID: "config-or-dependency", Family: "release", Title: "changed configuration, or something that it depends on",
	Signals: []string{"crash-loop", "init-stuck", "restart-burst"}, Mechanism: change.Crash, Logs: true,
	Speaks:      "a ConfigMap or Secret of the pods changed (temporal); a Service that they name has no endpoints (structural); old and new revision crash, or pods that have not restarted since still serve (contrast)",
	Contradicts: "only the newest revision crashes (veto); nothing that the view knows of changed (−10)",
	Unchecked:   "the logs of the container, and what is outside of the cluster",
	gate: func(q *inquiry, s *subject) bool {
		return s.workload != nil && !s.workload.RunsToCompletion() && !isNode(s.signal.Object)
	},
	weigh: func(q *inquiry, s *subject, w *weighing) {
		is := q.split(s.workload)
		if is.onlyNewest {
			w.veto()
			return
		}
		shared := q.best(change.Crash, q.ofConfiguration(s.workload))
		w.isTemporal(q, shared)
		down := q.dependencies(s.workload)
		for _, service := range down {
			w.isStructural("%s names %s, which has no endpoints", s.name(), service)
		}
		switch {
		case is.both:
			w.isContrast("%s and %s fail alike, so it is not the rollout", is.newest.name(), is.old.name())
		case is.single && is.newest.hit > 0 && is.newest.well > 0 && shared != nil:
			w.isContrast("of the same revision %d pods that have not started since the change still serve", is.newest.well)
		case is.newest.hit > 1 && is.newest.well == 0 && len(q.spread(s).nodes) > 1 && len(down) > 0:
			w.isContrast("all %d pods fail, on several nodes, so it is none of them", is.newest.hit)
		}
		if shared != nil {
			w.isWeak("all of its pods are made with %s", shared.Change.Object.Short())
		}
		if rollout := q.best(change.Crash, rolledOut(s.workload)); rollout != nil && rollout.Contrast != change.Acquitted {
			w.hardly("a rollout may explain it as well: %s", rollout.Change.Title)
		}
		if shared == nil && len(down) == 0 {
			w.hardly("no ConfigMap, Secret or Service of it is known to have changed or to be down")
		}
	},
	title: func(q *inquiry, s *subject) string {
		if down := q.dependencies(s.workload); len(down) > 0 {
			return s.name() + " depends on " + down[0].Short() + ", which has no endpoints"
		}
		if shared := q.best(change.Crash, q.ofConfiguration(s.workload)); shared != nil {
			return fmt.Sprintf("%s fails since %s changed", s.name(), shared.Change.Object.Short())
		}
		return "configuration of " + s.name() + ", or what it depends on"
	},
	fix: func(q *inquiry, s *subject) string {
		if down := q.dependencies(s.workload); len(down) > 0 {
			return "Bring " + down[0].String() + " back; " + s.name() + " follows within its back-off of at most five minutes."
		}
		if shared := q.best(change.Crash, q.ofConfiguration(s.workload)); shared != nil {
			return "Restore " + shared.Change.Object.String() + " from its source, then restart " + s.name() + "."
		}
		return "Read why it ends, then restore what it depends on. Going back a revision does not help."
	},
	commands: func(q *inquiry, s *subject) []Command {
		var all []Command
		if s.pod != nil && triage.Started(s.pod) {
			all = append(all, q.previousLogs(s))
		}
		for _, service := range q.dependencies(s.workload) {
			all = append(all, q.slices(service.Namespace, service.Name, "whether the Service that it names has endpoints"))
			break
		}
		if shared := q.best(change.Crash, q.ofConfiguration(s.workload)); shared != nil {
			all = append(all, q.whoWrote(shared.Change.Object))
		}
		return append(append(all, q.podsOrNone(s)...), q.describe(orPod(s), "its state and its events"))
	},
}

// ofConfiguration is a test for [inquiry.best]: a ConfigMap or Secret that a workload
// refers to.
func (q *inquiry) ofConfiguration(w *kube.Workload) func(*change.Ranked) bool {
	var refs []kube.Ref
	if w != nil {
		refs = configuration(w.Ref.Namespace, w.Pod.Spec)
	}
	return func(r *change.Ranked) bool {
		return r.Change.Kind == change.Config && slices.Contains(refs, r.Change.Object)
	}
}

// dependencies returns the Services without endpoints that a workload names in its
// environment or its command line, other than its own: a hint (package blast).
func (q *inquiry) dependencies(w *kube.Workload) []kube.Ref {
	if w == nil {
		return nil
	}
	if known, ok := q.down[w]; ok {
		return known
	}
	var all []kube.Ref
	for _, signal := range q.anywhere("svc-no-endpoints") {
		service := signal.Object
		if signal.Workload == w.Ref || slices.Contains(all, service) || !mentions(w.Pod.Spec, service.Name) {
			continue
		}
		for _, d := range blast.Of(q.Cluster, []kube.Ref{service}, nil).Dependents {
			if d.Object == w.Ref && d.Distance == 1 {
				all = append(all, service)
			}
		}
	}
	q.down[w] = all
	return all
}

// mentions reports whether a name stands somewhere in the environment or the command
// line of a pod, so that it is worth a closer look.
func mentions(spec *corev1.PodSpec, name string) bool {
	in := func(text string) bool { return strings.Contains(text, name) }
	for c := range kube.ContainersOf(spec, "spec") {
		if slices.ContainsFunc(c.Command, in) || slices.ContainsFunc(c.Args, in) ||
			slices.ContainsFunc(c.Env, func(e corev1.EnvVar) bool { return in(e.Value) }) {
			return true
		}
	}
	return false
}

// clip shortens the words of a component to what fits a line.
func clip(text string) string {
	const longest = 160
	if len(text) <= longest {
		return text
	}
	return strings.ToValidUTF8(text[:longest], "") + "…"
}
