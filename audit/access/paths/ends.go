package paths

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/audit/access/graph"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Starts returns from where ways are worth telling: everything at which somebody
// starts who has nothing, and every ServiceAccount, user and group, but for what
// the platform itself is made of: ServiceAccounts of its namespaces, and what the
// API server names "system:…".
func (m *Map) Starts() []int32 {
	starts := slices.Clone(m.Entries())
	for v, vertex := range m.Vertices() {
		switch vertex.Kind {
		case graph.ServiceAccount:
			if kube.Platform(vertex.Namespace) {
				continue
			}
		case graph.User, graph.Group:
			if strings.HasPrefix(vertex.Name, "system:") {
				continue
			}
		default:
			continue
		}
		starts = append(starts, v)
	}
	return starts
}

// Start returns the vertex of a subject. It is an error if neither a binding nor an
// object of the view names it: then it has no more than everybody has.
func (m *Map) Start(s access.Subject) (int32, error) {
	if v, ok := m.Subject(s); ok {
		return v, nil
	}
	return 0, fmt.Errorf("%s is in no binding, and there is no such ServiceAccount: it has what everybody has", s)
}

// Target returns the vertices that a text names: "cluster-admin" (everything),
// "node" (root on any node), "secrets:NAMESPACE" or "admin:NAMESPACE" (everything in
// a namespace). The error says which there are, or that the namespace is not known.
func (m *Map) Target(text string) ([]int32, error) {
	kind, namespace, named := strings.Cut(text, ":")
	switch {
	case text == "cluster-admin":
		return []int32{m.Cluster()}, nil
	case text == "node":
		return m.Nodes(), nil
	case named && kind == "secrets":
		if v, ok := m.SecretsOf(namespace); ok {
			return []int32{v}, nil
		}
	case named && kind == "admin":
		if v, ok := m.AdminOf(namespace); ok {
			return []int32{v}, nil
		}
	default:
		return nil, fmt.Errorf("%q is no target: there are cluster-admin, node, secrets:NAMESPACE and admin:NAMESPACE", text)
	}
	return nil, fmt.Errorf("%q is no target: there is no namespace %q", text, namespace)
}
