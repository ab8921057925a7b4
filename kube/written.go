package kube

import (
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// Written says how somebody wrote an object.
type Written struct {
	APIVersion string // of the object as it was sent or is written down
	// Manager is who sent it, as metadata.managedFields calls it, or [KubectlApply]; ""
	// for what is written down.
	Manager string
	At      metav1.Time // when it was sent; zero if that is not known
}

// KubectlApply stands for who sent what an object's annotation has as last applied, where
// metadata.managedFields does not tell.
const KubectlApply = "kubectl apply"

// WrittenAs returns how an object was last written by somebody else than the
// cluster's own controllers, false if nobody did or that is not known. The
// version that the view holds says nothing of that: a server converts an object
// to whatever version it is asked for.
func (c *Cluster) WrittenAs(r Resource, o Object) (Written, bool) {
	if c.Info.Offline {
		return c.writtenDown(r, o)
	}
	writers := Writers(o)
	if len(writers) == 0 {
		return Written{}, false
	}
	return writers[0], true
}

// Writers returns how each who has a part in an object of a server last wrote it, the
// newest first, without the cluster's own controllers. Whose fields others have all taken
// over has none any more; whose fields are left writes them again as he did last, until he
// says otherwise.
func Writers(o Object) []Written {
	object, ok := o.(metav1.Object)
	if !ok {
		return nil
	}
	var writers []Written
	managed := object.GetManagedFields()
	for i := range managed {
		m := &managed[i]
		if m.Subresource != "" || m.APIVersion == "" || slices.Contains(ownManagers(), m.Manager) {
			continue
		}
		w := Written{APIVersion: m.APIVersion, Manager: m.Manager}
		if m.Time != nil {
			w.At = *m.Time
		}
		at := slices.IndexFunc(writers, func(known Written) bool { return known.Manager == m.Manager })
		switch {
		case at < 0:
			writers = append(writers, w)
		case !w.At.Before(&writers[at].At):
			writers[at] = w
		}
	}
	slices.SortStableFunc(writers, func(a, b Written) int { return b.At.Compare(a.At.Time) })
	applied := appliedAs(object)
	if applied != "" && !slices.ContainsFunc(writers, func(w Written) bool { return w.APIVersion == applied }) {
		writers = append(writers, Written{APIVersion: applied, Manager: KubectlApply})
	}
	return writers
}

// writtenDown returns how an object of a view of manifests is written.
func (c *Cluster) writtenDown(r Resource, o Object) (Written, bool) {
	if origin, ok := c.origins[r.Ref(o.GetNamespace(), o.GetName())]; ok && origin.APIVersion != "" {
		return Written{APIVersion: origin.APIVersion}, true
	}
	object, ok := o.(runtime.Object)
	if !ok {
		return Written{}, false
	}
	version := object.GetObjectKind().GroupVersionKind().GroupVersion().String()
	return Written{APIVersion: version}, version != ""
}

// ownManagers returns how the parts of a cluster itself call themselves where
// they write objects: they move on with the cluster's version. Nobody is called
// before-first-apply: that is what there was when the server began to take notes
// (k8s.io/apimachinery/pkg/util/managedfields/internal/skipnonapplied.go).
func ownManagers() []string {
	return []string{
		"kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "cloud-controller-manager", "before-first-apply",
	}
}

// appliedAs returns the version of its API in which kubectl applied an object last, ""
// if it does not say. kubectl writes the annotation with its keys sorted
// (k8s.io/kubectl/pkg/util/apply.go), so that the version comes first.
func appliedAs(m metav1.Object) string {
	rest, ok := strings.CutPrefix(m.GetAnnotations()[corev1.LastAppliedConfigAnnotation], appliedPrefix)
	if !ok {
		return ""
	}
	version, _, ended := strings.Cut(rest, `"`)
	if !ended {
		return ""
	}
	return version
}

const appliedPrefix = `{"apiVersion":"`

// appliedOtherwise returns what a view keeps of the annotation with what was last applied:
// the version of its API, where that is another one than the view's; "" for nothing.
func appliedOtherwise(r Resource, m metav1.Object) string {
	version := appliedAs(m)
	if version == "" || version == r.apiVersion() {
		return ""
	}
	return appliedPrefix + version + `"}`
}

// keepApplied gives an object, whose metadata was stripped, what is kept of the annotation.
func keepApplied(m metav1.Object, applied string) {
	if applied == "" {
		return
	}
	annotations := maps.Clone(m.GetAnnotations())
	if annotations == nil {
		annotations = map[string]string{}
	}
	annotations[corev1.LastAppliedConfigAnnotation] = applied
	m.SetAnnotations(annotations)
}

// outdated returns who wrote an object, if somebody of them did through another version of
// its API than the view reads; nil if nobody did.
func outdated(r Resource, o Object) []metav1.ManagedFieldsEntry {
	other := func(w Written) bool { return w.APIVersion != r.apiVersion() && w.Manager != KubectlApply }
	m, ok := o.(metav1.Object)
	if !ok || !slices.ContainsFunc(Writers(o), other) {
		return nil
	}
	entries := m.GetManagedFields()
	for i := range entries {
		entries[i].FieldsV1 = nil
	}
	return entries
}
