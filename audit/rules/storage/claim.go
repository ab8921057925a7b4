package storage

import (
	"iter"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// eachClaim returns a Check that judges every claim.
func eachClaim(judge func(*audit.Pass, *corev1.PersistentVolumeClaim)) audit.Check {
	return audit.EachObject(kube.PersistentVolumeClaims,
		func(c *kube.Cluster) kube.Table[*corev1.PersistentVolumeClaim] { return c.PersistentVolumeClaims }, judge)
}

// eachVolume returns a Check that judges every PersistentVolume.
func eachVolume(judge func(*audit.Pass, *corev1.PersistentVolume)) audit.Check {
	return audit.EachObject(kube.PersistentVolumes,
		func(c *kube.Cluster) kube.Table[*corev1.PersistentVolume] { return c.PersistentVolumes }, judge)
}

// references is who refers to the claims of a namespace, by the claims' names.
type references struct {
	pods      map[string]bool // pods that are there mount them
	templates map[string]bool // what pods are made from mounts them
}

// referencesIn has the references to the claims of a namespace.
var referencesIn = kube.DeriveFor(func(c *kube.Cluster, namespace string) *references {
	r := &references{map[string]bool{}, map[string]bool{}}
	for _, pod := range c.Pods.In(namespace) {
		for i := range pod.Spec.Volumes {
			switch v := &pod.Spec.Volumes[i]; {
			case v.PersistentVolumeClaim != nil:
				r.pods[v.PersistentVolumeClaim.ClaimName] = true
			case v.Ephemeral != nil:
				r.pods[pod.Name+"-"+v.Name] = true // as the ephemeral volume controller names it
			}
		}
	}
	for _, w := range c.WorkloadsIn(namespace) {
		r.note(w.Pod.Spec)
	}
	for _, set := range c.ReplicaSets.In(namespace) {
		// One at rest is no workload of its own: it waits under an owner that the
		// view does not hold, as the ReplicaSets of a Rollout do.
		if set.Replicas == 0 && !set.Owner.IsZero() && set.Owner.Kind != kube.Deployments.Kind {
			r.note(&set.Template().Spec)
		}
	}
	return r
})

// note notes the claims that a template mounts.
func (r *references) note(spec *corev1.PodSpec) {
	for i := range spec.Volumes {
		if claim := spec.Volumes[i].PersistentVolumeClaim; claim != nil {
			r.templates[claim.ClaimName] = true
		}
	}
}

// claimNames has the names of the claims that StatefulSets make, without the
// ordinal: "data-db" of data-db-0.
type claimNames map[string]bool

// setsIn has what the StatefulSets of a namespace call their claims.
var setsIn = kube.DeriveFor(func(c *kube.Cluster, namespace string) claimNames {
	names := claimNames{}
	for _, set := range c.StatefulSets.In(namespace) {
		for i := range set.Spec.VolumeClaimTemplates {
			names[set.Spec.VolumeClaimTemplates[i].Name+"-"+set.Name] = true
		}
	}
	return names
}).From(kube.StatefulSets)

// claim reports whether a StatefulSet calls a claim so, whatever the ordinal:
// claims outlive replicas, which get them back.
func (n claimNames) claim(name string) bool {
	prefix := strings.TrimRight(name, "0123456789")
	return len(prefix) < len(name) && strings.HasSuffix(prefix, "-") && n[strings.TrimSuffix(prefix, "-")]
}

// mounted yields the claims that a workload's template names, by the place of
// their volume. A StatefulSet's own claims take the place of volumes so named.
func mounted(w *kube.Workload) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		set, _ := w.Object.(*appsv1.StatefulSet)
		for i := range w.Pod.Spec.Volumes {
			v := &w.Pod.Spec.Volumes[i]
			if v.PersistentVolumeClaim == nil || set != nil && slices.ContainsFunc(set.Spec.VolumeClaimTemplates,
				func(t corev1.PersistentVolumeClaim) bool { return t.Name == v.Name }) {
				continue
			}
			if !yield(i, v.PersistentVolumeClaim.ClaimName) {
				return
			}
		}
	}
}

// classing is what becomes of the StorageClass that a claim asks for.
type classing int

const (
	// classed is a class that is there, or volumes that are made by hand.
	classed classing = iota
	classMissing
	noDefault // it names none, and none is the default
	unclear   // what the view holds does not tell
)

// classOf returns the class that a claim asks for, "" where it names none, and
// what becomes of it. The annotation is how classes were named before they had a
// field, and is still read first (component-helpers/storage/volume).
func classOf(c *kube.Cluster, annotations map[string]string, spec *corev1.PersistentVolumeClaimSpec) (string, classing) {
	name, named := annotations[corev1.BetaStorageClassAnnotation]
	if !named && spec.StorageClassName != nil {
		name, named = *spec.StorageClassName, true
	}
	complete := access.Complete(c, kube.StorageClasses, "")
	switch {
	case !named && hasDefault.Of(c):
		return "", classed
	case !named && complete:
		return "", noDefault
	case !named:
		return "", unclear
	case name == "": // volumes without a class are meant
		return "", classed
	}
	if _, held := c.StorageClasses.Get("", name); held || classesOfVolumes.Of(c)[name] {
		return name, classed
	}
	if complete && access.Complete(c, kube.PersistentVolumes, "") {
		return name, classMissing
	}
	return name, unclear
}

// hasDefault tells whether a StorageClass is the default.
var hasDefault = kube.Derive(func(c *kube.Cluster) bool {
	for class := range c.StorageClasses.All() {
		if isDefault(class) {
			return true
		}
	}
	return false
}).From(kube.StorageClasses)

func isDefault(class *storagev1.StorageClass) bool {
	return class.Annotations["storageclass.kubernetes.io/is-default-class"] == "true" ||
		class.Annotations["storageclass.beta.kubernetes.io/is-default-class"] == "true"
}

// classesOfVolumes has the classes that volumes bear: those made by hand need no
// StorageClass of that name.
var classesOfVolumes = kube.Derive(func(c *kube.Cluster) map[string]bool {
	classes := map[string]bool{}
	for volume := range c.PersistentVolumes.All() {
		if volume.Spec.StorageClassName != "" {
			classes[volume.Spec.StorageClassName] = true
		}
	}
	return classes
}).From(kube.PersistentVolumes)
