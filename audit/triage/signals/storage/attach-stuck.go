package storage

import (
	"time"

	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// detaching is after how long a volume is taken from a node that does not answer
// (pkg/controller/volume/attachdetach, maxWaitForUnmountDuration).
const detaching = 6 * time.Minute

var attachStuck = &triage.Detector{
	ID:    "attach-stuck",
	Title: "A volume cannot be attached, or is held by a lost node",
	About: "A VolumeAttachment has an error of its driver (status.attachError, status.detachError), or the volume is attached to a node that is gone or does not report: nobody " +
		"else can have it until it is detached, which Kubernetes forces after six minutes, or at once where the node has the taint node.kubernetes.io/out-of-service (KEP-2268).",
	Reads: []kube.Resource{kube.VolumeAttachments, kube.Nodes},
	Helps: []kube.Resource{kube.PersistentVolumes},
	Rung:  triage.Storage,
	After: 2 * time.Minute,
	Wide:  true,
	Check: func(p *triage.Pass) {
		for a := range p.Cluster.VolumeAttachments.All() {
			if s, stuck := attachment(p.Cluster, a); stuck {
				p.Report(s)
			}
		}
	},
}

// attachment returns the signal of an attachment that does not come or go.
func attachment(c *kube.Cluster, a *storagev1.VolumeAttachment) (triage.Signal, bool) {
	s := triage.Signal{Object: kube.VolumeAttachments.Ref("", a.Name), Severity: triage.S2, Keys: []triage.Key{{Kind: triage.ByNode, Name: a.Spec.NodeName}}}
	volume := "the volume"
	if name := a.Spec.Source.PersistentVolumeName; name != nil {
		volume = "volume " + *name
		s.Keys = append(s.Keys, triage.Key{Kind: triage.ByVolume, Name: *name})
		if v, known := c.PersistentVolumes.Get("", *name); known && v.Spec.ClaimRef != nil {
			s.Keys = append(s.Keys, triage.Key{Kind: triage.ByClaim, Name: v.Spec.ClaimRef.Namespace + "/" + v.Spec.ClaimRef.Name})
		}
	}
	node, known := c.Nodes.Get("", a.Spec.NodeName)
	lost, since := lostNode(node)
	switch {
	case a.Status.AttachError != nil:
		s.Cause, s.Since, s.Raw = "attach", a.Status.AttachError.Time.Time, a.Status.AttachError.Message
		s.Message = volume + " cannot be attached to " + a.Spec.NodeName
	case a.Status.DetachError != nil:
		s.Cause, s.Since, s.Raw = "detach", a.Status.DetachError.Time.Time, a.Status.DetachError.Message
		s.Message = volume + " cannot be detached from " + a.Spec.NodeName
	case a.Status.Attached && !known:
		s.Cause, s.Message = "node-gone", volume+" is still attached to "+a.Spec.NodeName+", which does not exist"
	case a.Status.Attached && lost:
		s.Cause, s.Since, s.After, s.Message = "node-lost", since, detaching, volume+" is still attached to "+a.Spec.NodeName+", which does not report"
	default:
		return s, false
	}
	return s, true
}

// lostNode reports whether a node does not report, and since when.
func lostNode(n *corev1.Node) (lost bool, since time.Time) {
	if n == nil {
		return false, since
	}
	for _, c := range n.Status.Conditions {
		if c.Type == corev1.NodeReady {
			return c.Status == corev1.ConditionUnknown, c.LastTransitionTime.Time
		}
	}
	return false, since
}
