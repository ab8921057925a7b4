package answer

import (
	"fmt"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

// Subject writes a subject as people type it: "sa:ci/runner", "user:jane",
// "group:devs". [access.ParseSubject] reads it again, so nothing is cleaned.
func Subject(s access.Subject) string {
	switch s.Kind {
	case rbacv1.ServiceAccountKind:
		return "sa:" + s.Namespace + "/" + s.Name
	case rbacv1.GroupKind:
		return "group:" + s.Name
	}
	return "user:" + s.Name
}

// Ref writes a binding or role where its kind is clear: one in a namespace is a
// RoleBinding or Role, the others are those of the cluster.
func Ref(r kube.Ref) string {
	if r.Namespace == "" {
		return printable.Text(r.Name)
	}
	return printable.Text(r.Namespace + "/" + r.Name)
}

// Where says where a grant counts, "" for everywhere, and for which objects alone,
// none for all.
func Where(namespace string, names []string) string {
	where := "everywhere"
	if namespace != "" {
		where = "namespace " + namespace
	}
	if len(names) > 0 {
		where += ", only " + Some(names, 3)
	}
	return printable.Text(where)
}

// Qualified names a resource with its group, as kubectl does: the subresource comes
// last there.
func Qualified(group, resource string) string {
	plural, subresource, divided := strings.Cut(resource, "/")
	if group != "" {
		plural += "." + group
	}
	if plural == "*.*" {
		plural = "*"
	}
	if divided {
		plural += "/" + subresource
	}
	return plural
}

// Some joins a list, of which it names no more than a few.
func Some(list []string, most int) string {
	if len(list) <= most+1 {
		return strings.Join(list, ",")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(list[:most], ","), len(list)-most)
}
