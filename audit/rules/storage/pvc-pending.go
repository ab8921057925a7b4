package storage

import (
	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var pvcPending = &audit.Rule{
	ID:       "pvc-pending",
	Title:    "A claim gets no volume",
	Severity: audit.High,
	Rationale: "Pods that mount the claim wait for it and do not start. " +
		"The scheduler names the claim only among other causes, so that it is often looked for in the wrong place.",
	Remediation: "The claim's events say why: a class that does not exist, a provisioner that does not run or has no room left, " +
		"a quota, or no volume that fits a claim without a class.",
	Since:      "2",
	Subjects:   []kube.Resource{kube.PersistentVolumeClaims},
	Consults:   []kube.Resource{kube.StorageClasses, kube.PersistentVolumes, kube.Pods, kube.Namespaces},
	Timed:      true,
	Parameters: grace(5, "For how many minutes a claim may wait for its volume."),
	Check:      eachClaim(judgePending),
}

func judgePending(p *audit.Pass, claim *corev1.PersistentVolumeClaim) {
	switch {
	case claim.Status.Phase == "":
		p.NotApplicable() // a manifest
		return
	case claim.Status.Phase != corev1.ClaimPending || !p.Cluster.Lasted(claim.CreationTimestamp, p.Number(graceMinutes)):
		return
	}
	f := audit.Finding{
		Path:    "status.phase",
		Message: "it has no volume",
		Detail:  "It was made at " + kube.Moment(claim.CreationTimestamp) + " and is still pending.",
	}
	name, found := classOf(p.Cluster, claim.Annotations, &claim.Spec)
	class, held := p.Cluster.StorageClasses.Get("", name)
	switch {
	case claim.Spec.VolumeName != "":
		f.Detail += " It asks for PersistentVolume " + claim.Spec.VolumeName + " by name."
	case found == classMissing || found == noDefault:
		f.Implied = storageClassMissing.ID
	case found == unclear:
		p.Unknown("whether its StorageClass waits for a pod is not known: StorageClasses or PersistentVolumes are not in the view")
		return
	case !held:
		f.Detail += " It is to be bound to a volume that somebody made, and none is there that fits."
	case waitsForConsumer(class):
		judgeWaiting(p, claim, class, f)
		return
	default:
		f.Detail += " The provisioner " + class.Provisioner + " of StorageClass " + name + " has delivered nothing."
	}
	p.Report(f)
}

// judgeWaiting judges a pending claim whose class waits for a pod that needs the
// volume: that is as it should be as long as there is none.
func judgeWaiting(p *audit.Pass, claim *corev1.PersistentVolumeClaim, class *storagev1.StorageClass, f audit.Finding) {
	_, blind := p.Cluster.Blind(kube.Pods, claim.Namespace)
	switch {
	case claim.Annotations[selectedNode] != "":
		f.Detail += " The scheduler has chosen a node, and the provisioner " + class.Provisioner + " has delivered nothing."
	case blind:
		p.Unknown("its StorageClass waits for a pod to be scheduled, and pods are not known")
		return
	case referencesIn.Of(p.Cluster, claim.Namespace).pods[claim.Name]:
		f.Detail += " StorageClass " + class.Name + " waits until the scheduler has chosen a node for a pod that mounts it: see why it has not."
	default:
		return
	}
	p.Report(f)
}

// selectedNode is how the scheduler tells a provisioner where the pod is to run
// (component-helpers/storage/volume).
const selectedNode = "volume.kubernetes.io/selected-node"

// waitsForConsumer reports whether volumes of a class are made only when a pod
// needs them, where it is to run.
func waitsForConsumer(class *storagev1.StorageClass) bool {
	return class.VolumeBindingMode != nil && *class.VolumeBindingMode == storagev1.VolumeBindingWaitForFirstConsumer
}
