package workloadhealth

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var containerNotReady = &audit.Rule{
	ID:       "container-not-ready",
	Title:    "A container runs and is not ready",
	Severity: audit.High,
	Rationale: "Services send nothing to a pod that is not ready. The other replicas carry its share, " +
		"and a rollout or a drain waits for it.",
	Remediation: "See what the readiness probe asks for and what it gets: events with the reason Unhealthy have the answer. " +
		"Often the container itself waits for something it depends on. Where standby replicas are never meant to be ready, accept the finding.",
	Since:    "2",
	Subjects: kube.WorkloadResources(),
	Reads:    []kube.Resource{kube.Pods},
	Timed:    true,
	Parameters: []audit.Parameter{{
		Name:  "graceMinutes",
		About: "For how many minutes a container may run without being ready, beyond what its startup probe allows.",
		Value: 5,
	}},
	Check: eachWithPods(func(p *audit.Pass, m *members) {
		if ends(m.spec) {
			p.NotApplicable() // nothing waits for it to be ready
			return
		}
		var all []*unready
		for _, pod := range m.troubled {
			if pod.Status.Phase != corev1.PodRunning {
				continue
			}
			for i := range pod.Status.Containers {
				c := &pod.Status.Containers[i]
				if since, waits := unreadySince(pod, c); waits && p.Cluster.Lasted(since, startupMinutes(pod, c.Name)+p.Number("graceMinutes")) {
					all = noteUnready(all, pod, c, since)
				}
			}
		}
		for _, u := range all {
			p.Report(audit.Finding{
				Container: u.container,
				Path:      m.field(u.container, "readinessProbe"),
				Message:   fmt.Sprintf("container %s is not ready in %s", u.container, m.share(u.pods)),
				Detail: fmt.Sprintf("In pod %s it has not been ready since %s; it runs since %s.",
					u.pod.Name, kube.Moment(u.since), kube.Moment(u.started)),
			})
		}
	}),
}

// unready is a container that is not ready in some pods.
type unready struct {
	container      string
	pods           int
	pod            *kube.Pod // the first of them
	since, started metav1.Time
}

func noteUnready(all []*unready, pod *kube.Pod, c *kube.ContainerStatus, since metav1.Time) []*unready {
	for _, u := range all {
		if u.container == c.Name {
			u.pods++
			return all
		}
	}
	started, _ := c.Running()
	return append(all, &unready{c.Name, 1, pod, since, started})
}

// unreadySince returns since when a container that runs as long as its pod is
// running and not ready.
func unreadySince(pod *kube.Pod, c *kube.ContainerStatus) (metav1.Time, bool) {
	since, runs := c.Running()
	if !runs || c.Ready {
		return metav1.Time{}, false
	}
	if declared, known := containerOf(pod, c.Name); known && !declared.LongRunning() {
		return metav1.Time{}, false
	}
	if said, changed, known := condition(pod, corev1.ContainersReady); known && said.Status == corev1.ConditionFalse && changed.After(since.Time) {
		since = changed
	}
	return since, true
}

// startupMinutes is how long a container may take to start, by its probes, in
// minutes rounded up.
func startupMinutes(pod *kube.Pod, name string) int {
	declared, known := containerOf(pod, name)
	if !known {
		return 0
	}
	seconds := 0
	if probe := declared.StartupProbe; probe != nil {
		seconds += int(probe.InitialDelaySeconds) + orDefault(probe.FailureThreshold, 3)*orDefault(probe.PeriodSeconds, 10)
	}
	if probe := declared.ReadinessProbe; probe != nil {
		seconds += int(probe.InitialDelaySeconds)
	}
	return (seconds + 59) / 60
}

// orDefault returns a value, or what the API takes for zero.
func orDefault(value int32, byDefault int) int {
	if value == 0 {
		return byDefault
	}
	return int(value)
}
