package hygiene

import (
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var clusterRoleUnused = &audit.Rule{
	ID:       "cluster-role-unused",
	Title:    "No binding refers to a ClusterRole",
	Severity: audit.Low,
	Rationale: "A ClusterRole that is bound to nobody grants nothing, until somebody binds it, in any namespace, without reading " +
		"what it has become. Whoever reviews permissions reads it in vain.",
	Remediation: "Delete it, unless people are meant to bind it when they need it or an operator binds it for its tenants.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.ClusterRoles},
	Reads:       []kube.Resource{kube.ClusterRoleBindings},
	Consults:    []kube.Resource{kube.RoleBindings},
	Wide:        true, // bindings of any namespace, and other ClusterRoles that gather it
	Check: audit.EachObject(kube.ClusterRoles,
		func(c *kube.Cluster) kube.Table[*rbacv1.ClusterRole] { return c.ClusterRoles },
		func(p *audit.Pass, r *rbacv1.ClusterRole) {
			switch {
			case p.Cluster.Info.Offline, len(r.OwnerReferences) > 0, r.DeletionTimestamp != nil, bootstraps(r.Labels):
				p.NotApplicable()
			case boundClusterRoles.Of(p.Cluster)[r.Name], gathered(p.Cluster, r):
			default:
				if why := unreadAnywhere(p.Cluster, []kube.Resource{kube.RoleBindings}); why != "" {
					p.Unknown(why)
					return
				}
				p.Report(audit.Finding{
					Message: "no binding refers to it",
					Detail: "Neither a ClusterRoleBinding nor a RoleBinding of any namespace refers to it, " +
						"and no aggregationRule selects it.",
				})
			}
		}),
}

// boundClusterRoles has the names of the ClusterRoles that are bound somewhere.
var boundClusterRoles = kube.Derive(func(c *kube.Cluster) map[string]bool {
	bound := map[string]bool{}
	for b := range c.ClusterRoleBindings.All() {
		bound[b.RoleRef.Name] = true
	}
	for b := range c.RoleBindings.All() {
		if b.RoleRef.Kind == kube.ClusterRoles.Kind {
			bound[b.RoleRef.Name] = true
		}
	}
	return bound
}).From(kube.RoleBindings, kube.ClusterRoleBindings)

// gathering has the selectors by which ClusterRoles take over the rules of others:
// a handful in any cluster.
var gathering = kube.Derive(func(c *kube.Cluster) []labels.Selector {
	var all []labels.Selector
	for r := range c.ClusterRoles.All() {
		if r.AggregationRule == nil {
			continue
		}
		for i := range r.AggregationRule.ClusterRoleSelectors {
			if s, err := metav1.LabelSelectorAsSelector(&r.AggregationRule.ClusterRoleSelectors[i]); err == nil {
				all = append(all, s)
			}
		}
	}
	return all
}).From(kube.ClusterRoles)

// gathered reports whether the rules of a ClusterRole become those of another.
func gathered(c *kube.Cluster, r *rbacv1.ClusterRole) bool {
	for _, s := range gathering.Of(c) {
		if s.Matches(labels.Set(r.Labels)) {
			return true
		}
	}
	return false
}
