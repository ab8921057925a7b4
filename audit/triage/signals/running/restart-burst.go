package running

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// How many containers make a burst, within what, and for how long it is of interest.
const (
	burstSize   = 3
	burstWindow = 10 * time.Minute
	burstShown  = 30 * time.Minute
)

var restartBurst = &triage.Detector{
	ID:    "restart-burst",
	Title: "Many containers restarted at once",
	About: "At least three containers of a node, of more than one workload, or at least three of one workload ended within the same ten minutes and were started again. On a node that is a reboot, a restart of the runtime, " +
		"or memory; of a workload it is something that its pods depend on. Of each container only the last end is known (status.lastState), so that there may have been more. " +
		"Containers in back-off are left to their own signal, and a workload that is being rolled out is left out.",
	Reads: []kube.Resource{kube.Pods},
	Helps: []kube.Resource{kube.Deployments, kube.StatefulSets, kube.DaemonSets, kube.ReplicaSets},
	Rung:  triage.Dependencies,
	Hold:  restartHold,
	Check: func(p *triage.Pass) {
		for ref, restarts := range restartsIn(p) {
			s, found := burst(restarts)
			if !found || ref.IsZero() || triage.Ending(p.Cluster, ref.Namespace) {
				continue
			}
			if r, rolling := triage.Rolling(p.Cluster.Workload(ref)); !rolling || r.Failed {
				p.Report(s.signal(ref, triage.S3))
			}
		}
	},
	CheckNode: func(p *triage.Pass) {
		var all []restart
		for _, restarts := range restartsIn(p) {
			all = append(all, restarts...)
		}
		if s, found := burst(all); found && s.owners > 1 {
			p.Report(s.signal(kube.Nodes.Ref("", p.Node), triage.S2))
		}
	},
}

// restartsIn gathers the restarts of a namespace or of a node by workload, those of
// pods without one under the zero Ref.
func restartsIn(p *triage.Pass) map[kube.Ref][]restart {
	workloads := map[kube.Ref][]restart{}
	var family *kube.Family
	var of kube.Ref
	for _, pod := range p.Pods() {
		for i := range pod.Status.Containers {
			status := &pod.Status.Containers[i]
			ended, waiting := status.LastTerminated(), status.Waiting()
			if ended == nil || ended.FinishedAt.IsZero() || waiting != nil && waiting.Reason == backOff {
				continue
			}
			if pod.Finished() || !pod.Deleted().IsZero() || status.Init && !sidecar(pod, status.Name) {
				continue
			}
			if pod.Family != family || pod.Owner.IsZero() {
				family, of = pod.Family, kube.Ref{}
				if w := p.Cluster.WorkloadOf(pod); w != nil {
					of = w.Ref
				}
			}
			workloads[of] = append(workloads[of], restart{ended.FinishedAt.Time, of})
		}
	}
	return workloads
}

// sidecar reports whether an init container runs as long as the pod.
func sidecar(pod *kube.Pod, name string) bool {
	for c := range triage.Containers(pod) {
		if c.Name == name {
			return c.Kind == kube.Sidecar
		}
	}
	return false
}

// restart is the end of a container that runs again.
type restart struct {
	at time.Time
	of kube.Ref
}

// restarts are those of the newest burst.
type restarts struct {
	first, enough, last time.Time
	number, owners      int
}

// burst finds the newest burst among restarts.
func burst(all []restart) (restarts, bool) {
	if len(all) < burstSize {
		return restarts{}, false
	}
	times := make([]time.Time, len(all))
	for i := range all {
		times[i] = all[i].at
	}
	since, until, found := triage.Burst(times, burstSize, burstWindow)
	if !found {
		return restarts{}, false
	}
	slices.SortFunc(all, func(a, b restart) int { return cmp.Or(a.at.Compare(b.at), kube.CompareRefs(a.of, b.of)) })
	r := restarts{enough: since}
	owners := map[kube.Ref]bool{}
	for _, one := range all {
		if one.at.After(since.Add(-burstWindow)) && one.at.Before(until) {
			if r.number == 0 {
				r.first = one.at
			}
			r.last = one.at
			r.number++
			owners[one.of] = true
		}
	}
	r.owners = len(owners)
	return r, true
}

func (r restarts) signal(object kube.Ref, severity triage.Severity) triage.Signal {
	within := "at once"
	if took := r.last.Sub(r.first); took >= time.Second {
		within = "within " + triage.Span(took)
	}
	return triage.Signal{
		Object: object, Severity: severity, Since: r.enough, Until: r.last.Add(burstShown),
		Message: fmt.Sprintf("%d containers restarted %s", r.number, within),
	}
}
