package running

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// How many evictions of one workload or one node, within what, are more than a note.
const (
	manyEvictions  = 3
	evictionWindow = time.Hour
)

var podEvicted = &triage.Detector{
	ID:    "pod-evicted",
	Title: "The kubelet evicted a pod",
	About: "The kubelet ended the pod because the node was low on memory, disk or process IDs, or because the pod wrote more than its own limit of ephemeral storage: phase Failed, reason Evicted (pkg/kubelet/eviction). " +
		"Its owner makes it good, so that one is a note for an hour; three of a workload, or on a node, within an hour are S2. The failed pods stay for days, until there are 12,500 (pkg/controller/podgc): older ones are history. " +
		"A pod that the kubelet did not admit for the condition of its node has the same reason and was never there: that is pod-admission-failed.",
	Reads: []kube.Resource{kube.Pods},
	Rung:  triage.Capacity,
	Check: func(p *triage.Pass) {
		var evicted []eviction
		for _, pod := range p.Pods() {
			if pod.Status.Phase != corev1.PodFailed || pod.Status.Reason != "Evicted" {
				continue
			}
			what := message.Eviction(pod.Status.Message)
			if what.Kind != message.NodeCondition && !strings.HasPrefix(pod.Status.Message, "Pod was rejected: ") {
				evicted = append(evicted, eviction{pod, triage.EndOf(pod), what})
			}
		}
		for _, e := range evicted {
			s := triage.Signal{
				Object: e.pod.Ref(), Cause: string(e.what.Kind), Raw: strings.TrimSpace(e.pod.Status.Message), Message: e.line(),
				Since: e.at, Until: e.at.Add(evictionWindow), Severity: triage.S4,
			}
			if e.among(evicted, func(a, b *kube.Pod) bool { return a.Owner == b.Owner && !a.Owner.IsZero() }) ||
				e.among(evicted, func(a, b *kube.Pod) bool { return a.Node == b.Node && a.Node != "" }) {
				s.Severity = triage.S2
			}
			p.Report(s)
		}
	},
}

type eviction struct {
	pod  *kube.Pod
	at   time.Time
	what message.Evicted
}

// among reports whether the eviction is one of many alike within an hour.
func (e *eviction) among(all []eviction, alike func(a, b *kube.Pod) bool) bool {
	var times []time.Time
	for i := range all {
		if alike(e.pod, all[i].pod) && all[i].at.Sub(e.at).Abs() < evictionWindow {
			times = append(times, all[i].at)
		}
	}
	_, _, many := triage.Burst(times, manyEvictions, evictionWindow)
	return many
}

func (e *eviction) line() string {
	switch e.what.Kind {
	case message.NodeLow:
		parts := []string{"evicted: the node was low on " + e.what.Resource}
		for _, c := range e.what.Consumers {
			parts = append(parts, fmt.Sprintf("%s used %s of %s requested", cmp.Or(c.Container, "it"), c.Usage, c.Request))
		}
		return strings.Join(parts, ", ")
	case message.ContainerStorage:
		return fmt.Sprintf("evicted: %s wrote more than its %s of ephemeral storage", e.what.Container, e.what.Limit)
	case message.PodStorage:
		return fmt.Sprintf("evicted: it wrote more than its %s of ephemeral storage", e.what.Limit)
	case message.EmptyDir:
		return fmt.Sprintf("evicted: emptyDir %s grew over its %s", e.what.Volume, e.what.Limit)
	default:
		return "evicted by the kubelet"
	}
}
