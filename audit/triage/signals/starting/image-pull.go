package starting

import (
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var imagePull = &triage.Detector{
	ID:    "image-pull",
	Title: "An image cannot be pulled",
	About: "A container waits for ErrImagePull or ImagePullBackOff, which alternate and are one, or for another reason of the kubelet's image manager (pkg/kubelet/images; k8s.io/cri-api/pkg/errors). " +
		"Why is told by the runtime's words, or by the event Failed where the state says no more than that the kubelet backs off. A rollout is no excuse. " +
		"The back-off goes up to five minutes: what has been mended may look broken for as long. A name that cannot be read will never do, and counts at once.",
	Reads: []kube.Resource{kube.Pods},
	Helps: []kube.Resource{kube.Events, kube.Secrets},
	Rung:  triage.Images,
	Paged: mixinWaiting,
	Check: func(p *triage.Pass) {
		for _, pod := range p.Living() {
			for c, status := range triage.Containers(pod) {
				waiting := status.Waiting()
				if waiting == nil || !slices.Contains(imageReasons(), waiting.Reason) {
					continue
				}
				e := pullEvent(p.PodEvents(pod), c.Name)
				what := message.Pull(waiting.Message)
				raw := waiting.Message
				if e != nil && (what.Cause == message.Unsaid || what.Cause == message.UnparsedPull) {
					if told := message.Pull(e.Message); told.Cause != message.Unsaid && told.Cause != message.UnparsedPull {
						what, raw = told, e.Message
					}
				}
				s := triage.Signal{
					Object: pod.Ref(), Least: triage.S3, Container: c.Name, Cause: string(what.Cause), Raw: raw, After: 30 * time.Second,
					Message: pullLine(what, c.Image),
				}
				if waiting.Reason == "InvalidImageName" {
					s.Cause, s.After = string(message.InvalidName), 0
					s.Message = pullLine(message.PullFailure{Cause: message.InvalidName}, c.Image)
				}
				s.Since, s.Estimated = pullBegan(pod, status, e)
				if what.Cause == message.Access {
					s.Keys = absentPullSecrets(p.Cluster, pod)
					for _, k := range s.Keys {
						s.Message += ", " + k.Name + " is not there"
					}
				}
				p.Report(s)
			}
		}
	},
}

// imageReasons are those of the image manager, and of the runtime interface.
func imageReasons() []string {
	return []string{
		"ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "InvalidImageName", "ImageInspectError",
		"RegistryUnavailable", "SignatureValidationFailed",
	}
}

// pullEvent returns the newest event of a container that says why an image was not
// pulled, nil if there is none.
func pullEvent(events []*corev1.Event, container string) *corev1.Event {
	return triage.Latest(events, func(e *corev1.Event) bool {
		return triage.ContainerOf(e) == container && message.Pull(e.Message).Image != ""
	}, "Failed", "InspectFailed", "ErrImageNeverPull")
}

// pullBegan returns since when an image is not pulled: since the event that first
// said so, or else since the container could have been made at the earliest.
func pullBegan(pod *kube.Pod, status *kube.ContainerStatus, e *corev1.Event) (since time.Time, estimated bool) {
	since = makingSince(pod)
	if ended := status.LastTerminated(); ended != nil && ended.FinishedAt.After(since) {
		since = ended.FinishedAt.Time
	}
	if e != nil && triage.Began(e).After(since) {
		return triage.Began(e), false
	}
	return since, true
}

// absentPullSecrets returns the Secrets that the pod pulls with and that are not
// there; the kubelet goes on without them (pkg/kubelet/kubelet_pods.go, getPullSecretsForPod).
func absentPullSecrets(c *kube.Cluster, pod *kube.Pod) []triage.Key {
	var keys []triage.Key
	for _, s := range pod.Spec.ImagePullSecrets {
		if s.Name != "" && absent(c, kube.Secrets, pod.Namespace, s.Name) {
			keys = append(keys, configKey(kube.Secrets.Kind, pod.Namespace, s.Name))
		}
	}
	return keys
}

func pullLine(what message.PullFailure, image string) string {
	switch what.Cause {
	case message.TagMissing:
		return "image " + image + " is not in its registry"
	case message.Access:
		return "image " + image + " may not be pulled: credentials, or its name"
	case message.RateLimited:
		return "image " + image + " is not pulled: the registry limits the rate"
	case message.RegistryName:
		return "image " + image + " is not pulled: the registry's name is unknown"
	case message.RegistryCertificate:
		return "image " + image + " is not pulled: TLS with the registry fails"
	case message.RegistryNetwork:
		return "image " + image + " is not pulled: the registry does not answer"
	case message.RegistryError:
		return "image " + image + " is not pulled: the registry fails"
	case message.Platform:
		return "image " + image + " is not made for the node's platform"
	case message.DiskFull:
		return "image " + image + " is not pulled: the node's disk is full"
	case message.Signature:
		return "image " + image + " is not accepted: its signature"
	case message.InvalidName:
		return "image " + image + " has a name that cannot be read"
	case message.NeverPulled:
		return "image " + image + " is not on the node, and is never to be pulled"
	case message.KubeletBusy:
		return "image " + image + " is not pulled: the kubelet limits its rate"
	default:
		return "image " + image + " cannot be pulled"
	}
}
