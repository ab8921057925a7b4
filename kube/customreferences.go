package kube

import (
	"cmp"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// custom adds what a custom object refers to in its namespace. Almost all of
// them say it in a few ways that the API has made a custom: secretName,
// secretRef.name, {kind: ConfigMap, name}. What they do not say that way is
// added by kind.
func (r *references) custom(resource Resource, o *unstructured.Unstructured) {
	w := walk{namespace: o.GetNamespace(), into: func(namespace string) *references {
		if namespace == o.GetNamespace() {
			return r
		}
		return &references{} // of another namespace, which has to allow it: see granted
	}}
	w.value("", o.Object["spec"])
	switch resource {
	case ReferenceGrants:
		r.granted(o)
	case ExternalSecrets:
		target, _, _ := unstructured.NestedString(o.Object, "spec", "target", "name")
		r.secrets.add(cmp.Or(target, o.GetName()))
	}
}

// customOfCluster adds what a custom object without a namespace refers to.
func (r *clusterReferences) customOfCluster(o *unstructured.Unstructured) {
	w := walk{into: r.in}
	w.value("", o.Object["spec"])
}

// granted adds what objects of other namespaces may refer to, as a Gateway to
// the Secret of its certificate. That they do is for them to say: a grant is
// made for one that does.
func (r *references) granted(o *unstructured.Unstructured) {
	to, _, _ := unstructured.NestedSlice(o.Object, "spec", "to")
	for _, entry := range to {
		target, _ := entry.(map[string]any)
		kind, _ := target["kind"].(string)
		name, _ := target["name"].(string)
		switch {
		case name != "":
		case kind == Secrets.Kind:
			r.everySecret = true
		case kind == ConfigMaps.Kind:
			r.everyConfigMap = true
		}
		if names := r.ofKind(kind); names != nil {
			names.add(name)
		}
	}
}

// walk looks through a custom object for references.
type walk struct {
	namespace string // of the object
	into      func(namespace string) *references
}

// value looks through what a field has. The items of a list are taken to be
// called like the list.
func (w walk) value(field string, value any) {
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			w.value(field, item)
		}
	case string:
		w.text(strings.ToLower(field), value)
	case map[string]any:
		w.object(strings.ToLower(field), value)
		for key, inner := range value {
			w.value(key, inner)
		}
	}
}

// text adds the name in a field that says what it names: secretName, secret,
// configMaps, serviceAccountName, claimName.
func (w walk) text(field, name string) {
	in := w.into(w.namespace)
	field = strings.TrimSuffix(strings.TrimSuffix(field, "name"), "s")
	switch {
	case strings.HasSuffix(field, "secret"):
		in.secrets.add(name)
	case strings.HasSuffix(field, "configmap"):
		in.configMaps.add(name)
	case strings.HasSuffix(field, "serviceaccount"):
		in.accounts.add(name)
	case strings.HasSuffix(field, "claim"):
		in.claims.add(name)
	}
}

// object adds what an object with a name refers to: by its kind, by what the
// field is called, or, for one that names a key, either of what has keys.
func (w walk) object(field string, object map[string]any) {
	name, _ := object["name"].(string)
	if name == "" {
		return
	}
	namespace, _ := object["namespace"].(string)
	in := w.into(cmp.Or(namespace, w.namespace))
	kind, _ := object["kind"].(string)
	if kind != "" {
		if names := in.ofKind(kind); names != nil {
			names.add(name)
		}
		return
	}
	_, keyed := object["key"].(string)
	switch {
	case strings.Contains(field, "secret"), strings.Contains(field, "certificateref"):
		in.secrets.add(name)
	case strings.Contains(field, "configmap"):
		in.configMaps.add(name)
	case strings.Contains(field, "serviceaccount"):
		in.accounts.add(name)
	case keyed:
		in.secrets.add(name)
		in.configMaps.add(name)
	}
}
