package workloadhealth

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var containerWaiting = &audit.Rule{
	ID:       "container-waiting",
	Title:    "A container cannot start",
	Severity: audit.High,
	Rationale: "The kubelet tries again at growing intervals, up to five minutes, and the pod serves nobody meanwhile. " +
		"Most of these states never end by themselves: an image that is not there, a key that a ConfigMap lacks, a program that ends as soon as it starts.",
	Remediation: "Read the reason. For CrashLoopBackOff see `kubectl logs --previous`; for an image, its name, the registry and the pull secret; " +
		"for a configuration error, the Secret, ConfigMap or key that the message names. After a rollout, `kubectl rollout undo` brings back what worked.",
	Since:    "2",
	Subjects: kube.WorkloadResources(),
	Reads:    []kube.Resource{kube.Pods},
	Timed:    true,
	Parameters: []audit.Parameter{{
		Name:  "graceMinutes",
		About: "For how many minutes a pod may create its containers: mounting volumes and pulling large images take that long.",
		Value: 10,
	}},
	Check: eachWithPods(func(p *audit.Pass, m *members) {
		var all []*standstill
		for _, pod := range m.troubled {
			if pod.Finished() {
				continue
			}
			for i := range pod.Status.Containers {
				c := &pod.Status.Containers[i]
				if stuck(p.Cluster, pod, c, p.Number("graceMinutes")) {
					all = noteStandstill(all, pod, c)
				}
			}
		}
		for _, s := range all {
			reportStandstill(p, m, s)
		}
	}),
}

// standstill is a container that waits in some pods: for its image, or for
// something else.
type standstill struct {
	container string
	pulling   bool
	reasons   tally
	pods      int
	pod       *kube.Pod // the first of them
	status    *kube.ContainerStatus
}

func noteStandstill(all []*standstill, pod *kube.Pod, c *kube.ContainerStatus) []*standstill {
	reason := c.Waiting().Reason
	if reason == "ErrImagePull" {
		reason = "ImagePullBackOff" // the two take turns
	}
	pulling := pullFails(reason)
	i := slices.IndexFunc(all, func(s *standstill) bool { return s.container == c.Name && s.pulling == pulling })
	if i < 0 {
		i = len(all)
		all = append(all, &standstill{container: c.Name, pulling: pulling, reasons: tally{}, pod: pod, status: c})
	}
	all[i].pods++
	all[i].reasons[reason]++
	return all
}

func reportStandstill(p *audit.Pass, m *members, s *standstill) {
	f := audit.Finding{
		Container: s.container,
		Path:      m.field(s.container, ""),
		Message:   fmt.Sprintf("container %s: %s in %s", s.container, s.reasons, m.share(s.pods)),
		Detail:    fmt.Sprintf("Pod %s waits with %s.", s.pod.Name, s.status.Waiting().Reason),
	}
	if s.pulling {
		f.Path = m.field(s.container, "image")
	}
	if said := quote(s.status.Waiting().Message); said != "" && s.status.Waiting().Reason != "PostStartHookError" {
		f.Detail += " The kubelet says: " + said
	}
	if ended := s.status.LastTerminated(); ended != nil {
		f.Detail += fmt.Sprintf(" Its last run ended at %s with %s, after %d restarts.", kube.Moment(ended.FinishedAt), ending(ended), s.status.Restarts)
	}
	p.Report(f)
}

// stuck reports whether a container waits for what does not come by itself, or
// has waited for too long. Containers that have not their turn yet wait for an
// init container, which is looked at itself.
func stuck(c *kube.Cluster, pod *kube.Pod, status *kube.ContainerStatus, grace int) bool {
	if status.Waiting() == nil || status.Waiting().Reason == "PodInitializing" {
		return false
	}
	if startFails(status.Waiting().Reason) {
		return true
	}
	since := metav1.Time{Time: pod.Created()}
	if said, scheduled, known := condition(pod, corev1.PodScheduled); known && said.Status == corev1.ConditionTrue {
		since = scheduled
	}
	return pod.Node != "" && pod.Status.Phase == corev1.PodPending && c.Lasted(since, grace)
}

// startFails reports whether a container waits because starting it failed
// (pkg/kubelet/container/sync_result.go, pkg/kubelet/images/types.go).
func startFails(reason string) bool {
	switch reason {
	case "CrashLoopBackOff",
		"CreateContainerConfigError", "CreateContainerError", "RunContainerError", "StartError",
		"PreCreateHookError", "PreStartHookError", "PostStartHookError",
		"CreatePodSandboxError", "ConfigPodSandboxError", "VerifyNonRootError":
		return true
	}
	return pullFails(reason)
}

// pullFails reports whether a container waits because it has no image.
func pullFails(reason string) bool {
	switch reason {
	case "ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "InvalidImageName", "ImageInspectError",
		"RegistryUnavailable", "SignatureValidationFailed":
		return true
	}
	return false
}

// startFailsIn reports whether starting a container of a pod fails, which
// container-waiting reports.
func startFailsIn(pod *kube.Pod) bool {
	return !pod.Finished() && slices.ContainsFunc(pod.Status.Containers, func(c kube.ContainerStatus) bool {
		return c.Waiting() != nil && startFails(c.Waiting().Reason)
	})
}
