package kube

import (
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Constraints are what Gatekeeper enforces or audits. Each ConstraintTemplate makes a kind
// of its own, so that nobody knows beforehand which there are; rules ask the same of all.
// The view therefore has one Resource for the whole group, as RBAC and kubectl auth can-i
// write it: "*.constraints.gatekeeper.sh". Two constraints of different kinds may have the
// same name, so that a table holds each as "K8sRequiredLabels/owner" ([NameConstraint]).
// That name is known to tables, changes and deletions alone: a [Ref] has the kind and the
// name that the server has, and so have files and recordings ([APIOf]).
var Constraints = Resource{"constraints.gatekeeper.sh", "v1beta1", "*", "Constraint", "constraint", false, false, 37}

// As returns the resource of one kind, as a server and kubectl have it, where r stands for
// many ([Constraints]), and else r itself. The plural of a constraint's kind is that kind
// in lower case (github.com/open-policy-agent/frameworks, constraint/pkg/client/crds).
func (r Resource) As(kind string) Resource {
	if r == Constraints {
		r.Kind, r.Plural, r.Short = kind, strings.ToLower(kind), ""
	}
	return r
}

// NameConstraint gives a constraint the name under which a table holds it. One that has it
// already keeps it: names of objects have no slash.
func NameConstraint(o *unstructured.Unstructured) {
	if held := o.GetKind() + "/"; !strings.HasPrefix(o.GetName(), held) {
		o.SetName(held + o.GetName())
	}
}

// mostViolations is how many violations are held of a constraint. Gatekeeper itself writes
// down no more unless it is told to (--constraint-violations-limit), beside how many there are.
const mostViolations = 20

// leanConstraint is what a table holds of a constraint.
func leanConstraint(o *unstructured.Unstructured) {
	NameConstraint(o)
	status, _ := o.Object["status"].(map[string]any)
	if violations, is := status["violations"].([]any); is && len(violations) > mostViolations {
		status["violations"] = slices.Clone(violations[:mostViolations])
	}
}

// constraintRef is [Resource.Ref] of a constraint, by the name that its table has.
func constraintRef(namespace, held string) Ref {
	kind, name, named := strings.Cut(held, "/")
	if !named {
		kind, name = Constraints.Kind, held
	}
	return Ref{Group: Constraints.Group, Kind: kind, Namespace: namespace, Name: name}
}

// heldName is the name under which a table has the object.
func (r Ref) heldName() string {
	if r.Group == Constraints.Group {
		return r.Kind + "/" + r.Name
	}
	return r.Name
}

// constraintOf returns a constraint as a server has it, and any other object itself.
func constraintOf(o *unstructured.Unstructured) *unstructured.Unstructured {
	_, name, held := strings.Cut(o.GetName(), "/")
	if !held || o.GroupVersionKind().Group != Constraints.Group {
		return o
	}
	own := &unstructured.Unstructured{Object: maps.Clone(o.Object)}
	if metadata, is := own.Object["metadata"].(map[string]any); is {
		own.Object["metadata"] = maps.Clone(metadata)
	}
	own.SetName(name)
	return own
}
