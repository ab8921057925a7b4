package deploy

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit/policy"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// WriteRoles writes the ServiceAccount, the roles and their bindings as YAML to apply, with a
// comment at each resource that says what is judged by it.
func (a Access) WriteRoles(w io.Writer) error {
	out := &manifest{w: w}
	out.line(0, "# What seaworthy needs to look at %s, and no more.", a.extent())
	out.line(0, "# Everybody who is logged in may ask for the version of the server, for what it serves and")
	out.line(0, "# for one's own rights; all else that the program asks for is listed here. Beside each")
	out.line(0, "# resource stands what is judged by it.")
	for _, r := range a.unread() {
		out.line(0, "#")
		out.line(0, "# Left out: %s", r)
		for _, blind := range blindness(r) {
			out.line(0, "#   %s", blind)
		}
	}
	out.object("v1", "ServiceAccount", a.Account, a.Namespace)
	out.line(0, "automountServiceAccountToken: false # a pod that looks says so itself")
	for _, g := range a.grants() {
		a.role(out, g)
		a.binding(out, g)
	}
	return out.err
}

// extent says in words what is looked at.
func (a Access) extent() string {
	switch {
	case len(a.Namespaces) == 0:
		return "a whole cluster"
	case a.RolesOnly:
		return "what is in " + strings.Join(a.Namespaces, ", ")
	}
	return strings.Join(a.Namespaces, ", ") + " and what is in no namespace"
}

const rbacVersion = "rbac.authorization.k8s.io/v1"

func kindOf(g grant, what string) string {
	if g.namespace == "" {
		return "Cluster" + what
	}
	return what
}

func (a Access) role(out *manifest, g grant) {
	out.object(rbacVersion, kindOf(g, "Role"), a.Name, g.namespace)
	out.line(0, "rules:")
	for _, r := range g.rules {
		if r.ofPaths() {
			out.line(1, "- nonResourceURLs:")
		} else {
			out.line(1, "- apiGroups: [%q]", r.group)
			out.line(2, "resources:")
		}
		for _, resource := range r.resources {
			out.line(3, "- %s # %s", scalar(resource), reason(r.group, resource))
			if isValued(r.group, resource) {
				out.line(3, "# Only their metadata is asked for, and nothing else leaves the program; but RBAC")
				out.line(3, "# cannot say that: who has the token of the ServiceAccount may read their values.")
			}
		}
		if r.name != "" {
			out.line(2, "resourceNames: [%s]", r.name)
		}
		out.line(2, "verbs: [%s]", strings.Join(r.verbs, ", "))
	}
}

// scalar is a name as YAML has it: an asterisk alone would be an alias.
func scalar(name string) string {
	if name == rbacv1.ResourceAll {
		return strconv.Quote(name)
	}
	return name
}

// reason says what a resource is read for.
func reason(group, name string) string {
	plural, subresource, _ := strings.Cut(strings.TrimPrefix(name, "/"), "/")
	if subresource != "" {
		return "when somebody opens one in the terminal program, and never else"
	}
	i := slices.IndexFunc(kube.Resources(), func(r kube.Resource) bool {
		return r.Group == group && r.Plural == plural || r.Page() == name
	})
	return useOf(kube.Resources()[i]).String()
}

// isValued reports whether objects hold values that nobody but their owner should read.
func isValued(group, name string) bool {
	return slices.ContainsFunc(kube.Resources(), func(r kube.Resource) bool {
		return r.MetadataOnly && r.Group == group && r.Plural == name
	})
}

func (a Access) binding(out *manifest, g grant) {
	out.object(rbacVersion, kindOf(g, "RoleBinding"), a.Name, g.namespace, accepted(g)...)
	out.line(0, "roleRef:")
	out.line(1, "apiGroup: rbac.authorization.k8s.io")
	out.line(1, "kind: %s", kindOf(g, "Role"))
	out.line(1, "name: %s", a.Name)
	out.line(0, "subjects:")
	out.line(1, "- kind: ServiceAccount")
	out.line(2, "name: %s", a.Account)
	out.line(2, "namespace: %s", a.Namespace)
}

// accepted returns the annotation by which our own rules accept a binding though it lets
// Secrets be read, none if it does not.
func accepted(g grant) []string {
	if !slices.ContainsFunc(g.rules, func(r rule) bool { return r.group == "" && slices.Contains(r.resources, kube.Secrets.Plural) }) {
		return nil
	}
	rule := "secrets-access-namespace"
	if g.namespace == "" {
		rule = "secrets-access-cluster-wide"
	}
	return []string{fmt.Sprintf("%s: %q", policy.Annotation, rule+": it asks for their metadata alone, which RBAC cannot tell from their values, and --without secrets leaves them out")}
}

// manifest writes YAML.
type manifest struct {
	w   io.Writer
	err error
}

func (m *manifest) line(depth int, format string, args ...any) {
	if m.err == nil {
		_, m.err = fmt.Fprintf(m.w, strings.Repeat("  ", depth)+format+"\n", args...)
	}
}

// object begins a document.
func (m *manifest) object(version, kind, name, namespace string, annotations ...string) {
	m.line(0, "---")
	m.line(0, "apiVersion: %s", version)
	m.line(0, "kind: %s", kind)
	m.line(0, "metadata:")
	m.line(1, "name: %s", name)
	if namespace != "" {
		m.line(1, "namespace: %s", namespace)
	}
	m.line(1, "labels:")
	m.line(2, "app.kubernetes.io/name: seaworthy")
	if len(annotations) > 0 {
		m.line(1, "annotations:")
	}
	for _, annotation := range annotations {
		m.line(2, "%s", annotation)
	}
}
