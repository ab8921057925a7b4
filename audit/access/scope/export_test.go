package scope

import (
	"testing"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit/access/paths"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Atom is an atom as tests see it: "create pods/exec", with its weight and danger.
type Atom struct {
	Name   string
	Weight int
	Danger Danger
	Local  bool
}

// Atoms returns all atoms.
func Atoms() []Atom {
	var all []Atom
	for _, a := range atoms().atoms {
		name := a.request.Verb + " " + a.request.Resource
		if a.request.Subresource != "" {
			name += "/" + a.request.Subresource
		}
		if a.request.Group != "" {
			name += "." + a.request.Group
		}
		all = append(all, Atom{name, a.weight, a.danger, a.local})
	}
	return all
}

// ShareOf returns what part of all there is some rules grant, and the worst of it.
func ShareOf(rules ...rbacv1.PolicyRule) (float64, Danger) {
	r := rightsOf(rules)
	return float64(r.tenths()) / float64(10*atoms().weight), r.danger()
}

// Ways measures the ways of a map anew.
func Ways(b *testing.B, c *kube.Cluster, m *paths.Map) {
	b.Helper()
	if _, err := newOutward(b.Context(), c, m); err != nil {
		b.Fatal(err)
	}
}
