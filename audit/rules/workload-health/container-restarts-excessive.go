package workloadhealth

import (
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var containerRestartsExcessive = &audit.Rule{
	ID:       "container-restarts-excessive",
	Title:    "A container restarts again and again",
	Severity: audit.Medium,
	Rationale: "Each restart drops what the container was doing and leaves its replica out of service until it is ready. " +
		"How often it happens counts, not how often it has happened in a long life.",
	Remediation: "See why the last run ended: the exit code, `kubectl logs --previous`, and whether the liveness probe killed it (events with the reason Unhealthy).",
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Reads:       []kube.Resource{kube.Pods},
	Timed:       true,
	Parameters: []audit.Parameter{
		{Name: "windowMinutes", About: "Two restarts within so many minutes are too many, unless the container has run for ten minutes since.", Value: 60},
		{Name: "restartsPerDay", About: "As many restarts a day, on average over the pod's life, are too many.", Value: 5},
	},
	Check: eachWithPods(func(p *audit.Pass, m *members) {
		var all []*restarting
		for _, pod := range m.troubled {
			if pod.Finished() {
				continue
			}
			for i := range pod.Status.Containers {
				c := &pod.Status.Containers[i]
				if burst(p, c) || steady(p, pod, c) {
					all = noteRestarts(all, pod, c)
				}
			}
		}
		for _, r := range all {
			ended := r.status.LastTerminated()
			f := audit.Finding{
				Container: r.container,
				Path:      m.field(r.container, ""),
				Message:   fmt.Sprintf("container %s restarts often in %s", r.container, m.share(r.pods)),
				Detail: fmt.Sprintf("In pod %s, created at %s, it has restarted %d times; its last run ended at %s with %s.",
					r.pod.Name, kube.Moment(metav1.Time{Time: r.pod.Created()}), r.status.Restarts, kube.Moment(ended.FinishedAt), ending(ended)),
			}
			switch r.pods {
			case r.waiting:
				f.Implied = containerWaiting.ID
			case r.killed:
				f.Implied = containerOOMKilled.ID
			}
			p.Report(f)
		}
	}),
}

// recovered is for how many minutes a container has to run until the kubelet
// forgets that it crashed (pkg/kubelet/kubelet.go, MaxContainerBackOff twice).
const recovered = 10

// burst reports whether a container has restarted twice within the window and
// not recovered since: its last run also began with a restart.
func burst(p *audit.Pass, c *kube.ContainerStatus) bool {
	ended := c.LastTerminated()
	if c.Restarts < 2 || ended == nil || p.Cluster.Lasted(ended.StartedAt, p.Number("windowMinutes")) {
		return false
	}
	since, runs := c.Running()
	return !runs || !p.Cluster.Lasted(since, recovered)
}

// steady reports whether a container restarts often on average. One that has now
// run for three times as long as it used to has come to rest.
func steady(p *audit.Pass, pod *kube.Pod, c *kube.ContainerStatus) bool {
	ended := c.LastTerminated()
	most := p.Number("restartsPerDay")
	if ended == nil || int(c.Restarts) < most || pod.Created().IsZero() {
		return false
	}
	age := p.Cluster.Time.Sub(pod.Created())
	atRest := p.Cluster.Time.Sub(ended.FinishedAt.Time).Hours() > 3*age.Hours()/float64(c.Restarts)
	return age.Hours()*float64(most) <= 24*float64(c.Restarts) && !atRest
}

// restarting is a container that restarts in some pods.
type restarting struct {
	container string
	pods      int
	waiting   int       // in those it is about to start again
	killed    int       // in those it ran out of memory
	pod       *kube.Pod // where it has restarted most
	status    *kube.ContainerStatus
}

func noteRestarts(all []*restarting, pod *kube.Pod, c *kube.ContainerStatus) []*restarting {
	var found *restarting
	for _, r := range all {
		if r.container == c.Name {
			found = r
		}
	}
	if found == nil {
		found = &restarting{container: c.Name, pod: pod, status: c}
		all = append(all, found)
	}
	found.pods++
	if c.Waiting() != nil && startFails(c.Waiting().Reason) {
		found.waiting++
	}
	if lastKill(c) != nil {
		found.killed++
	}
	if c.Restarts > found.status.Restarts {
		found.pod, found.status = pod, c
	}
	return all
}
