package kube

import (
	"strings"
	"sync"
)

// Ref names one object of a cluster. It is comparable and orders by namespace,
// kind and name.
type Ref struct {
	Group     string // API group, "" for the core group
	Kind      string // CamelCase singular, as in manifests
	Namespace string // "" for cluster-scoped objects
	Name      string
}

// String returns "Deployment shop/web", or "Node n1" for cluster-scoped objects.
func (r Ref) String() string {
	if r.Namespace == "" {
		return r.Kind + " " + r.Name
	}
	return r.Kind + " " + r.Namespace + "/" + r.Name
}

// Short returns the name that kubectl prints: "deploy/web".
func (r Ref) Short() string {
	return shortKind(r.Kind) + "/" + r.Name
}

// IsZero reports whether r names nothing.
func (r Ref) IsZero() bool { return r == Ref{} }

// CompareRefs orders by namespace, kind, name and group.
func CompareRefs(a, b Ref) int {
	if by := strings.Compare(a.Namespace, b.Namespace); by != 0 { // lists are sorted by it
		return by
	}
	if by := strings.Compare(a.Kind, b.Kind); by != 0 {
		return by
	}
	if by := strings.Compare(a.Name, b.Name); by != 0 {
		return by
	}
	return strings.Compare(a.Group, b.Group)
}

// shortKind returns the shortest name kubectl accepts for a built-in kind, and
// the lower-case kind for all others.
func shortKind(kind string) string {
	if short := shortKinds()[kind]; short != "" {
		return short
	}
	return strings.ToLower(kind)
}

var shortKinds = sync.OnceValue(func() map[string]string {
	names := map[string]string{}
	for _, r := range Resources() {
		if names[r.Kind] == "" {
			names[r.Kind] = r.Short
		}
	}
	return names
})
