package manifest

import (
	"errors"
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/json"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// errNotAudited marks an object of a kind that the view does not hold.
var errNotAudited = errors.New("the view does not hold this kind")

// decode turns an object of JSON-like values into what the view holds. Unknown
// fields are ignored, as the API server does unless it is asked to be strict.
func decode(object map[string]any, apiVersion, kind, namespace string) (kube.Object, kube.Resource, error) {
	group, version, found := strings.Cut(apiVersion, "/")
	if !found {
		group, version = "", apiVersion
	}
	resource, ok := kube.ResourceOf(currentGroup(group, kind), kind)
	if !ok {
		return nil, resource, errNotAudited
	}
	if !resource.Custom() && (version != resource.Version || group != resource.Group) {
		convert, ok := conversions()[served{group, version, kind}]
		if !ok {
			return nil, resource, fmt.Errorf("%s of %s is a version that is not known; %s is", kind, apiVersion, versionOf(resource))
		}
		convert(object)
	}
	encoded, err := json.Marshal(object)
	if err != nil {
		return nil, resource, fmt.Errorf("decoding %s %s: %w", kind, nameOf(object), err)
	}
	into, err := decodeJSON(encoded, resource, namespace)
	if err != nil && !errors.Is(err, errNoName) {
		return nil, resource, fmt.Errorf("decoding %s %s: %w", kind, nameOf(object), err)
	}
	if err != nil {
		return nil, resource, fmt.Errorf("decoding %s: %w", kind, err)
	}
	return into, resource, nil
}

// decodeJSON returns what the view holds of an object of a resource.
func decodeJSON(encoded []byte, resource kube.Resource, namespace string) (kube.Object, error) {
	into := empty(resource)
	if err := json.Unmarshal(encoded, into); err != nil {
		return nil, err
	}
	if into.GetName() == "" {
		into.SetName(into.GetGenerateName())
	}
	if into.GetName() == "" {
		return nil, errNoName
	}
	if constraint, is := into.(*unstructured.Unstructured); is && resource == kube.Constraints {
		kube.NameConstraint(constraint)
	}
	switch {
	case !resource.Namespaced:
		into.SetNamespace("")
	case into.GetNamespace() == "":
		into.SetNamespace(namespace)
	}
	if custom, is := into.(*unstructured.Unstructured); is {
		if _, err := kube.PodTemplate(resource, custom); err != nil {
			return nil, err
		}
	}
	return held(into), nil
}

func groupOf(apiVersion string) string {
	group, _, found := strings.Cut(apiVersion, "/")
	if !found {
		return ""
	}
	return group
}

func versionOf(r kube.Resource) string {
	if r.Group == "" {
		return r.Version
	}
	return r.Group + "/" + r.Version
}

func nameOf(object map[string]any) string {
	metadata, _ := object["metadata"].(map[string]any)
	name, _ := metadata["name"].(string)
	return name
}
