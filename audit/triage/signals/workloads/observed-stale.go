package workloads

import (
	"fmt"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// manyStale is how many objects must wait for their controllers before those are
// what is wrong.
const manyStale = 3

var observedStale = &triage.Detector{
	ID:    "observed-stale",
	Title: "A controller does not look at what was changed",
	About: "status.observedGeneration of a Deployment, a StatefulSet or a DaemonSet is behind metadata.generation for minutes: its controller has not " +
		"seen the change, and what its status says is old. For three objects or more the controller manager itself is the suspect. " +
		"A Deployment that is paused is observed like any other.",
	Reads: []kube.Resource{kube.Deployments, kube.StatefulSets, kube.DaemonSets},
	Rung:  triage.ControlPlane,
	After: 2 * time.Minute,
	Paged: 15 * time.Minute,
	Wide:  true,
	Check: func(p *triage.Pass) {
		var stale []triage.Signal
		note := func(ref kube.Ref, o metav1.Object, observed int64) {
			if observed < o.GetGeneration() && o.GetDeletionTimestamp() == nil {
				stale = append(stale, triage.Signal{
					Object: ref, Since: written(o), Severity: triage.S2,
					Message: fmt.Sprintf("generation %d is not observed yet, the last one was %d", o.GetGeneration(), observed),
				})
			}
		}
		for d := range p.Cluster.Deployments.All() {
			note(kube.Deployments.Ref(d.Namespace, d.Name), d, d.Status.ObservedGeneration)
		}
		for s := range p.Cluster.StatefulSets.All() {
			note(kube.StatefulSets.Ref(s.Namespace, s.Name), s, s.Status.ObservedGeneration)
		}
		for d := range p.Cluster.DaemonSets.All() {
			note(kube.DaemonSets.Ref(d.Namespace, d.Name), d, d.Status.ObservedGeneration)
		}
		for _, s := range stale {
			if len(stale) >= manyStale {
				s.Severity, s.Cause = triage.S1, "controller-manager"
			}
			p.Report(s)
		}
	},
}
