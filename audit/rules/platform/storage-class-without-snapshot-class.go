package platform

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var storageClassWithoutSnapshotClass = &audit.Rule{
	ID:       "storage-class-without-snapshot-class",
	Title:    "Volumes of a storage class cannot be snapshotted",
	Severity: audit.Low,
	Rationale: "Backup tools take snapshots of CSI volumes through a VolumeSnapshotClass of their driver. Without one they copy files, " +
		"leave the volume out, or fail, and nobody can take a snapshot before a risky change.",
	Remediation: "Make a VolumeSnapshotClass whose driver is the provisioner of the class, with deletionPolicy Retain for what backups rest on; " +
		"Velero takes the one with the label velero.io/csi-volumesnapshot-class=true. If the driver takes no snapshots, accept the finding with how its volumes are saved.",
	Since:    "3",
	Subjects: []kube.Resource{kube.StorageClasses},
	Reads:    []kube.Resource{kube.VolumeSnapshotClasses, kube.PersistentVolumeClaims},
	Consults: []kube.Resource{kube.CustomResourceDefinitions},
	Wide:     true, // claims are in all namespaces
	Check: audit.EachObject(kube.StorageClasses, func(c *kube.Cluster) kube.Table[*storagev1.StorageClass] { return c.StorageClasses }, func(p *audit.Pass, s *storagev1.StorageClass) {
		claims := claimsOf.Of(p.Cluster)[s.Name]
		if len(claims) == 0 || !takesSnapshots(s.Provisioner) || !knowsSnapshots(p.Cluster) {
			p.NotApplicable()
			return
		}
		for o := range p.Cluster.Custom(kube.VolumeSnapshotClasses).All() {
			if driver, _, _ := unstructured.NestedString(o.Object, "driver"); driver == s.Provisioner {
				return
			}
		}
		if p.Cluster.Info.Offline {
			p.Unknown("the VolumeSnapshotClass may not be among the manifests")
			return
		}
		p.Report(audit.Finding{
			Path:    "provisioner",
			Message: "no VolumeSnapshotClass is for " + s.Provisioner,
			Detail:  fmt.Sprintf("%d bound claims are of the class: %s.", len(claims), claimList(claims)),
		})
	}),
}

// claimsOf has the bound claims of each storage class, by its name.
var claimsOf = kube.Derive(func(c *kube.Cluster) map[string][]*corev1.PersistentVolumeClaim {
	of := map[string][]*corev1.PersistentVolumeClaim{}
	for claim := range c.PersistentVolumeClaims.All() {
		if name := claim.Spec.StorageClassName; name != nil && claim.Status.Phase == corev1.ClaimBound {
			of[*name] = append(of[*name], claim)
		}
	}
	return of
}).From(kube.PersistentVolumeClaims)

// takesSnapshots reports whether a provisioner may be able to: only drivers of CSI are
// (https://kubernetes.io/docs/concepts/storage/volume-snapshots/), whose names have no slash,
// as kubernetes.io/no-provisioner and rancher.io/local-path have; and of these none that
// mounts what another service keeps as files or objects.
func takesSnapshots(provisioner string) bool {
	return !strings.Contains(provisioner, "/") && !slices.Contains([]string{
		"blob.csi.azure.com", "efs.csi.aws.com", "gcsfuse.csi.storage.gke.io", "s3.csi.aws.com", "smb.csi.k8s.io",
	}, provisioner)
}

// knowsSnapshots reports whether the server has the kind VolumeSnapshotClass at all.
func knowsSnapshots(c *kube.Cluster) bool {
	if c.Custom(kube.VolumeSnapshotClasses).Len() > 0 {
		return true
	}
	_, defined := c.Custom(kube.CustomResourceDefinitions).Get("", kube.VolumeSnapshotClasses.String())
	return defined
}
