package starting

import (
	"cmp"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var createError = &triage.Detector{
	ID:    "create-error",
	Title: "A container cannot be started",
	About: "The runtime does not make or start the container, or its postStart hook fails: a command that is not there or may not be run, a path that does not exist, a mount that cannot be done " +
		"(pkg/kubelet/kuberuntime, the errors CreateContainerError to PostStartHookError, and RunContainerError; of the runtime, the reasons StartError and ContainerCannotRun of a container that ended).",
	Reads: []kube.Resource{kube.Pods},
	Helps: []kube.Resource{kube.Events},
	Rung:  triage.Revisions,
	After: 30 * time.Second,
	Paged: mixinWaiting,
	Check: func(p *triage.Pass) {
		for _, pod := range p.Living() {
			for c, status := range triage.Containers(pod) {
				cause, raw := notMade(status)
				if cause == "" {
					continue
				}
				s := triage.Signal{Object: pod.Ref(), Least: triage.S3, Container: c.Name, Cause: cause, Raw: raw, Message: createLine(cause)}
				s.Since, s.Estimated = failedSince(p, pod, status)
				p.Report(s)
			}
		}
	},
}

// notMade returns why a container was not made or started, as a slug, and what the
// runtime says.
func notMade(status *kube.ContainerStatus) (cause, raw string) {
	ended := status.Terminated()
	if waiting := status.Waiting(); waiting != nil {
		switch waiting.Reason {
		case "CreateContainerError":
			return "create", waiting.Message
		case "RunContainerError":
			return "run", waiting.Message
		case "PreCreateHookError":
			return "pre-create-hook", waiting.Message
		case "PreStartHookError":
			return "pre-start-hook", waiting.Message
		case "PostStartHookError":
			return "post-start-hook", waiting.Message
		case "CrashLoopBackOff": // which follows what could not be started
			ended = status.LastTerminated()
		}
	}
	if startFailed(ended) {
		return "run", strings.TrimSpace(ended.Message)
	}
	return "", ""
}

// startFailed reports whether a container ended before it ran.
func startFailed(ended *corev1.ContainerStateTerminated) bool {
	return ended != nil && (ended.Reason == "StartError" || ended.Reason == "ContainerCannotRun")
}

func createLine(cause string) string {
	return cmp.Or(map[string]string{
		"create":          "the runtime cannot make it",
		"run":             "the runtime cannot start it",
		"pre-create-hook": "what is to be done before it is made fails",
		"pre-start-hook":  "what is to be done before it starts fails",
		"post-start-hook": "its postStart hook fails",
	}[cause], "it cannot be started")
}
