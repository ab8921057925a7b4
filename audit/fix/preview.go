package fix

import (
	"errors"
	"fmt"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Preview returns what a fix changes as a unified diff of the objects of a view as
// manifests. Edits of an object are shown together. Below an object that goes, the
// command stands that deletes it from a cluster; a Secret, of which the view has no
// data, is that command alone. Subject is the object that the finding is about. The
// error is that of [ToYAML] or [Apply], or [ErrNotInView].
func Preview(c *kube.Cluster, subject kube.Ref, f audit.Fix) (string, error) {
	var out strings.Builder
	for _, of := range byObject(subject, f.Edits) {
		before, err := manifestOf(c, of.object)
		if err != nil {
			return "", err
		}
		after, err := Apply(before, of.edits)
		if err != nil {
			return "", err
		}
		out.Write(Diff(fileOf(of.object), before, after))
	}
	if len(f.New) > 0 {
		created, err := appendObjects(nil, f.New)
		if err != nil {
			return "", err
		}
		out.Write(Diff("new.yaml", nil, created))
	}
	for _, ref := range f.Delete {
		before, err := manifestOf(c, ref)
		if err != nil && !errors.Is(err, ErrNotWhole) {
			return "", err
		}
		if err == nil {
			out.Write(Diff(fileOf(ref), before, nil))
		}
		if err != nil || !c.Info.Offline {
			out.WriteString("# " + DeleteCommand(ref) + "\n")
		}
	}
	return out.String(), nil
}

func manifestOf(c *kube.Cluster, ref kube.Ref) ([]byte, error) {
	object, ok := c.Find(ref)
	if !ok {
		return nil, fmt.Errorf("showing %s: %w", ref, ErrNotInView)
	}
	resource, _ := kube.ResourceOf(ref.Group, ref.Kind)
	return ToYAML(resource, object)
}

func fileOf(ref kube.Ref) string { return strings.ToLower(ref.Kind) + "-" + ref.Name + ".yaml" }
