package storage

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var pvcLost = &triage.Detector{
	ID:    "pvc-lost",
	Title: "A claim has lost its volume",
	About: "A PersistentVolumeClaim is Lost: the PersistentVolume that it was bound to is gone, or is bound to another claim " +
		"(core/v1 ClaimLost; events ClaimLost and ClaimMisbound). Its data is out of reach for good unless somebody brings the volume back. " +
		"A volume that is Released and kept is none of this; one that is Failed could not be deleted or recycled.",
	Reads: []kube.Resource{kube.PersistentVolumeClaims},
	Helps: []kube.Resource{kube.Events, kube.Pods, kube.Deployments, kube.StatefulSets},
	Rung:  triage.Storage,
	Check: func(p *triage.Pass) {
		for _, claim := range p.Cluster.PersistentVolumeClaims.In(p.Namespace) {
			if claim.Status.Phase != corev1.ClaimLost || claim.DeletionTimestamp != nil {
				continue
			}
			s := triage.Signal{
				Object: kube.PersistentVolumeClaims.Ref(claim.Namespace, claim.Name), Severity: triage.S2,
				Workload: workloadOf(p.Cluster, users.Of(p.Cluster, claim.Namespace)[claim.Name]),
				Keys:     []triage.Key{{Kind: triage.ByVolume, Name: claim.Spec.VolumeName}},
				Cause:    "gone", Message: "has lost its volume " + claim.Spec.VolumeName,
			}
			if e := newest(p, s.Object, "ClaimLost", "ClaimMisbound"); e != nil {
				s.Since, s.Raw = triage.Began(e), e.Message
				if e.Reason == "ClaimMisbound" {
					s.Cause, s.Message = "bound-elsewhere", "its volume "+claim.Spec.VolumeName+" is bound to another claim"
				}
			}
			p.Report(s)
		}
	},
}
