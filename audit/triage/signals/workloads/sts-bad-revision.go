package workloads

import (
	"fmt"
	"time"

	appsv1 "k8s.io/api/apps/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var stsBadRevision = &triage.Detector{
	ID:    "sts-bad-revision",
	Title: "A pod stays on a revision that does not work",
	About: "A pod of a StatefulSet is not ready and is of another revision than the newest: the template was mended, but under OrderedReady the " +
		"controller waits for the broken pod to become ready before it replaces it. Reverting alone does not heal it: the pod must be deleted by hand " +
		"(Forced rollback, https://kubernetes.io/docs/concepts/workloads/controllers/statefulset).",
	Reads: []kube.Resource{kube.StatefulSets, kube.Pods},
	Rung:  triage.Revisions,
	After: 5 * time.Minute,
	Check: func(p *triage.Pass) {
		for _, set := range p.Cluster.StatefulSets.In(p.Namespace) {
			if set.Spec.PodManagementPolicy == appsv1.ParallelPodManagement || set.Status.UpdateRevision == "" ||
				set.Spec.UpdateStrategy.Type == appsv1.OnDeleteStatefulSetStrategyType || set.Status.ObservedGeneration < set.Generation {
				continue
			}
			w := p.Cluster.Workload(kube.StatefulSets.Ref(set.Namespace, set.Name))
			pods := ordinals(p.Cluster, w)
			if blocker, _ := updating(set, pods, 0, int(declared(set.Spec.Replicas))); blocker != nil {
				continue // the newest revision is what does not work
			}
			partition := 0
			if u := set.Spec.UpdateStrategy.RollingUpdate; u != nil && u.Partition != nil {
				partition = int(*u.Partition)
			}
			for n, pod := range pods {
				revision := triage.RevisionOf(pod)
				if n < partition || pod.Status.Ready || revision == "" || revision == set.Status.UpdateRevision || !pod.Deleted().IsZero() {
					continue
				}
				p.Report(triage.Signal{
					Object: pod.Ref(), Since: later(unready(pod), written(set)), Severity: triage.S2,
					Message: fmt.Sprintf("is of revision %s and not ready, the newest is %s: mending the template alone does not replace it",
						revision, set.Status.UpdateRevision),
				})
			}
		}
	},
}
