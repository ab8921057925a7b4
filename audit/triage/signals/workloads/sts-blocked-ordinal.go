package workloads

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	appsv1 "k8s.io/api/apps/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var stsBlockedOrdinal = &triage.Detector{
	ID:    "sts-blocked-ordinal",
	Title: "A StatefulSet waits for one of its pods",
	About: "Under OrderedReady, which is the default of spec.podManagementPolicy, pods are created from the lowest ordinal on and updated from the " +
		"highest, one at a time, and each must be ready before the next one's turn. One pod that does not become ready holds up all that follow. " +
		"Pods below spec.updateStrategy.rollingUpdate.partition wait by design, and so does everything under OnDelete.",
	Reads: []kube.Resource{kube.StatefulSets, kube.Pods},
	Rung:  triage.Effects,
	After: 3 * time.Minute,
	Paged: 15 * time.Minute,
	Check: func(p *triage.Pass) {
		for _, set := range p.Cluster.StatefulSets.In(p.Namespace) {
			if set.Spec.PodManagementPolicy == appsv1.ParallelPodManagement || set.DeletionTimestamp != nil {
				continue
			}
			w := p.Cluster.Workload(kube.StatefulSets.Ref(set.Namespace, set.Name))
			pods := ordinals(p.Cluster, w)
			pod, message := blocking(set, pods)
			if pod == nil {
				continue
			}
			p.Report(triage.Signal{
				Object: w.Ref, Since: unready(pod), Severity: triage.S2, Message: message,
				Keys: []triage.Key{{Kind: triage.ByOwner, Name: w.Ref.String()}},
			})
		}
	},
}

// ordinals returns the pods of a StatefulSet by their ordinals; nil for none.
func ordinals(c *kube.Cluster, w *kube.Workload) map[int]*kube.Pod {
	if w == nil {
		return nil
	}
	pods := map[int]*kube.Pod{}
	for _, pod := range c.PodsOf(w) {
		text, found := strings.CutPrefix(pod.Name, w.Ref.Name+"-")
		if n, err := strconv.Atoi(text); found && err == nil {
			pods[n] = pod
		}
	}
	return pods
}

// blocking returns the pod for which a StatefulSet waits and what waits for it, nil
// if it waits for none.
func blocking(set *appsv1.StatefulSet, pods map[int]*kube.Pod) (pod *kube.Pod, message string) {
	first, replicas := 0, int(declared(set.Spec.Replicas))
	if set.Spec.Ordinals != nil {
		first = int(set.Spec.Ordinals.Start)
	}
	for n := first; n < first+replicas; n++ {
		if pods[n] == nil {
			break
		}
		if pods[n].Status.Ready || !pods[n].Deleted().IsZero() {
			continue
		}
		if missing := absent(pods, n+1, first+replicas); missing > 0 {
			return pods[n], fmt.Sprintf("waits for %s: %d later pods are not created", pods[n].Name, missing)
		}
	}
	return updating(set, pods, first, replicas)
}

// absent counts the ordinals of a range that have no pod.
func absent(pods map[int]*kube.Pod, from, to int) int {
	missing := 0
	for n := from; n < to; n++ {
		if pods[n] == nil {
			missing++
		}
	}
	return missing
}

// updating returns the pod of the new revision for which an update waits.
func updating(set *appsv1.StatefulSet, pods map[int]*kube.Pod, first, replicas int) (pod *kube.Pod, message string) {
	update := set.Spec.UpdateStrategy
	if update.Type == appsv1.OnDeleteStatefulSetStrategyType || set.Status.UpdateRevision == set.Status.CurrentRevision {
		return nil, ""
	}
	if update.RollingUpdate != nil && update.RollingUpdate.Partition != nil {
		first = max(first, int(*update.RollingUpdate.Partition))
	}
	for n := first + replicas - 1; n >= first; n-- {
		blocker := pods[n]
		if blocker == nil || blocker.Status.Ready || triage.RevisionOf(blocker) != set.Status.UpdateRevision || !blocker.Deleted().IsZero() {
			continue
		}
		old := 0
		for m := first; m < n; m++ {
			if pods[m] != nil && triage.RevisionOf(pods[m]) != set.Status.UpdateRevision {
				old++
			}
		}
		if old > 0 {
			return blocker, fmt.Sprintf("update waits for %s: %d pods are of the old revision", blocker.Name, old)
		}
	}
	return nil, ""
}
