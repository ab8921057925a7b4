package ownership

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"
)

// leaves returns the fields that an entry of metadata.managedFields has, without those that
// are no state of the object: metadata, status, and the note of kubectl rollout restart. It
// is nil if there are none, or if the view does not keep them ([kube.ByHand]).
func leaves(e *metav1.ManagedFieldsEntry) ([]fieldpath.Path, error) {
	if e.FieldsV1 == nil {
		return nil, nil
	}
	var fields fieldpath.Set
	if err := fields.FromJSON(bytes.NewReader(e.FieldsV1.GetRawBytes())); err != nil {
		return nil, fmt.Errorf("reading the fields of %s: %w", e.Manager, err)
	}
	var paths []fieldpath.Path
	fields.Leaves().Iterate(func(path fieldpath.Path) {
		text := pathText(path)
		if !strings.HasPrefix(text, "metadata.") && !strings.HasPrefix(text, "status.") && !strings.Contains(text, "kubectl.kubernetes.io/restartedAt") {
			paths = append(paths, slices.Clone(path))
		}
	})
	return paths, nil
}

// pathText writes a path as in spec.template.spec.containers[name="web"].image.
func pathText(path fieldpath.Path) string { return strings.TrimPrefix(path.String(), ".") }
