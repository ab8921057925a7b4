package object

import (
	"encoding/json"
	"fmt"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/document"
)

// ofView writes what a view holds of an object as YAML.
func ofView(c *kube.Cluster, ref kube.Ref) (kube.Text, error) {
	held, ok := c.Find(ref)
	r, known := kube.ResourceOf(ref.Group, ref.Kind)
	if !ok || !known {
		return kube.Text{}, fmt.Errorf("there is no %s, or it cannot be seen", ref)
	}
	encoded, err := json.Marshal(kube.APIOf(held))
	if err != nil {
		return kube.Text{}, fmt.Errorf("writing %s as YAML: %w", ref, err)
	}
	fields := map[string]any{}
	if err := json.Unmarshal(encoded, &fields); err != nil {
		return kube.Text{}, fmt.Errorf("writing %s as YAML: %w", ref, err)
	}
	fields["apiVersion"], fields["kind"] = schema.GroupVersion{Group: r.Group, Version: r.Version}.String(), r.As(ref.Kind).Kind
	if encoded, err = json.Marshal(fields); err != nil {
		return kube.Text{}, fmt.Errorf("writing %s as YAML: %w", ref, err)
	}
	text := kube.Text{Line: 1}
	if r.MetadataOnly {
		text.Withheld = "of Secrets and ConfigMaps seaworthy has the metadata only, never their data"
	}
	text.YAML, err = document.FromJSON(encoded)
	return text, err
}
