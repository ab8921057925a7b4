package kube

import (
	"encoding/json"
	"unique"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// ControllerRevision is what the view keeps of a ControllerRevision: what the pods of a
// StatefulSet or DaemonSet were to be, at one of its revisions. Those of other owners
// hold whatever those like, so that only their metadata is kept.
type ControllerRevision struct {
	*Family
	Name        string
	Labels      map[string]string
	Annotations map[string]string // those that the owner had
	// Revision is greater than that of every revision that was in use before. Going
	// back to an old template gives its revision a new number, and the old time.
	Revision int64

	template unique.Handle[string] // in protobuf
	told     bool                  // there is a template
	incarnation
}

// revisionPatch is the data of a ControllerRevision of a StatefulSet or DaemonSet: a
// strategic merge patch of its spec.template and nothing else
// (k8s.io/kubernetes/pkg/controller/statefulset and daemon, getPatch).
type revisionPatch struct {
	Spec struct {
		Template *corev1.PodTemplateSpec `json:"template"`
	} `json:"spec"`
}

// GetNamespace returns the revision's namespace.
func (r *ControllerRevision) GetNamespace() string { return r.Namespace }

// GetName returns the revision's name, which is the value of the label
// controller-revision-hash of its pods, after the name of a DaemonSet.
func (r *ControllerRevision) GetName() string { return r.Name }

// GetLabels returns the revision's labels, which nobody may change.
func (r *ControllerRevision) GetLabels() map[string]string { return r.Labels }

// GetAnnotations returns the revision's annotations, which nobody may change.
func (r *ControllerRevision) GetAnnotations() map[string]string { return r.Annotations }

// Template decodes the pod template, which is the caller's own; nil if the revision is
// of another owner than a StatefulSet or DaemonSet, or cannot be read.
func (r *ControllerRevision) Template() *corev1.PodTemplateSpec {
	if !r.told {
		return nil
	}
	t := &corev1.PodTemplateSpec{}
	if err := t.Unmarshal([]byte(r.template.Value())); err != nil {
		return nil // it was encoded here
	}
	return t
}

// SameTemplate reports whether two revisions have equal templates, which costs nothing;
// false if one has none.
func (r *ControllerRevision) SameTemplate(other *ControllerRevision) bool {
	return r.told && other.told && r.template == other.template
}

// API returns the revision as the API has it, without what the view does not hold.
func (r *ControllerRevision) API() *appsv1.ControllerRevision {
	o := &appsv1.ControllerRevision{
		TypeMeta: metav1.TypeMeta{APIVersion: appsv1.SchemeGroupVersion.String(), Kind: ControllerRevisions.Kind},
		ObjectMeta: metav1.ObjectMeta{
			Namespace: r.Namespace, Name: r.Name, UID: r.UID(), Labels: r.Labels, Annotations: r.Annotations,
			CreationTimestamp: metav1.Time{Time: r.Created()}, OwnerReferences: r.Owner.references(),
		},
		Revision: r.Revision,
	}
	if t := r.Template(); t != nil {
		patch := revisionPatch{}
		patch.Spec.Template = t
		if raw, err := json.Marshal(patch); err == nil { // it came from there
			o.Data = runtime.RawExtension{Raw: raw}
		}
	}
	return o
}

// controllerRevision returns the row of a ControllerRevision.
func (s *mapSharing) controllerRevision(o *appsv1.ControllerRevision) *ControllerRevision {
	stripMetadata(o)
	row := &ControllerRevision{
		Family: s.family(o), Name: o.Name, Labels: s.share(o.Labels), Annotations: s.share(o.Annotations),
		Revision: o.Revision, incarnation: incarnationOf(&o.ObjectMeta),
	}
	if row.Owner.Group != StatefulSets.Group || row.Owner.Kind != StatefulSets.Kind && row.Owner.Kind != DaemonSets.Kind {
		return row
	}
	var patch revisionPatch
	if err := json.Unmarshal(o.Data.Raw, &patch); err != nil || patch.Spec.Template == nil {
		return row
	}
	if encoded, err := patch.Spec.Template.Marshal(); err == nil {
		row.template, row.told = unique.Make(string(encoded)), true
	}
	return row
}
