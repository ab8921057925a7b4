package starting

import (
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var podVolumeLimit = &triage.Detector{
	ID:    "pod-volume-limit",
	Title: "A node has as many volumes attached as it takes",
	About: "The kubelet refused the pod because the node has reached its limit of attached volumes (reason VolumeAttachmentLimitExceeded, pkg/kubelet/volumemanager), or could not mount its volumes for that: " +
		"the scheduler counted with an older limit (CSINode, spec.drivers[].allocatable). The owner makes another pod, as likely as not on the same node, so that it is shown for half an hour.",
	Reads: []kube.Resource{kube.Pods},
	Helps: []kube.Resource{kube.Events},
	Rung:  triage.Storage,
	Check: func(p *triage.Pass) {
		for _, pod := range p.Pods() {
			if !pod.Deleted().IsZero() || pod.Node == "" {
				continue
			}
			s := triage.Signal{
				Object: pod.Ref(), Severity: triage.S2, Raw: pod.Status.Message,
				Message: "node " + pod.Node + " has as many volumes attached as it takes",
			}
			switch {
			case pod.Status.Phase == corev1.PodFailed && pod.Status.Reason == "VolumeAttachmentLimitExceeded":
				s.Since = triage.EndOf(pod)
				s.Until = s.Since.Add(limitShown)
			case pod.Status.Phase == corev1.PodPending:
				e := triage.Latest(p.PodEvents(pod), func(e *corev1.Event) bool {
					return message.Config(e.Message).Kind == message.MountLimit
				}, "FailedMount")
				if e == nil || triage.Ending(p.Cluster, pod.Namespace) {
					continue
				}
				s.Since, s.Raw = triage.Began(e), e.Message
			default:
				continue
			}
			p.Report(s)
		}
	},
}

// limitShown is for how long a pod that was refused is of interest.
const limitShown = 30 * time.Minute
