package kube

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"unique"

	certificatesv1 "k8s.io/api/certificates/v1"
	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Annotations that hold a second copy of the object, or only tools read.
var dropped = []string{
	corev1.LastAppliedConfigAnnotation,
	"kapp.k14s.io/original",
	"objectset.rio.cattle.io/applied",
}

// KeepsAnnotation reports whether a view keeps an annotation as it is.
func KeepsAnnotation(key string) bool { return !slices.Contains(dropped, key) }

// stripMetadata drops what no rule reads. Of managedFields it keeps who wrote
// when through which API version, and, of the fields, only who owns
// spec.replicas: that is how an HPA that fights a manifest is told from one
// that does not (KEP-2, apis/meta/v1 ManagedFieldsEntry); and those that people
// changed by hand of what is otherwise delivered.
func stripMetadata(m metav1.Object) {
	m.SetSelfLink("")
	m.SetResourceVersion("") // of use to who follows the object, not to who looks at it
	m.SetGenerateName("")
	m.SetNamespace(unique.Make(m.GetNamespace()).Value())
	managed := m.GetManagedFields()
	delivered := slices.ContainsFunc(managed, Delivers)
	for i := range managed {
		e := &managed[i]
		shareTexts(e)
		switch {
		case e.FieldsV1 == nil, delivered && ByHand(*e) && len(e.FieldsV1.GetRawBytes()) <= mostFields:
		case OwnsReplicas(e.FieldsV1):
			e.FieldsV1 = metav1.NewFieldsV1(`{"f:spec":{"f:replicas":{}}}`)
		default:
			e.FieldsV1 = nil
		}
	}
	m.SetManagedFields(managed)
	annotations := m.GetAnnotations()
	bulky := func(key string) bool { _, there := annotations[key]; return there }
	if slices.ContainsFunc(dropped, bulky) {
		annotations = maps.Clone(annotations) // which another object may share
		maps.DeleteFunc(annotations, func(key, _ string) bool { return !KeepsAnnotation(key) })
		m.SetAnnotations(annotations)
	}
}

// shareTexts holds once what the entries of all objects have in common.
func shareTexts(m *metav1.ManagedFieldsEntry) {
	one := func(text string) string { return unique.Make(text).Value() }
	m.Manager, m.APIVersion, m.FieldsType, m.Subresource = one(m.Manager), one(m.APIVersion), one(m.FieldsType), one(m.Subresource)
	m.Operation = metav1.ManagedFieldsOperationType(one(string(m.Operation)))
}

// OwnsReplicas reports whether a set of fields has spec.replicas. Most sets are
// told by a glance; status.replicas is why that does not settle it.
func OwnsReplicas(fields *metav1.FieldsV1) bool {
	if fields == nil || !bytes.Contains(fields.GetRawBytes(), []byte(`"f:replicas"`)) {
		return false
	}
	var set struct {
		Spec map[string]json.RawMessage `json:"f:spec"`
	}
	if err := json.Unmarshal(fields.GetRawBytes(), &set); err != nil {
		return false
	}
	_, owns := set.Spec["f:replicas"]
	return owns
}

// stripBulk drops the bulky parts of an object that nobody reads, and what is none of
// our business: what a certificate is asked for with, and the certificate.
func stripBulk(o Object) {
	switch o := o.(type) {
	case *corev1.Node:
		o.Status.Images = nil
	case *storagev1.VolumeAttachment:
		o.Spec.Source.InlineVolumeSpec, o.Status.AttachmentMetadata = nil, nil
	case *certificatesv1.CertificateSigningRequest:
		o.Spec = certificatesv1.CertificateSigningRequestSpec{SignerName: o.Spec.SignerName, Username: o.Spec.Username}
		o.Status.Certificate = nil
	}
}

// metadataOf keeps an object's metadata and nothing else of it.
func metadataOf(m *metav1.ObjectMeta, kind string) *metav1.PartialObjectMetadata {
	stripMetadata(m)
	return &metav1.PartialObjectMetadata{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: kind},
		ObjectMeta: *m,
	}
}
