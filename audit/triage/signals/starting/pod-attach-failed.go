package starting

import (
	"strconv"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
	"github.com/seaworthy-dev/seaworthy/kube"
)

const (
	attachUsual = 2 * time.Minute
	// forceDetach is after how long volumes are detached from a node that is not
	// ready, unless the controller was told not to (pkg/controller/volume/attachdetach,
	// ReconcilerMaxWaitForUnmountDuration, --disable-force-detach-on-timeout).
	forceDetach = 6 * time.Minute
)

var podAttachFailed = &triage.Detector{
	ID:    "pod-attach-failed",
	Title: "A volume is not attached to the node of a pod",
	About: "The pod is not created, and the event FailedAttachVolume says why: the volume is still attached to another node, which it cannot be left by while a pod uses it there, or the driver fails " +
		"(pkg/controller/volume/attachdetach/reconciler; sigs.k8s.io, external-attacher). It counts after two minutes. When a pod moves to another node, the volume follows within six, by force if need be.",
	Reads: []kube.Resource{kube.Pods, kube.Events},
	Helps: []kube.Resource{kube.Nodes, kube.PersistentVolumes, kube.PersistentVolumeClaims},
	Rung:  triage.Storage,
	After: attachUsual,
	Paged: mixinWaiting,
	Check: func(p *triage.Pass) {
		for _, pod := range creating(p) {
			e := blocking(p.PodEvents(pod), "FailedAttachVolume")
			if e == nil || triage.Started(pod) {
				continue
			}
			what := message.Attach(e.Message)
			if attached(p.PodEvents(pod), what.Volume, triage.Happened(e)) {
				continue
			}
			s := triage.Signal{
				Object: pod.Ref(), Since: triage.Began(e), Severity: triage.S2, Cause: string(what.Kind), Raw: e.Message,
			}
			volume := "a volume"
			if claim := claimOf(p.Cluster, pod, what.Volume); claim != "" {
				volume = "claim " + claim
				s.Keys = append(s.Keys, triage.Key{Kind: triage.ByClaim, Name: pod.Namespace + "/" + claim})
			}
			if what.Volume != "" {
				s.Keys = append(s.Keys, triage.Key{Kind: triage.ByVolume, Name: what.Volume})
			}
			switch what.Kind {
			case message.InUse:
				s.After = forceDetach
				holder, keys, lasting := heldBy(p, pod, what)
				s.Message, s.Keys = volume+" is still attached to "+holder, append(s.Keys, keys...)
				if lasting {
					s.After = attachUsual
				}
			case message.AttachLimit:
				s.Message = volume + " is one more than the node takes"
			case message.AttachTimedOut:
				s.Message = volume + " is not attached in time"
			default:
				s.Message = volume + " is not attached"
			}
			p.Report(s)
		}
	},
}

// attached reports whether a volume was attached after a time, as the event
// SuccessfulAttachVolume of the pod says.
func attached(events []*corev1.Event, volume string, after time.Time) bool {
	return volume != "" && triage.Latest(events, func(e *corev1.Event) bool {
		return triage.Happened(e).After(after) && strings.Contains(e.Message, strconv.Quote(volume))
	}, "SuccessfulAttachVolume") != nil
}

// claimOf returns the claim of a pod that is bound to a volume, "" if none is known.
func claimOf(c *kube.Cluster, pod *kube.Pod, volume string) string {
	if v, ok := c.PersistentVolumes.Get("", volume); ok && v.Spec.ClaimRef != nil && v.Spec.ClaimRef.Namespace == pod.Namespace {
		return v.Spec.ClaimRef.Name
	}
	for i := range pod.Spec.Volumes {
		if source := pod.Spec.Volumes[i].PersistentVolumeClaim; source != nil {
			if claim, ok := c.PersistentVolumeClaims.Get(pod.Namespace, source.ClaimName); ok && claim.Spec.VolumeName == volume && volume != "" {
				return claim.Name
			}
		}
	}
	return ""
}

// heldBy says who has a volume on another node, and whether it will not go by
// itself: a pod that uses it there, and is not being deleted.
func heldBy(p *triage.Pass, pod *kube.Pod, what message.AttachProblem) (holder string, keys []triage.Key, lasting bool) {
	for _, name := range what.Pods {
		other, ok := p.Cluster.Pods.Get(pod.Namespace, name)
		if !ok || other.Node == "" {
			continue
		}
		holder = "node " + other.Node
		if n, ok := p.Cluster.Nodes.Get("", other.Node); ok && !reports(n) {
			holder += ", which is not ready"
		}
		keys = []triage.Key{{Kind: triage.ByNode, Name: other.Node}}
		if other.Deleted().IsZero() && !other.Finished() {
			return holder + ", where pod " + name + " uses it", keys, true
		}
		return holder + ", where pod " + name + " is being stopped", keys, false
	}
	if len(what.Pods) > 0 {
		return "the node of pod " + strings.Join(what.Pods, ", "), nil, false
	}
	return "another node", nil, false
}

// reports reports whether a node is ready.
func reports(n *corev1.Node) bool {
	for i := range n.Status.Conditions {
		if c := &n.Status.Conditions[i]; c.Type == corev1.NodeReady {
			return c.Status == corev1.ConditionTrue
		}
	}
	return true
}
