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

// Rules words the rules of a view's roles. Where each rule of an aggregated role
// comes from is looked up once, for the same few roles are given again and again.
// It is not safe for concurrent use; make one with [NewRules].
type Rules struct {
	view    *kube.Cluster
	sources map[place][]string
}

// place is a rule of a ClusterRole.
type place struct {
	role string
	rule int
}

// NewRules returns a Rules of a view.
func NewRules(view *kube.Cluster) *Rules { return &Rules{view, map[place][]string{}} }

// Sources returns the ClusterRoles from which an aggregated role has a rule; nil
// for any other role. They are not cleaned.
func (r *Rules) Sources(role kube.Ref, rule int) []string {
	if role.Kind != kube.ClusterRoles.Kind {
		return nil
	}
	at := place{role.Name, rule}
	from, known := r.sources[at]
	if !known {
		from = access.Sources(r.view, role.Name, rule)
		r.sources[at] = from
	}
	return from
}

// Describe writes the rule of a grant in one line: its place, counted from 1, and
// what it says. Of many resources or paths those are named that asked is true of.
func (r *Rules) Describe(g access.Grant, asked func(string) bool) string {
	rule := g.Binding.Rules[g.Rule]
	what := rule.NonResourceURLs
	if len(rule.Resources) > 0 {
		what = rule.Resources
	}
	matched := slices.DeleteFunc(slices.Clone(what), func(w string) bool { return !asked(w) })
	more := len(what) - len(matched)
	if len(rule.Resources) > 0 && len(rule.APIGroups) > 0 && !slices.Contains(rule.APIGroups, "") {
		for i, resource := range matched {
			matched[i] = Qualified(rule.APIGroups[0], resource)
		}
	}
	text := fmt.Sprintf("%d: %s %s", g.Rule+1, Some(rule.Verbs, 8), Some(matched, 3))
	if more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	if len(rule.ResourceNames) > 0 {
		text += " named " + Some(rule.ResourceNames, 3)
	}
	return printable.Text(text) + r.From(g)
}

// From says where an aggregated role has the rule of a grant from: " (from view)",
// "" for a role that is not aggregated.
func (r *Rules) From(g access.Grant) string {
	from := r.Sources(g.Binding.Role, g.Rule)
	if len(from) == 0 {
		return ""
	}
	return printable.Text(" (from " + strings.Join(from, ", ") + ")")
}

// Asked returns whether a resource or path of a rule is one by which it answers a
// question.
func Asked(q access.Question) func(what string) bool {
	full := q.Resource.Plural
	if q.Subresource != "" {
		full += "/" + q.Subresource
	}
	return func(what string) bool {
		if q.Path != "" {
			return what == "*" || what == q.Path || strings.HasSuffix(what, "*")
		}
		return what == "*" || what == full || q.Subresource != "" && what == "*/"+q.Subresource
	}
}

// Rule writes all of a rule, in one line that may be long.
func Rule(rule *rbacv1.PolicyRule) string {
	var what []string
	for _, group := range rule.APIGroups {
		for _, resource := range rule.Resources {
			what = append(what, Qualified(group, resource))
		}
	}
	what = append(what, rule.NonResourceURLs...)
	text := strings.Join(rule.Verbs, ",") + " " + strings.Join(what, ", ")
	if len(rule.ResourceNames) > 0 {
		text += " named " + strings.Join(rule.ResourceNames, ", ")
	}
	return printable.Text(text)
}
