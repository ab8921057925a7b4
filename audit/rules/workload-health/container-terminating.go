package workloadhealth

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var containerTerminating = &audit.Rule{
	ID:       "container-terminating",
	Title:    "A container has ended and the others of its pod run on",
	Severity: audit.Medium,
	Rationale: "What the container did is not done any more, while the pod still counts as running. " +
		"In a Job it is the pod that never ends: a helper that does not know that the work is over keeps it alive.",
	Remediation: "Find out why it ended (`kubectl logs`), and why nothing starts it again. " +
		"In a Job, make the helper a sidecar: an init container with restartPolicy Always, which is stopped when the work is done.",
	Since:    "2",
	Subjects: kube.WorkloadResources(),
	Reads:    []kube.Resource{kube.Pods},
	Timed:    true,
	Parameters: []audit.Parameter{
		{Name: "graceMinutes", About: "For how many minutes a container may have ended before the kubelet has started it again, or its pod has ended too.", Value: 10},
		{Name: "doneMinutes", About: "For how many minutes, in a pod that is meant to end, other containers may go on after one has done its work.", Value: 720},
	},
	Check: eachWithPods(func(p *audit.Pass, m *members) {
		var all []*ended
		for _, pod := range m.troubled {
			if pod.Status.Phase != corev1.PodRunning || !runsOn(pod) {
				continue
			}
			for i := range pod.Status.Containers {
				c := &pod.Status.Containers[i]
				if grace, counts := endGrace(p, pod, c); counts && p.Cluster.Lasted(c.Terminated().FinishedAt, grace) {
					all = noteEnd(all, pod, c)
				}
			}
		}
		for _, e := range all {
			p.Report(audit.Finding{
				Container: e.container,
				Path:      m.field(e.container, ""),
				Message:   fmt.Sprintf("container %s has ended in %s, others run on", e.container, m.share(e.pods)),
				Detail:    fmt.Sprintf("In pod %s it ended at %s with %s.", e.pod.Name, kube.Moment(e.how.FinishedAt), ending(e.how)),
			})
		}
	}),
}

// ended is a container that has ended in some pods.
type ended struct {
	container string
	pods      int
	pod       *kube.Pod // the first of them
	how       *corev1.ContainerStateTerminated
}

func noteEnd(all []*ended, pod *kube.Pod, c *kube.ContainerStatus) []*ended {
	for _, e := range all {
		if e.container == c.Name {
			e.pods++
			return all
		}
	}
	return append(all, &ended{c.Name, 1, pod, c.Terminated()})
}

// runsOn reports whether a container of a pod runs that is neither there to
// prepare it nor to look into it.
func runsOn(pod *kube.Pod) bool {
	for i := range pod.Status.Containers {
		c := &pod.Status.Containers[i]
		if _, runs := c.Running(); !runs {
			continue
		}
		if declared, known := containerOf(pod, c.Name); known && declared.LongRunning() {
			return true
		}
	}
	return false
}

// endGrace returns for how many minutes a container may have ended, false if it
// has not, or is meant to for good.
func endGrace(p *audit.Pass, pod *kube.Pod, c *kube.ContainerStatus) (int, bool) {
	declared, known := containerOf(pod, c.Name)
	if c.Terminated() == nil || !known || !declared.LongRunning() {
		return 0, false
	}
	if done := c.Terminated().ExitCode == 0; done {
		switch {
		case declared.RestartPolicy != nil && *declared.RestartPolicy != corev1.ContainerRestartPolicyAlways:
			return 0, false // a rule of its own that says so
		case ends(pod.Spec):
			return p.Number("doneMinutes"), true
		}
	}
	return p.Number("graceMinutes"), true
}
