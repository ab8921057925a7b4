package screen

import (
	"context"
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
)

// Inspector reads what a view does not hold of single objects. It is asked only while
// somebody looks at the object, in the background; its texts are anybody's.
type Inspector interface {
	// Object returns an object as it is written. The error says which right is missing,
	// if that is what is wrong.
	Object(ctx context.Context, ref kube.Ref) (kube.Text, error)
	// Events returns the Events about objects, in any order. With an error it returns
	// those that it read before.
	Events(ctx context.Context, about []kube.Ref) ([]*corev1.Event, error)
	// Logs gives the lines of a log, one at a time, until it ends or the context does.
	Logs(ctx context.Context, l kube.LogRequest, line func(kube.LogLine)) error
}

// Faulting is a screen that knows which field of the selected object is at fault.
type Faulting interface {
	Pointing
	// Fault returns the field's path, "" for the object as a whole.
	Fault() string
}

// ObjectAddress returns the address of an object, as "object/Deployment/shop/web" or
// "object/Node/n1". A kind that several groups have bears its group, as in
// "object/NetworkPolicy.crd.projectcalico.org/shop/web".
func ObjectAddress(ref kube.Ref) nav.Address {
	kind := ref.Kind
	if first, ok := resourceNamed(kind); ok && first.Group != ref.Group || ref.Group == kube.Constraints.Group {
		kind += "." + ref.Group
	}
	parts := []string{kind}
	if ref.Namespace != "" {
		parts = append(parts, ref.Namespace)
	}
	return nav.Address{Screen: "object", Target: strings.Join(append(parts, ref.Name), "/")}
}

// ParseObject reads what stands behind "object/": a kind, as kubectl takes it, perhaps
// with its group behind a dot, the namespace of an object that has one, and its name.
func ParseObject(target string) (kube.Ref, error) {
	kind, place, _ := strings.Cut(target, "/")
	r, ok := resourceNamed(kind)
	if !ok {
		return kube.Ref{}, fmt.Errorf("%q is no kind of object that is read", kind)
	}
	namespace, name, two := strings.Cut(place, "/")
	switch {
	case r.Namespaced && (!two || namespace == "" || name == ""):
		return kube.Ref{}, fmt.Errorf("%s is named by %s/NAMESPACE/NAME", r.Kind, r.Kind)
	case !r.Namespaced && (two || place == ""):
		return kube.Ref{}, fmt.Errorf("%s is named by %s/NAME", r.Kind, r.Kind)
	case !r.Namespaced:
		return r.Ref("", place), nil
	}
	return r.Ref(namespace, name), nil
}

// resourceNamed returns the resource that a word names as kubectl would take it.
func resourceNamed(word string) (kube.Resource, bool) {
	for _, r := range kube.Resources() {
		if r == kube.PodMetrics || r == kube.NodeMetrics || r == kube.Livez {
			continue
		}
		for _, name := range []string{r.Kind, r.Plural, r.Short, r.Kind + "." + r.Group, r.Plural + "." + r.Group} {
			if name != "" && strings.EqualFold(name, word) {
				return r, true
			}
		}
	}
	if kind, of := strings.CutSuffix(word, "."+kube.Constraints.Group); of && kind != "" {
		return kube.Constraints.As(kind), true
	}
	return kube.Resource{}, false
}
