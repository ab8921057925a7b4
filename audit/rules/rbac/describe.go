package rbac

import (
	"fmt"
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit/access"
)

// listing names subjects for a message: the first, and how many more.
func listing(who []access.Bound) string {
	if len(who) == 1 {
		return who[0].String()
	}
	return fmt.Sprintf("%s and %d more", who[0], len(who)-1)
}

// message says what subjects can do by a power.
func message(who []access.Bound, w *power, where string) string {
	switch {
	case w.holds == "":
		return listing(who) + " can " + strings.ReplaceAll(w.can, "%s", where)
	case len(who) == 1:
		return listing(who) + " holds " + w.holds
	}
	return listing(who) + " hold " + w.holds
}

// path says how subjects come to the rules of a role.
func (c *charge) path(who []access.Bound) string {
	names := make([]string, len(who))
	for i, s := range who {
		names[i] = s.String()
	}
	return fmt.Sprintf("%s gives %s the %s", c.Ref, strings.Join(names, ", "), c.Role)
}

// remark says why the severity is lower than that of the rule.
func remark(steps int) string {
	if steps == 0 {
		return ""
	}
	return " Graded lower, since no program that runs in the cluster is known to carry a token for it."
}

// describe says what a rule of a role allows.
func describe(rule rbacv1.PolicyRule, index int) string {
	what := enumerate(rule.Resources, "all resources")
	if len(rule.NonResourceURLs) > 0 {
		what = enumerate(rule.NonResourceURLs, "all paths")
	}
	text := fmt.Sprintf("rules[%d] allows %s on %s", index, enumerate(rule.Verbs, "all verbs"), what)
	switch {
	case len(rule.APIGroups) == 0 || len(rule.APIGroups) == 1 && rule.APIGroups[0] == "":
	case len(rule.APIGroups) == 1 && rule.APIGroups[0] == rbacv1.APIGroupAll:
		text += " of all API groups"
	default:
		groups := make([]string, len(rule.APIGroups))
		for i, g := range rule.APIGroups {
			groups[i] = g
			if g == "" {
				groups[i] = "the core group"
			}
		}
		text += " of " + strings.Join(groups, ", ")
	}
	return text
}

// enumerate joins words; all stands for a "*" among them.
func enumerate(words []string, all string) string {
	if slices.Contains(words, "*") {
		return all
	}
	return strings.Join(words, ", ")
}
