package starting

import (
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// For how long a pod may be created: with nothing to attach, with volumes, and
// while an image is being pulled.
const (
	createUsual   = 90 * time.Second
	createVolumes = 5 * time.Minute
	createPulling = 10 * time.Minute
)

var podCreatingStuck = &triage.Detector{
	ID:    "pod-creating-stuck",
	Title: "A pod is not created",
	About: "The pod has a node and its containers wait (ContainerCreating), and neither its volumes nor its sandbox are known to fail, which are signals of their own. " +
		"It has ninety seconds from its scheduling or its last init container, five minutes if volumes have to be attached, ten while an image is being pulled and nothing failed. " +
		"While an init container runs the others wait for it (pkg/kubelet/kubelet_pods.go, PodInitializing), which is no problem. " +
		"Without any status the kubelet has not looked at the pod, as on a node that does not report.",
	Reads: []kube.Resource{kube.Pods},
	Helps: []kube.Resource{kube.Events},
	Rung:  triage.Capacity,
	After: createUsual,
	Paged: mixinWaiting,
	Check: func(p *triage.Pass) {
		for _, pod := range creating(p) {
			events := p.PodEvents(pod)
			if blocking(events, "FailedMount", "FailedMapVolume", "FailedAttachVolume", "FailedCreatePodSandBox") != nil {
				continue
			}
			s := triage.Signal{Object: pod.Ref(), Least: triage.S3, Since: makingSince(pod), Cause: "unsaid", Message: "is not created, and nobody says why"}
			switch e := triage.Latest(events, nil, "NetworkNotReady", "FailedPrepareDynamicResources", "Failed", "Pulling", "Pulled"); {
			case len(pod.Status.Containers) == 0 && e == nil:
				s.Cause, s.Message = "kubelet-silent", "the kubelet of node "+pod.Node+" has not looked at it"
			case claims(pod):
				s.After = createVolumes
				fallthrough
			default:
				explain(&s, e)
			}
			p.Report(s)
		}
	},
}

// explain adds what the newest event says.
func explain(s *triage.Signal, e *corev1.Event) {
	if e == nil {
		return
	}
	switch e.Reason {
	case "NetworkNotReady":
		s.Cause, s.Message, s.Raw = "network", "is not created: the network of its node is not ready", e.Message
	case "FailedPrepareDynamicResources":
		s.Cause, s.Message, s.Raw = "devices", "is not created: its devices cannot be prepared", e.Message
	case "Pulling":
		s.Cause, s.Message = "pulling", "is not created: an image is being pulled"
		s.After = max(s.After, createPulling, triage.Began(e).Add(createPulling).Sub(s.Since))
	case "Failed":
		s.Raw = e.Message
	}
}
