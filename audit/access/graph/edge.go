package graph

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Edge says that who controls From gets To.
type Edge struct {
	From, To   int32
	Family     *Family
	Cost       uint8 // 0 to 4
	Confidence Confidence
	// Label is the number of what makes the edge: take it away and the edge is
	// gone. Several edges may have one. It is [None] where nothing in the
	// cluster's objects can be taken away.
	Label int32
}

// None is the label of edges that follow from how Kubernetes works.
const None int32 = -1

// Evidence is what makes an edge: a rule of a role as a binding grants it, or a
// field of an object.
type Evidence struct {
	// Binding grants, through Rule of Role; nil where a field makes the edge. It
	// is nil beside a Role that an attacker would bind.
	Binding *access.Binding
	Role    kube.Ref
	Rule    int
	// Object has the field, and Path is that field ("" for the object as a
	// whole). For a grant they are the binding and "".
	Object kube.Ref
	Path   string
}

// String returns where to look: "ClusterRoleBinding ops (ClusterRole admin, rule
// 3)", "Deployment shop/web spec.template.spec.hostPID".
func (e Evidence) String() string {
	switch {
	case e.Binding != nil:
		return fmt.Sprintf("%s (%s, rule %d)", e.Binding.Ref, e.Role, e.Rule+1)
	case !e.Role.IsZero():
		return fmt.Sprintf("%s, rule %d", e.Role, e.Rule+1)
	case e.Path != "":
		return e.Object.String() + " " + e.Path
	}
	return e.Object.String()
}

// evidence is [Evidence] as it is held, once for each label.
type evidence struct {
	binding *access.Binding
	rule    int32
	object  kube.Ref // the role, where there is neither binding nor path
	path    string
}

// edge is [Edge] as it is held.
type edge struct {
	from, to   int32
	label      int32
	family     uint16
	cost       uint8
	confidence Confidence
}
