package answer

import (
	"fmt"
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

// Dangling returns the bindings that reach an identity and give a role that does not
// exist, by reference.
func Dangling(view *kube.Cluster, id access.Identity) []*access.Binding {
	var bindings []*access.Binding
	for _, b := range access.Of(view).GrantsOf(id) {
		if b.Resolution == access.Missing && !slices.Contains(bindings, b) {
			bindings = append(bindings, b)
		}
	}
	slices.SortFunc(bindings, func(a, b *access.Binding) int { return kube.CompareRefs(a.Ref, b.Ref) })
	return bindings
}

// Dangles says what dangling bindings would give, one line each.
func Dangles(bindings []*access.Binding) []string {
	var lines []string
	for _, b := range bindings {
		lines = append(lines, printable.Text(fmt.Sprintf("%s gives %s, which does not exist: it grants nothing until somebody creates one.", b.Ref, b.Role)))
	}
	return lines
}

// Reaching returns whether a binding reaches an identity.
func Reaching(view *kube.Cluster, id access.Identity) func(*access.Binding) bool {
	reach := map[*access.Binding]bool{}
	for _, b := range access.Of(view).GrantsOf(id) {
		reach[b] = true
	}
	return func(b *access.Binding) bool { return reach[b] }
}

// Void says why a right is none, "" for one that is.
func Void(r access.Right) string {
	switch r.Effect {
	case access.OutOfScope:
		return "a RoleBinding cannot grant it"
	case access.NoResource:
		return "it matches nothing"
	case access.Effective:
	}
	return ""
}

// Identity says who somebody is, and what must be known before their rights are
// read: the groups they are in, that they may do everything, that nobody has made
// them, that nothing grants them anything. Rights and limits are theirs.
func Identity(view *kube.Cluster, id access.Identity, rights []access.Right, l Limits) []string {
	groups := "no other group"
	if len(id.Groups) > 0 {
		groups = strings.Join(id.Groups, ", ")
	}
	lines := []string{printable.Text(fmt.Sprintf("%s, in %s.", id.Subject, groups))}
	if id.Masters() {
		lines = append(lines, fmt.Sprintf("It is in %s: it may do everything, whatever the rules say.", access.GroupMasters))
	}
	if Ghost(view, id.Subject) {
		lines = append(lines, "There is no such ServiceAccount: whoever creates it has what follows.")
	}
	switch {
	case len(rights) > 0:
	case l.Complete:
		lines = append(lines, "No binding of the cluster grants it anything.")
	default:
		lines = append(lines, "No binding that was read grants it anything.")
	}
	return lines
}

// Ghost reports whether a subject is a ServiceAccount that surely does not exist.
func Ghost(view *kube.Cluster, s access.Subject) bool {
	return s.Kind == rbacv1.ServiceAccountKind && access.Complete(view, kube.ServiceAccounts, s.Namespace) &&
		!view.Has(kube.ServiceAccounts.Ref(s.Namespace, s.Name))
}

// Nobody says that a question has no answer among the bindings of a view.
func Nobody(l Limits) string {
	if l.Complete {
		return "No binding of the cluster allows it."
	}
	return "No binding that was read allows it."
}

// Rights is rights to several things that the same rules give in the same way.
type Rights struct {
	access.Right
	// What are the resources, with group and subresource, or the paths: not cleaned.
	What []string
}

// Together puts together what the same rules give in the same way, in the order of
// the rights.
func Together(rights []access.Right) []Rights {
	var rows []Rights
	at := map[string]int{}
	for _, r := range rights {
		what := r.Path
		switch r.Path {
		case "":
			what = Qualified(r.Group, r.Resource)
		case "*":
			what = "every path"
		}
		by := make([]string, len(r.Grants))
		for i, g := range r.Grants {
			by[i] = fmt.Sprint(g.Binding.Ref, g.Rule)
		}
		key := fmt.Sprint(r.Namespace, r.Path != "", r.Effect, r.Names, r.Verbs, by)
		i, known := at[key]
		if !known {
			i = len(rows)
			at[key] = i
			rows = append(rows, Rights{Right: r})
		}
		rows[i].What = append(rows[i].What, what)
	}
	return rows
}

// Own reports whether rights are somebody's own, and not what they share with
// everybody in the same groups of the server.
func (r Rights) Own(id access.Identity) bool {
	return slices.ContainsFunc(r.Grants, func(g access.Grant) bool { return !g.Subject.Everybody() || g.Subject == id.Subject })
}
