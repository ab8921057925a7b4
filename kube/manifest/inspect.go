package manifest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/document"
)

// Object returns the document in which an object is written, comments and all. Of a
// document with a Secret or ConfigMap in it there is no text, but why it is withheld
// ([kube.Text]): their values are not shown.
func (s *Source) Object(_ context.Context, ref kube.Ref) (kube.Text, error) {
	d, ok := s.Document(ref)
	if !ok {
		return kube.Text{}, fmt.Errorf("reading %s: it is not in these manifests", ref)
	}
	root, err := document.Parse(d.Text)
	if err != nil {
		return kube.Text{}, fmt.Errorf("reading %s:%d: %w", d.File, d.Line, err)
	}
	values, err := document.Values(root)
	if err != nil {
		return kube.Text{}, fmt.Errorf("reading %s:%d: %w", d.File, d.Line, err)
	}
	text := kube.Text{File: d.File, Line: d.Line, Path: d.Path}
	if holdsValues(values) {
		text.Withheld = "the document has the data of a Secret or ConfigMap in it, which seaworthy does not show"
		return text, nil
	}
	text.YAML = d.Text
	return text, nil
}

// holdsValues reports whether a part of a document says that it is a Secret or a
// ConfigMap, or a list of them, and is more than a reference to one.
func holdsValues(value any) bool {
	switch v := value.(type) {
	case []any:
		return slices.ContainsFunc(v, holdsValues)
	case map[string]any:
		kind, _ := v["kind"].(string)
		kind = strings.TrimSuffix(kind, "List")
		if strings.EqualFold(kind, kube.Secrets.Kind) || strings.EqualFold(kind, kube.ConfigMaps.Kind) {
			for _, key := range []string{"metadata", "data", "stringData", "binaryData", "items"} {
				if _, whole := v[key]; whole {
					return true
				}
			}
		}
		for _, part := range v {
			if holdsValues(part) {
				return true
			}
		}
	}
	return false
}
