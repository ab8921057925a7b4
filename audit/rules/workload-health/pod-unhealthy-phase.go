package workloadhealth

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var podUnhealthyPhase = &audit.Rule{
	ID:       "pod-unhealthy-phase",
	Title:    "Pods are neither running nor done",
	Severity: audit.High,
	Rationale: "A pod that stays pending has never served anybody, one that has failed does no more, " +
		"and of one in phase Unknown nobody knows: its node does not answer.",
	Remediation: "See `kubectl describe pod`: its conditions and events say what it waits for or why it failed. " +
		"Pods that a controller has replaced since may be deleted.",
	Since:    "2",
	Subjects: kube.WorkloadResources(),
	Reads:    []kube.Resource{kube.Pods},
	Timed:    true,
	Parameters: []audit.Parameter{
		{Name: "graceMinutes", About: "For how many minutes a pod may be pending.", Value: 10},
		{Name: "windowMinutes", About: "For how many minutes a failed pod counts whose controller starts another in its place.", Value: 60},
	},
	Check: eachWithFailed(func(p *audit.Pass, m *members) {
		var found []*kube.Pod
		phases := tally{}
		for _, pod := range m.troubled {
			if unhealthy(p, m, pod) {
				found = append(found, pod)
				phases[string(pod.Status.Phase)]++
			}
		}
		if len(found) == 0 {
			return
		}
		f := audit.Finding{
			Path:    m.path,
			Message: fmt.Sprintf("%d %s not running: %s", len(found), plural(len(found), "pod is", "pods are"), phases),
			Detail:  why(found[0]),
		}
		f.Implied = causeOf(found[0])
		if slices.ContainsFunc(found, func(pod *kube.Pod) bool { return causeOf(pod) != f.Implied }) {
			f.Implied = ""
		}
		p.Report(f)
	}),
}

// unhealthy reports whether a pod has been in a phase that is not running for
// too long.
func unhealthy(p *audit.Pass, m *members, pod *kube.Pod) bool {
	switch pod.Status.Phase {
	case corev1.PodPending:
		return !gated(pod) && p.Cluster.Lasted(metav1.Time{Time: pod.Created()}, p.Number("graceMinutes"))
	case corev1.PodFailed:
		switch {
		case pod.Status.Reason == evicted: // pod-evicted counts them
			return false
		case m.workload == nil:
			return true // nothing starts another one
		case ends(m.spec):
			return false // who started it tries again and says when to give up
		}
		return !p.Cluster.Lasted(endOf(pod), p.Number("windowMinutes"))
	default:
		return pod.Status.Phase == corev1.PodUnknown
	}
}

func waitsForNode(pod *kube.Pod) bool {
	_, _, waits := unschedulable(pod)
	return waits
}

// why says what is known of the reason for a pod's phase.
func why(pod *kube.Pod) string {
	text := fmt.Sprintf("Pod %s is %s", pod.Name, pod.Status.Phase)
	if pod.Status.Reason != "" {
		text += " (" + pod.Status.Reason + ")"
	}
	pending := pod.Status.Phase == corev1.PodPending
	if pending {
		text += " since it was created at " + kube.Moment(metav1.Time{Time: pod.Created()})
	}
	if pod.Status.Phase == corev1.PodFailed {
		text += " since " + kube.Moment(endOf(pod))
	}
	said, _, known := condition(pod, corev1.PodScheduled)
	cause := ""
	switch {
	case pod.Status.Message != "":
		cause = quote(pod.Status.Message)
	case pending && pod.Node == "" && known:
		cause = quote(said.Message)
	case pending && pod.Node == "":
		cause = fmt.Sprintf("The scheduler %s has not looked at it.", cmp.Or(pod.Spec.SchedulerName, corev1.DefaultSchedulerName))
	default:
		cause = whyContainers(pod)
	}
	return strings.TrimSuffix(text+". "+cause, " ")
}

// whyContainers says which container keeps a pod from running, "" if none shows it.
func whyContainers(pod *kube.Pod) string {
	for i := range pod.Status.Containers {
		c := &pod.Status.Containers[i]
		since, runs := c.Running()
		waiting, ended := c.Waiting(), c.Terminated()
		switch {
		case c.Init && runs && !c.Ready:
			return fmt.Sprintf("Its init container %s runs since %s.", c.Name, kube.Moment(since))
		case waiting != nil && waiting.Reason != "PodInitializing":
			return fmt.Sprintf("Its container %s waits with %s.", c.Name, waiting.Reason)
		case ended != nil && ended.ExitCode != 0:
			return fmt.Sprintf("Its container %s ended with %s.", c.Name, ending(ended))
		}
	}
	return ""
}
