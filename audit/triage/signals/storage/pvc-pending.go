package storage

import (
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// A claim is given this long, and longer if a driver outside is at work.
const (
	bindingTime      = time.Minute
	provisioningTime = 3 * time.Minute
)

// selectedNode is where the scheduler wants the volume of a claim to be, while the
// pod waits for it without a node (k8s.io/component-helpers/storage/volume).
const selectedNode = "volume.kubernetes.io/selected-node"

var pvcPending = &triage.Detector{
	ID:    "pvc-pending",
	Title: "A claim gets no volume",
	About: "A PersistentVolumeClaim is Pending: its class does not exist, its driver says why in an event ProvisioningFailed, nothing answers " +
		"(ExternalProvisioning), or no volume matches (FailedBinding; pkg/controller/volume/persistentvolume). A claim whose class waits for the first pod " +
		"(volumeBindingMode WaitForFirstConsumer) and that no pod uses is as it should be; where a pod waits for a node, the pod is the problem " +
		"(WaitForPodScheduled).",
	Reads: []kube.Resource{kube.PersistentVolumeClaims, kube.StorageClasses, kube.Pods},
	Helps: []kube.Resource{kube.Events, kube.Deployments, kube.StatefulSets, kube.Services},
	Rung:  triage.Storage,
	After: bindingTime,
	Check: func(p *triage.Pass) {
		for _, claim := range p.Cluster.PersistentVolumeClaims.In(p.Namespace) {
			if claim.Status.Phase != corev1.ClaimPending || claim.DeletionTimestamp != nil {
				continue
			}
			if s, stuck := pending(p, claim); stuck {
				p.Report(s)
			}
		}
	},
}

// pending returns the signal of a claim that is Pending for no good reason.
func pending(p *triage.Pass, claim *corev1.PersistentVolumeClaim) (triage.Signal, bool) {
	ref := kube.PersistentVolumeClaims.Ref(claim.Namespace, claim.Name)
	pods := users.Of(p.Cluster, claim.Namespace)[claim.Name]
	class, name := classOf(p.Cluster, claim)
	s := triage.Signal{Object: ref, Workload: workloadOf(p.Cluster, pods), Since: claim.CreationTimestamp.Time}
	if len(pods) == 0 {
		s.Severity = triage.S3
	}
	if class != nil {
		s.Keys = []triage.Key{{Kind: triage.ByStorageClass, Name: class.Name + " (" + class.Provisioner + ")"}}
	}
	failed := newest(p, ref, "ProvisioningFailed")
	switch {
	case claim.Spec.StorageClassName != nil && name != "" && class == nil:
		s.Cause, s.Message = "class-missing", "its StorageClass "+name+" does not exist"
		s.Keys = []triage.Key{{Kind: triage.ByStorageClass, Name: name}}
	case failed != nil:
		s.Cause, s.Message, s.Raw = "provisioning-failed", "its volume cannot be made", failed.Message
	case waitsForPod(class) && !placed(pods) && claim.Annotations[selectedNode] == "":
		return s, false
	case newest(p, ref, "ExternalProvisioning") != nil:
		s.Cause, s.After = "waits-for-driver", provisioningTime
		s.Message, s.Raw = "no driver has made its volume", newest(p, ref, "ExternalProvisioning").Message
	case newest(p, ref, "FailedBinding") != nil:
		s.Cause, s.Message, s.Raw = "no-volume", "no volume matches and none is made", newest(p, ref, "FailedBinding").Message
	default:
		s.Cause, s.After, s.Message = "unparsed", provisioningTime, "has no volume and nothing says why"
	}
	return s, true
}

// placed reports whether a pod that uses a claim has a node.
func placed(pods []*kube.Pod) bool {
	for _, pod := range pods {
		if pod.Node != "" {
			return true
		}
	}
	return false
}
