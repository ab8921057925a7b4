package storage

import (
	"fmt"
	"iter"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var storageClassMissing = &audit.Rule{
	ID:       "storage-class-missing",
	Title:    "A claim asks for a StorageClass that does not exist",
	Severity: audit.High,
	Rationale: "Nothing makes a volume for the claim. It stays pending, and so does every pod that mounts it; " +
		"of a StatefulSet that runs, the next replica.",
	Remediation: "Name a StorageClass that the cluster has, or mark one of them as the default. " +
		"The class of a claim cannot be changed: make it anew. Volumes made by hand need no StorageClass, but have to bear the name.",
	Since:    "2",
	Subjects: []kube.Resource{kube.PersistentVolumeClaims, kube.StatefulSets},
	Reads:    []kube.Resource{kube.StorageClasses},
	Consults: []kube.Resource{kube.PersistentVolumes, kube.Namespaces},
	Check:    audit.Each(claiming, judgeClasses),
}

// claiming yields the claims and the StatefulSets that make claims.
func claiming(c *kube.Cluster) iter.Seq2[audit.Subject, any] {
	return func(yield func(audit.Subject, any) bool) {
		for claim := range c.PersistentVolumeClaims.All() {
			ref := kube.PersistentVolumeClaims.Ref(claim.Namespace, claim.Name)
			if !yield(audit.Subject{Ref: ref, Namespace: claim.Namespace}, claim) {
				return
			}
		}
		for set := range c.StatefulSets.All() {
			ref := kube.StatefulSets.Ref(set.Namespace, set.Name)
			if !yield(audit.Subject{Ref: ref, Namespace: set.Namespace}, set) {
				return
			}
		}
	}
}

func judgeClasses(p *audit.Pass, object any) {
	switch o := object.(type) {
	case *corev1.PersistentVolumeClaim:
		if o.Spec.VolumeName == "" && o.Status.Phase != corev1.ClaimBound {
			judgeClass(p, "spec", o.Annotations, &o.Spec)
		}
	case *appsv1.StatefulSet:
		if len(o.Spec.VolumeClaimTemplates) == 0 {
			p.NotApplicable()
		}
		for i := range o.Spec.VolumeClaimTemplates {
			t := &o.Spec.VolumeClaimTemplates[i]
			judgeClass(p, fmt.Sprintf("spec.volumeClaimTemplates[%d].spec", i), t.Annotations, &t.Spec)
		}
	}
}

func judgeClass(p *audit.Pass, path string, annotations map[string]string, spec *corev1.PersistentVolumeClaimSpec) {
	f := audit.Finding{Path: path + ".storageClassName"}
	name, found := classOf(p.Cluster, annotations, spec)
	switch found {
	case classMissing:
		f.Message = "StorageClass " + name + " does not exist"
		f.Detail = "The cluster has no StorageClass of that name, and no PersistentVolume that bears it."
	case noDefault:
		f.Message = "it names no StorageClass, and none is the default"
		f.Detail = fmt.Sprintf("The cluster has %d StorageClasses, none of them marked as the default.", p.Cluster.StorageClasses.Len())
	case unclear:
		p.Unknown("the StorageClasses or PersistentVolumes that the cluster has are not in the view")
		return
	case classed:
		return
	}
	p.Report(f)
}
