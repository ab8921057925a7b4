package ownership

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"
)

// Fields returns the paths of the fields that an entry of metadata.managedFields has, in
// order, as in spec.template.spec.containers[name="web"].image, without those that are no
// state of the object: metadata, status, and the note of kubectl rollout restart. It is nil
// if there are none, or if the view does not keep them ([kube.ByHand]).
func Fields(e metav1.ManagedFieldsEntry) ([]string, error) {
	if e.FieldsV1 == nil {
		return nil, nil
	}
	var fields fieldpath.Set
	if err := fields.FromJSON(bytes.NewReader(e.FieldsV1.GetRawBytes())); err != nil {
		return nil, fmt.Errorf("reading the fields of %s: %w", e.Manager, err)
	}
	var paths []string
	fields.Leaves().Iterate(func(path fieldpath.Path) {
		text := strings.TrimPrefix(path.String(), ".")
		if !strings.HasPrefix(text, "metadata.") && !strings.HasPrefix(text, "status.") && !strings.Contains(text, "kubectl.kubernetes.io/restartedAt") {
			paths = append(paths, text)
		}
	})
	slices.Sort(paths)
	return paths, nil
}
