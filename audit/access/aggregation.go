package access

import (
	"iter"
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Sources returns the ClusterRoles from which an aggregated ClusterRole has a rule,
// by its index: those that its selectors choose and that have the same rule, and
// where such a one is aggregated itself, those behind it. They are sorted; nil
// for a role that is not aggregated, and for a rule that nothing chosen has: the
// controller manager will take it away. What is granted are the stored rules
// alone, whatever this returns.
func Sources(c *kube.Cluster, clusterRole string, rule int) []string {
	all := sources.Of(c, clusterRole)
	if rule >= len(all) {
		return nil
	}
	return all[rule]
}

// sources are those of each rule of a ClusterRole.
var sources = kube.DeriveFor(func(c *kube.Cluster, name string) [][]string {
	role, ok := c.ClusterRoles.Get("", name)
	if !ok {
		return nil
	}
	var from [][]string
	for i := range role.Rules {
		found := map[string]bool{}
		trace(c, role, &role.Rules[i], map[string]bool{name: true}, found)
		var names []string
		for name := range found {
			names = append(names, name)
		}
		slices.Sort(names)
		from = append(from, names)
	}
	return from
}).From(kube.ClusterRoles)

// trace collects the roles behind a rule of an aggregated one. Roles may select
// each other: each is entered once.
func trace(c *kube.Cluster, role *rbacv1.ClusterRole, rule *rbacv1.PolicyRule, entered, found map[string]bool) {
	for chosen := range Aggregated(c, role) {
		if entered[chosen.Name] || !contains(chosen.Rules, *rule) {
			continue
		}
		entered[chosen.Name] = true
		if before := len(found); chosen.AggregationRule != nil {
			trace(c, chosen, rule, entered, found)
			if len(found) > before {
				continue // it only passes the rule on
			}
		}
		found[chosen.Name] = true
	}
}

// Aggregated yields the ClusterRoles whose rules the controller manager gathers in
// an aggregated one, by selector and then by name, each once: those that a selector
// chooses, but itself. None for a role that is not aggregated.
func Aggregated(c *kube.Cluster, role *rbacv1.ClusterRole) iter.Seq[*rbacv1.ClusterRole] {
	return func(yield func(*rbacv1.ClusterRole) bool) {
		if role.AggregationRule == nil {
			return
		}
		yielded := map[string]bool{role.Name: true}
		for _, s := range role.AggregationRule.ClusterRoleSelectors {
			selector, err := metav1.LabelSelectorAsSelector(&s)
			if err != nil {
				return // the controller manager gives up, too
			}
			for candidate := range c.ClusterRoles.All() {
				if yielded[candidate.Name] || !selector.Matches(labels.Set(candidate.Labels)) {
					continue
				}
				yielded[candidate.Name] = true
				if !yield(candidate) {
					return
				}
			}
		}
	}
}

// Gathered returns the rules that the controller manager would store in an
// aggregated ClusterRole as things are: what is stored differs for a moment after a
// change, where nothing runs it, and in manifests. Roles that select aggregated
// ones converge by being gathered again. It is nil for a role that is not
// aggregated (k8s.io/kubernetes/pkg/controller/clusterroleaggregation).
func Gathered(c *kube.Cluster, role *rbacv1.ClusterRole) []rbacv1.PolicyRule {
	var rules []rbacv1.PolicyRule
	for chosen := range Aggregated(c, role) {
		for _, rule := range chosen.Rules {
			if !contains(rules, rule) {
				rules = append(rules, rule)
			}
		}
	}
	return rules
}

func contains(rules []rbacv1.PolicyRule, rule rbacv1.PolicyRule) bool {
	return slices.ContainsFunc(rules, func(r rbacv1.PolicyRule) bool { return equality.Semantic.DeepEqual(r, rule) })
}
