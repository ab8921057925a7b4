package storage

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var pvUnencrypted = &audit.Rule{
	ID:       "pv-unencrypted",
	Title:    "A volume is made without encryption",
	Severity: audit.Medium,
	Rationale: "Who gets at the storage itself, a snapshot of it or a discarded disk reads what is on it, " +
		"past everything that Kubernetes permits or refuses.",
	Remediation: "Set the class's parameter encrypted to \"true\" (in a new class: parameters cannot be changed) and move what is on the volume to " +
		"a new one. An account may encrypt all of its volumes by default, which the API does not show: accept the finding then.",
	Since:    "2",
	Subjects: []kube.Resource{kube.PersistentVolumes},
	Reads:    []kube.Resource{kube.StorageClasses},
	Check: eachVolume(func(p *audit.Pass, volume *corev1.PersistentVolume) {
		class, held := p.Cluster.StorageClasses.Get("", volume.Spec.StorageClassName)
		provisioner := provisionerOf(volume, class)
		if provisioner == "" {
			p.NotApplicable() // a folder, a disk of the node or a share: not made by a class
			return
		}
		switch encryptionBy(provisioner) {
		case always:
		case onDemand:
			if !held {
				p.Unknown("StorageClass " + volume.Spec.StorageClassName + ", by which it was made, is not in the view")
				return
			}
			if class.Parameters["encrypted"] != "true" {
				p.Report(audit.Finding{
					Path:    "spec.storageClassName",
					Message: "StorageClass " + class.Name + " does not ask for encryption",
					Detail:  "The provisioner " + provisioner + " encrypts where the parameter encrypted is \"true\".",
				})
			}
		case untold:
			p.Unknown("whether " + provisioner + " encrypts is not known")
		}
	}),
}

// provisionerOf returns what made a volume, "" if nothing did.
func provisionerOf(volume *corev1.PersistentVolume, class *storagev1.StorageClass) string {
	switch {
	case volume.Spec.HostPath != nil, volume.Spec.Local != nil, volume.Spec.NFS != nil:
		return ""
	case volume.Spec.CSI != nil:
		return volume.Spec.CSI.Driver
	case class != nil:
		return class.Provisioner
	}
	return volume.Annotations["pv.kubernetes.io/provisioned-by"]
}

// encryption is whether a provisioner encrypts.
type encryption int

const (
	untold   encryption = iota
	always              // as the provider's documentation promises
	onDemand            // by the class's parameter encrypted
)

// encryptionBy returns how a provisioner handles encryption, by the
// documentation of its driver.
func encryptionBy(provisioner string) encryption {
	switch provisioner {
	case "disk.csi.azure.com", "file.csi.azure.com", "blob.csi.azure.com", "kubernetes.io/azure-disk", "kubernetes.io/azure-file",
		"pd.csi.storage.gke.io", "filestore.csi.storage.gke.io", "kubernetes.io/gce-pd":
		return always
	case "ebs.csi.aws.com", "kubernetes.io/aws-ebs", "driver.longhorn.io", "diskplugin.csi.alibabacloud.com":
		return onDemand
	}
	if strings.HasSuffix(provisioner, "rbd.csi.ceph.com") { // Rook puts its namespace before it
		return onDemand
	}
	return untold
}
