package storage

import (
	"fmt"

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
	Subjects: claiming(),
	Reads:    []kube.Resource{kube.StorageClasses},
	Consults: []kube.Resource{kube.PersistentVolumes, kube.Namespaces},
	Check:    audit.EachOf(claiming(), judgeClasses),
}

// claiming returns the resources that ask for volumes: claims, and what makes them.
func claiming() []kube.Resource {
	return []kube.Resource{kube.PersistentVolumeClaims, kube.StatefulSets}
}

func judgeClasses(p *audit.Pass, object kube.Object) {
	switch o := object.(type) {
	case *corev1.PersistentVolumeClaim:
		if o.Spec.VolumeName == "" && o.Status.Phase != corev1.ClaimBound {
			judgeClass(p, "spec", o.Annotations, &o.Spec)
		}
	case *kube.Workload:
		set, held := o.Object.(*appsv1.StatefulSet)
		if !held || len(set.Spec.VolumeClaimTemplates) == 0 {
			p.NotApplicable()
			return
		}
		for i := range set.Spec.VolumeClaimTemplates {
			t := &set.Spec.VolumeClaimTemplates[i]
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
