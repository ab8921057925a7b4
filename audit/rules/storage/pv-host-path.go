package storage

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var pvHostPath = &audit.Rule{
	ID:       "pv-host-path",
	Title:    "A volume is a folder of a node",
	Severity: audit.Medium,
	Rationale: "What the claim's pods write lands in the node's own file system, past the policies that keep pods from mounting it directly. " +
		"It fills the node's disk without a limit, and is not there when the pod starts on another node.",
	Remediation: "Use a StorageClass with a driver, or a volume of type local, which binds its pods to the node. " +
		"Let nobody but administrators create PersistentVolumes.",
	Since:    "2",
	Subjects: []kube.Resource{kube.PersistentVolumes},
	Admission: &audit.Admission{
		Resources: []kube.Resource{kube.PersistentVolumes},
		Object:    "has(object.spec.hostPath)",
	},
	Check: eachVolume(func(p *audit.Pass, volume *corev1.PersistentVolume) {
		if volume.Spec.HostPath == nil {
			return
		}
		f := audit.Finding{Path: "spec.hostPath.path", Message: "it is the folder " + volume.Spec.HostPath.Path + " of a node"}
		if ref := volume.Spec.ClaimRef; ref != nil {
			f.Detail = "Claim " + ref.Namespace + "/" + ref.Name + " hands it to its pods."
		}
		p.Report(f)
	}),
}
