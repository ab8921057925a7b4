package workloadhealth

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var containerOOMKilled = &audit.Rule{
	ID:       "container-oom-killed",
	Title:    "A container ran out of memory",
	Severity: audit.High,
	Rationale: "The kernel killed it in the midst of what it was doing: requests fail, work is lost, " +
		"and with the same load it happens again.",
	Remediation: "See whether the use of memory grows without end (a leak) or has a level. " +
		"For a level, raise limits.memory, and the request with it, above the highest use; tell caches and heaps how much there is. " +
		"Where the container has no limit, the node itself was short of memory: look at what else runs there.",
	Since:    "2",
	Subjects: kube.WorkloadResources(),
	Reads:    []kube.Resource{kube.Pods},
	Timed:    true,
	Parameters: []audit.Parameter{{
		Name:  "windowHours",
		About: "For how many hours a kill counts: the kubelet remembers the last one for as long as the pod lives.",
		Value: 24,
	}},
	Check: eachWithFailed(func(p *audit.Pass, m *members) {
		window := p.Number("windowHours") * 60
		var all []*outOfMemory
		for _, pod := range m.troubled {
			for i := range pod.Status.Containers {
				c := &pod.Status.Containers[i]
				if killed := lastKill(c); killed != nil && !p.Cluster.Lasted(killed.FinishedAt, window) {
					all = noteKill(all, pod, c, killed)
				}
			}
		}
		for _, o := range all {
			p.Report(audit.Finding{
				Container: o.container,
				Path:      m.field(o.container, "resources.limits.memory"),
				Message:   fmt.Sprintf("container %s was killed for its use of memory in %s", o.container, m.share(o.pods)),
				Detail: fmt.Sprintf("In pod %s it was killed at %s; %s. It has restarted %d times.",
					o.pod.Name, kube.Moment(o.latest.FinishedAt), o.limit(), o.restarts),
			})
		}
	}),
}

// outOfMemory is a container that was killed in some pods.
type outOfMemory struct {
	container string
	pods      int
	pod       *kube.Pod // where it was killed last
	latest    *corev1.ContainerStateTerminated
	restarts  int32
}

func noteKill(all []*outOfMemory, pod *kube.Pod, c *kube.ContainerStatus, killed *corev1.ContainerStateTerminated) []*outOfMemory {
	for _, o := range all {
		if o.container != c.Name {
			continue
		}
		o.pods++
		if killed.FinishedAt.After(o.latest.FinishedAt.Time) {
			o.pod, o.latest, o.restarts = pod, killed, c.Restarts
		}
		return all
	}
	return append(all, &outOfMemory{c.Name, 1, pod, killed, c.Restarts})
}

// lastKill returns how a container ended last if it ran out of memory then.
func lastKill(c *kube.ContainerStatus) *corev1.ContainerStateTerminated {
	for _, ended := range [...]*corev1.ContainerStateTerminated{c.Terminated(), c.LastTerminated()} {
		if ended != nil && ended.Reason == oomKilled {
			return ended
		}
	}
	return nil
}

// limit says how much memory the container might use.
func (o *outOfMemory) limit() string {
	if c, known := containerOf(o.pod, o.container); known {
		if limit := c.Resources.Limits[corev1.ResourceMemory]; !limit.IsZero() {
			return "its limit is " + limit.String()
		}
	}
	if o.pod.Spec.Resources != nil {
		if limit := o.pod.Spec.Resources.Limits[corev1.ResourceMemory]; !limit.IsZero() {
			return "the limit of the whole pod is " + limit.String()
		}
	}
	return "it has no limit"
}
