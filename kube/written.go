package kube

import (
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// Written says how somebody wrote an object.
type Written struct {
	APIVersion string // of the object as it was sent or is written down
	// Manager is who sent it, as metadata.managedFields calls it; "" for what is
	// written down.
	Manager string
}

// WrittenAs returns how an object was last written by somebody else than the
// cluster's own controllers, false if nobody did or that is not known. The
// version that the view holds says nothing of that: a server converts an object
// to whatever version it is asked for.
func (c *Cluster) WrittenAs(r Resource, o Object) (Written, bool) {
	if c.Info.Offline {
		return c.writtenDown(r, o)
	}
	object, ok := o.(metav1.Object)
	if !ok {
		return Written{}, false
	}
	var newest *metav1.ManagedFieldsEntry
	managed := object.GetManagedFields()
	for i := range managed {
		m := &managed[i]
		if m.Subresource != "" || m.APIVersion == "" || slices.Contains(ownManagers(), m.Manager) {
			continue
		}
		if newest == nil || !m.Time.Before(newest.Time) {
			newest = m
		}
	}
	if newest == nil {
		return Written{}, false
	}
	return Written{newest.APIVersion, newest.Manager}, true
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
// they write objects: they move on with the cluster's version.
func ownManagers() []string {
	return []string{"kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "cloud-controller-manager"}
}
