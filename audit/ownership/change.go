package ownership

import (
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Change is what somebody changed by hand of an object that is delivered from Git.
type Change struct {
	Manager string // the client, as metadata.managedFields calls it: "kubectl-edit"
	// At is when its set of fields changed last; zero for what was written through the
	// subresource scale, of which the server does not say when.
	At metav1.Time
	// Fields are the paths of what was changed, in order; nil where the view does not
	// keep them.
	Fields []string
	// Unsure are rules of whoever delivers the object, as they are written, that may let
	// people change it so, and that cannot be told from here.
	Unsure []string
}

// Delivery returns the entry of metadata.managedFields by which an object was delivered
// from Git last, nil if it was not.
func Delivery(m metav1.Object) *metav1.ManagedFieldsEntry {
	var newest *metav1.ManagedFieldsEntry
	entries := m.GetManagedFields()
	for i := range entries {
		e := &entries[i]
		if kube.Delivers(*e) && e.Time != nil && (newest == nil || newest.Time.Before(e.Time)) {
			newest = e
		}
	}
	return newest
}

// Excepted reports whether Flux is told, on an object, to leave it as people change it
// (https://fluxcd.io/flux/components/kustomize/kustomizations/, controlling the apply
// behavior of resources; https://fluxcd.io/flux/components/helm/helmreleases/, drift
// detection).
func Excepted(m metav1.Object) bool {
	annotations := m.GetAnnotations()
	return slices.Contains([]string{"Merge", "IfNotPresent", "Ignore"}, annotations["kustomize.toolkit.fluxcd.io/ssa"]) ||
		annotations["kustomize.toolkit.fluxcd.io/reconcile"] == "disabled" || annotations["helm.toolkit.fluxcd.io/driftDetection"] == "disabled"
}

// Changes returns what people changed since an object was delivered from Git, in the order
// of metadata.managedFields, without what who delivers it lets them change. The time of an
// entry is when its set of fields changed last: who writes a field anew owns it, and who
// delivered it does not any more, until it is delivered again
// (https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management). An
// entry that cannot be read is an error.
func Changes(c *kube.Cluster, ref kube.Ref, m metav1.Object) ([]Change, error) {
	delivery := Delivery(m)
	if delivery == nil {
		return nil, nil
	}
	var changes []Change
	var let *tolerance
	entries := m.GetManagedFields()
	for i := range entries {
		e := &entries[i]
		if !kube.ByHand(*e) || e.Time != nil && !delivery.Time.Before(e.Time) {
			continue
		}
		if let == nil {
			let = toleranceOf(c, ref, m)
		}
		paths, err := leaves(e)
		if err != nil {
			return nil, err
		}
		kept := slices.DeleteFunc(slices.Clone(paths), let.accepts)
		if let.trusts(e.Manager) || e.FieldsV1 != nil && len(kept) == 0 {
			continue // no state of the object, or what people may change
		}
		change := Change{Manager: e.Manager, Fields: written(kept), Unsure: let.unsure}
		if e.Time != nil {
			change.At = *e.Time
		}
		changes = append(changes, change)
	}
	return changes, nil
}

// written returns paths as people write them, in order.
func written(paths []fieldpath.Path) []string {
	if len(paths) == 0 {
		return nil
	}
	texts := make([]string, len(paths))
	for i, path := range paths {
		texts[i] = pathText(path)
	}
	slices.Sort(texts)
	return texts
}
