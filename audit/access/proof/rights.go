package proof

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/component-helpers/auth/rbac/validation"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Rights are those that one subject loses and gains. For a group they are those of
// each member.
type Rights struct {
	Subject      access.Subject
	Lost, Gained []Right
}

// Right is what somebody may do with one resource, or one path, in one scope.
type Right struct {
	// Namespace is the one in which the right counts, "" for everywhere.
	Namespace string
	// Except are namespaces in which the subject has it all the same, sorted; nil
	// unless Namespace is "".
	Except []string
	// Group and Resource are as a rule has them, the resource with its subresource;
	// "" for a path.
	Group, Resource string
	Name            string // the only object that it is for, "" for all
	Path            string // "" for a resource
	Verbs           []string
}

// Count returns how many rights there are, each verb by itself.
func Count(rights []Right) int {
	n := 0
	for _, r := range rights {
		n += len(r.Verbs)
	}
	return n
}

// affected returns the subjects of bindings that are not the same in two views, or
// whose role is not, in order.
func affected(before, after *kube.Cluster) []access.Subject {
	objects := map[kube.Ref]bool{}
	for c := range kube.Changes(before, after) {
		if slices.Contains(access.Resources(), c.Resource) && c.Resource != kube.Namespaces {
			objects[c.Resource.Ref(c.Namespace, c.Name)] = true
		}
	}
	if len(objects) == 0 {
		return nil
	}
	found := map[access.Subject]bool{}
	for _, view := range []*kube.Cluster{before, after} {
		for _, b := range access.Of(view).Bindings {
			if !objects[b.Ref] && !objects[b.Role] {
				continue
			}
			for _, s := range b.Subjects {
				found[s.Subject] = true
			}
		}
	}
	return slices.SortedFunc(maps.Keys(found), access.CompareSubjects)
}

// rightsOf compares what some subjects may do. Those for whom nothing changes, since
// another binding gives them the same, are left out. The error is that of the context.
func rightsOf(ctx context.Context, before, after *kube.Cluster, subjects []access.Subject) ([]Rights, error) {
	var all []Rights
	for _, s := range subjects {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("comparing rights: %w", err)
		}
		id := access.IdentityOf(s)
		was, is := grantedTo(before, id), grantedTo(after, id)
		r := Rights{Subject: s, Lost: missing(was, is), Gained: missing(is, was)}
		if len(r.Lost)+len(r.Gained) > 0 {
			all = append(all, r)
		}
	}
	return all, nil
}

// granted are the rules that an identity has, by the namespace in which they
// count; "" for everywhere.
type granted map[string][]rbacv1.PolicyRule

func grantedTo(c *kube.Cluster, id access.Identity) granted {
	g := granted{}
	for _, r := range access.Rights(c, id) {
		if r.Effect != access.Effective {
			continue
		}
		rule := rbacv1.PolicyRule{Verbs: r.Verbs}
		if r.Path != "" {
			rule.NonResourceURLs = []string{r.Path}
		} else {
			rule.APIGroups, rule.Resources, rule.ResourceNames = []string{r.Group}, []string{r.Resource}, r.Names
		}
		g[r.Namespace] = append(g[r.Namespace], rule)
	}
	return g
}

// missing returns what somebody who has some rules may do and somebody who has
// others may not.
func missing(has, other granted) []Right {
	var rights []Right
	for _, namespace := range slices.Sorted(maps.Keys(has)) {
		covering := other[""]
		if namespace != "" {
			covering = slices.Concat(other[""], other[namespace])
		}
		_, uncovered := validation.Covers(append(slices.Clip(covering), throughKubelet(covering)...), has[namespace])
		for i := range uncovered {
			rights = append(rights, rightOf(namespace, &uncovered[i], other))
		}
	}
	slices.SortStableFunc(rights, compareRights)
	return together(rights)
}

// throughKubelet returns the rules that others come to: whoever reaches all of the
// kubelet's API through the API server reaches the parts that have a right of their
// own (kubernetes.io/docs/reference/access-authn-authz/kubelet-authn-authz).
func throughKubelet(rules []rbacv1.PolicyRule) []rbacv1.PolicyRule {
	var parts []rbacv1.PolicyRule
	for _, r := range rules {
		if slices.Contains(r.Resources, "nodes/proxy") && (slices.Contains(r.APIGroups, "") || slices.Contains(r.APIGroups, rbacv1.APIGroupAll)) {
			part := rbacv1.PolicyRule{Verbs: r.Verbs, APIGroups: []string{""}, ResourceNames: r.ResourceNames}
			part.Resources = []string{"nodes/metrics", "nodes/stats", "nodes/log", "nodes/pods", "nodes/healthz", "nodes/configz", "nodes/checkpoint"}
			parts = append(parts, part)
		}
	}
	return parts
}

// rightOf turns a rule of one verb into a right.
func rightOf(namespace string, rule *rbacv1.PolicyRule, other granted) Right {
	r := Right{Namespace: namespace, Verbs: rule.Verbs}
	if len(rule.NonResourceURLs) > 0 {
		r.Path = rule.NonResourceURLs[0]
		return r
	}
	r.Group, r.Resource = rule.APIGroups[0], rule.Resources[0]
	if len(rule.ResourceNames) > 0 {
		r.Name = rule.ResourceNames[0]
	}
	if namespace != "" {
		return r
	}
	for _, kept := range slices.Sorted(maps.Keys(other)) {
		if kept == "" {
			continue
		}
		if covers, _ := validation.Covers(other[kept], []rbacv1.PolicyRule{*rule}); covers {
			r.Except = append(r.Except, kept)
		}
	}
	return r
}

// compareRights orders by everything but the verbs.
func compareRights(a, b Right) int {
	path := func(r Right) int { // resources before paths
		if r.Path != "" {
			return 1
		}
		return 0
	}
	return cmp.Or(
		strings.Compare(a.Namespace, b.Namespace), cmp.Compare(path(a), path(b)),
		strings.Compare(a.Group, b.Group), strings.Compare(a.Resource, b.Resource), strings.Compare(a.Path, b.Path),
		strings.Compare(a.Name, b.Name), slices.Compare(a.Except, b.Except),
	)
}

// together makes one right of those that differ in their verbs alone.
func together(rights []Right) []Right {
	var all []Right
	for _, r := range rights {
		if n := len(all); n > 0 && compareRights(all[n-1], r) == 0 {
			all[n-1].Verbs = append(all[n-1].Verbs, r.Verbs...)
			continue
		}
		r.Verbs = slices.Clone(r.Verbs)
		all = append(all, r)
	}
	place := func(verb string) int {
		if i := slices.Index(access.Verbs(), verb); i >= 0 {
			return i
		}
		return len(access.Verbs())
	}
	for i := range all {
		verbs := all[i].Verbs
		slices.SortFunc(verbs, func(a, b string) int { return cmp.Or(cmp.Compare(place(a), place(b)), strings.Compare(a, b)) })
		all[i].Verbs = slices.Compact(verbs)
	}
	return all
}
