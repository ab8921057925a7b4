package message

import "strings"

// AttachKind is why a volume is not attached to a node.
type AttachKind string

// The kinds.
const (
	// InUse: the volume is attached to another node, and may be attached to one only.
	InUse AttachKind = "in-use"
	// AttachLimit: the node takes no more volumes.
	AttachLimit AttachKind = "limit"
	// AttachTimedOut: the driver did not answer in time.
	AttachTimedOut AttachKind = "timeout"
	// AttachFailed: the driver failed; its words are in Text, its gRPC code in Code.
	AttachFailed AttachKind = "failed"
	// UnparsedAttach: in Text alone.
	UnparsedAttach AttachKind = Unparsed
)

// AttachProblem is why a volume is not attached.
type AttachProblem struct {
	Kind   AttachKind
	Volume string // the PersistentVolume, "" if it is not said
	// Pods of the same namespace have the volume on the other node, and Others of
	// other namespaces; none of them if the pod there is gone already.
	Pods   []string
	Others int
	Code   string // of gRPC, "" if it is not said
	Text   string
}

// Attach reads the event FailedAttachVolume:
//
//	Waiting for detach for volume "v" Volume is already used by pod(s) a, b and 1 pod(s) in different namespaces
//	AttachVolume.Attach failed for volume "v" : …
//
// (pkg/controller/volume/attachdetach/reconciler/reconciler.go, reportMultiAttachError,
// whose first words were "Multi-Attach error" in 1.31 and before;
// pkg/volume/util/operationexecutor).
func Attach(message string) AttachProblem {
	message = bounded(message)
	a := AttachProblem{Kind: UnparsedAttach, Volume: quotedAfter(message, " for volume "), Code: code(message), Text: Scrub(message)}
	switch {
	case strings.HasPrefix(message, "Waiting for detach"), strings.HasPrefix(message, "Multi-Attach error"):
		a.Kind = InUse
		a.Pods, a.Others = users(message)
	case strings.Contains(message, attachmentLimit),
		a.Code == "ResourceExhausted": // CSI: the node has no room for the volume (ControllerPublishVolume)
		a.Kind = AttachLimit
	case a.Code == "DeadlineExceeded",
		holds(message, "timed out waiting for external-attacher", "context deadline exceeded"): // volume/csi/csi_attacher.go
		a.Kind = AttachTimedOut
	case strings.HasPrefix(message, "AttachVolume."):
		a.Kind = AttachFailed
	}
	return a
}

// users reads which pods have a volume.
func users(message string) (pods []string, others int) {
	if list := after(message, "already used by pod(s) "); list != "" {
		list, rest, _ := strings.Cut(list, " and ")
		for name := range strings.SplitSeq(list, ", ") {
			pods = append(pods, name)
		}
		others, _, _ = number(rest)
		return pods, others
	}
	others, _, _ = number(after(message, "already used by "))
	return nil, others
}

// ProvisionKind is why a PersistentVolumeClaim has no volume.
type ProvisionKind string

// The kinds.
const (
	// FirstConsumer: the claim waits for a pod, by design.
	FirstConsumer ProvisionKind = "first-consumer"
	// PodScheduling: the claim waits until its pod is scheduled: see the pod.
	PodScheduling ProvisionKind = "pod-scheduling"
	// External: the claim waits for the provisioner Name.
	External ProvisionKind = "external"
	// WithoutClass: there is no volume for it, and no StorageClass to make one.
	WithoutClass ProvisionKind = "no-class"
	// ClassMissing: the StorageClass called Name does not exist.
	ClassMissing ProvisionKind = "class-missing"
	// Exhausted: the storage, or a quota of it, is used up.
	Exhausted ProvisionKind = "exhausted"
	// ProvisionTimedOut: the driver did not answer in time.
	ProvisionTimedOut ProvisionKind = "timeout"
	// ProvisionFailed: the driver failed, for the StorageClass Name; its words are in
	// Text.
	ProvisionFailed ProvisionKind = "failed"
	// Mismatch: the volume that the claim asks for does not suit it, or is another's.
	Mismatch ProvisionKind = "mismatch"
	// Lost: the volume that the claim was bound to is gone.
	Lost ProvisionKind = "lost"
	// UnparsedProvision: in Text alone.
	UnparsedProvision ProvisionKind = Unparsed
)

// ProvisionProblem is why a claim has no volume.
type ProvisionProblem struct {
	Kind ProvisionKind
	Name string   // what Kind says, "" if it is not said
	Pods []string // of PodScheduling
	Code string   // of gRPC, "" if it is not said
	Text string
}

// Provisioning reads the events of a claim: FailedBinding, ExternalProvisioning,
// WaitForFirstConsumer, WaitForPodScheduled, ProvisioningFailed, ClaimLost,
// ClaimMisbound and VolumeMismatch (pkg/controller/volume/persistentvolume/pv_controller.go),
// and those of the same reason by provisioners out of the tree
// (sigs.k8s.io/sig-storage-lib-external-provisioner).
func Provisioning(message string) ProvisionProblem {
	message = bounded(message)
	p := ProvisionProblem{Kind: UnparsedProvision, Code: code(message), Text: Scrub(message)}
	switch {
	case message == "waiting for first consumer to be created before binding":
		p.Kind = FirstConsumer
	case strings.HasPrefix(message, "waiting for pod ") && strings.HasSuffix(message, " to be scheduled"),
		strings.HasPrefix(message, "waiting for pods ") && strings.HasSuffix(message, " to be scheduled"):
		p.Kind = PodScheduling
		_, names, _ := strings.Cut(strings.TrimSuffix(message, " to be scheduled")[len("waiting for "):], " ")
		if names != "" {
			p.Pods = strings.Split(names, ",")
		}
	case strings.HasPrefix(message, "Waiting for a volume to be created either by the external provisioner "):
		p.Kind, p.Name = External, quotedAfter(message, "external provisioner ")
	case strings.HasPrefix(message, "waiting for a volume to be created, either by external provisioner "): // 1.24
		p.Kind, p.Name = External, quotedAfter(message, "external provisioner ")
	case message == "no persistent volumes available for this claim and no storage class is set":
		p.Kind = WithoutClass
	case strings.HasPrefix(message, "Bound claim has lost "):
		p.Kind = Lost
	case strings.HasPrefix(message, "Two claims are bound to the same volume"),
		strings.HasPrefix(message, "Cannot bind to requested volume "),
		strings.HasPrefix(message, "volume ") && strings.HasSuffix(message, " already bound to a different claim."):
		p.Kind, p.Name = Mismatch, quotedAfter(message, "volume ")
	case strings.HasPrefix(message, "storageclass.storage.k8s.io ") && strings.HasSuffix(message, " not found"):
		p.Kind, p.Name = ClassMissing, quotedAfter(message, "storageclass.storage.k8s.io ")
	}
	if p.Kind == UnparsedProvision {
		readProvisioner(&p, message)
	}
	return p
}

// readProvisioner reads `failed to provision volume with StorageClass "c": …`, which
// the controller manager begins with a capital.
func readProvisioner(p *ProvisionProblem, message string) {
	if !strings.Contains(message, "ailed to provision volume with StorageClass ") {
		return
	}
	p.Kind, p.Name = ProvisionFailed, quotedAfter(message, "ailed to provision volume with StorageClass ")
	switch p.Code { // container-storage-interface/spec, CreateVolume
	case "ResourceExhausted":
		p.Kind = Exhausted
	case "DeadlineExceeded":
		p.Kind = ProvisionTimedOut
	}
}
