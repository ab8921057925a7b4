package storage

import (
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var pvcResize = &triage.Detector{
	ID:    "pvc-resize",
	Title: "A volume does not get its new size",
	About: "A condition of the claim says that resizing failed in its controller or on the node, or that modifying the volume did (core/v1 " +
		"ControllerResizeError, NodeResizeError, ModifyVolumeError), or FileSystemResizePending lasts although a pod runs that has it mounted. " +
		"Without a pod the file system is resized at the next start, which is as it should be.",
	Reads: []kube.Resource{kube.PersistentVolumeClaims, kube.Pods},
	Rung:  triage.Storage,
	Check: func(p *triage.Pass) {
		for _, claim := range p.Cluster.PersistentVolumeClaims.In(p.Namespace) {
			pods := users.Of(p.Cluster, claim.Namespace)[claim.Name]
			for _, c := range claim.Status.Conditions {
				if c.Status != corev1.ConditionTrue || claim.DeletionTimestamp != nil {
					continue
				}
				s := triage.Signal{
					Object: kube.PersistentVolumeClaims.Ref(claim.Namespace, claim.Name), Workload: workloadOf(p.Cluster, pods),
					Since: c.LastTransitionTime.Time, Raw: c.Message, Severity: triage.S3,
				}
				switch string(c.Type) {
				case "ControllerResizeError":
					s.Cause, s.Message = "controller", "its volume cannot be resized"
				case "NodeResizeError":
					s.Cause, s.Message = "node", "its file system cannot be resized on the node"
				case "ModifyVolumeError":
					s.Cause, s.Message = "modify", "its volume cannot be modified"
				case string(corev1.PersistentVolumeClaimFileSystemResizePending):
					if !placed(pods) {
						continue
					}
					s.Cause, s.Message, s.After = "pending", "its file system waits to be resized", 10*time.Minute
				default:
					continue
				}
				p.Report(s)
				break
			}
		}
	},
}
