package rbac

import (
	"fmt"
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// withoutVerb returns how a power is taken back that a role gives by a verb of its
// own: the verb goes out of the rules that give the power. Where nothing else would
// be left of the role, the binding goes instead. It is nil where the rule has all
// verbs, so that somebody has to say which are needed.
func withoutVerb(verb, risk string) func(*kube.Cluster, *charge, holding) []audit.Fix {
	return func(view *kube.Cluster, c *charge, h holding) []audit.Fix {
		return narrow(view, c, h, "take the verb "+verb+" out of the role", risk, func(i int, r *rbacv1.PolicyRule) ([]audit.Edit, rest) {
			switch {
			case slices.Contains(r.Verbs, rbacv1.VerbAll):
				return nil, untouchable
			case !slices.ContainsFunc(r.Verbs, func(v string) bool { return v != verb }):
				return nil, nothing
			}
			var edits []audit.Edit
			for at, v := range slices.Backward(r.Verbs) {
				if v == verb {
					edits = append(edits, audit.Edit{Op: audit.Remove, Path: fmt.Sprintf("rules[%d].verbs[%d]", i, at)})
				}
			}
			return edits, something
		})
	}
}

// rest is what is left of a rule of a role.
type rest int

const (
	something   rest = iota
	nothing          // the rule goes
	untouchable      // how to change it is for somebody to say
)

// narrow returns the fix that changes every rule of a role that gives a power. How
// returns the edits of one, or what is to become of it. The role is edited only if
// that hits nobody but the subjects of the binding; where no other rule is left, the
// binding goes, which hits nobody else in any case.
func narrow(view *kube.Cluster, c *charge, h holding, title, risk string, how func(int, *rbacv1.PolicyRule) ([]audit.Edit, rest)) []audit.Fix {
	if c.Resolution != access.Resolved {
		return nil
	}
	fix, left := audit.Fix{Title: title, Risk: risk}, len(c.Rules)
	for i := range slices.Backward(c.Rules) { // from the end, so that indexes stay true
		if !h.power.allows(grant{&c.Rules[i], c.Role, c.Rules, scopeOf(c.Binding), c.shared.minor}) {
			continue
		}
		edits, is := how(i, &c.Rules[i])
		switch is {
		case untouchable:
			return nil
		case nothing:
			left--
			edits = []audit.Edit{{Op: audit.Remove, Path: fmt.Sprintf("rules[%d]", i)}}
		case something:
		}
		for _, e := range edits {
			e.Object = c.Role
			fix.Edits = append(fix.Edits, e)
		}
	}
	switch {
	case left == 0:
		return unbind(c.Binding, "delete the binding, whose role gives nothing else", risk)
	case !ownRole(view, c.Binding):
		return nil
	}
	if view.Info.Offline {
		fix.Risk += " So is whoever the role is bound to outside of these files."
	}
	return []audit.Fix{fix}
}

// ownRole reports whether the role of a binding can be edited without anybody else
// losing or keeping what is edited: it is bound once, it is written by hand and not
// gathered from other roles, and no other role gathers from it. What the API server
// makes by itself it makes again.
func ownRole(view *kube.Cluster, b *access.Binding) bool {
	object, ok := view.Find(b.Role)
	if !ok || boundTimes.Of(view)[b.Role] != 1 {
		return false
	}
	meta, ok := object.(metav1.Object)
	if !ok || meta.GetLabels()["kubernetes.io/bootstrapping"] != "" {
		return false
	}
	for label := range meta.GetLabels() {
		if strings.HasPrefix(label, "rbac.authorization.k8s.io/aggregate-to-") {
			return false // into a role that every server has, also where the view has not
		}
	}
	if role, ok := object.(*rbacv1.ClusterRole); ok && (role.AggregationRule != nil || gathered.Of(view)[role.Name]) {
		return false
	}
	if view.Info.Offline {
		return true
	}
	everywhere := view.Info.Scope == nil
	for _, r := range []kube.Resource{kube.RoleBindings, kube.ClusterRoleBindings} {
		if _, blind := view.Blind(r, b.Role.Namespace); blind {
			return false
		}
	}
	return everywhere || b.Role.Namespace != ""
}

// boundTimes is how many bindings each role has.
var boundTimes = kube.Derive(func(c *kube.Cluster) map[kube.Ref]int {
	times := map[kube.Ref]int{}
	for _, b := range access.Of(c).Bindings {
		times[b.Role]++
	}
	return times
}).From(access.Resources()...)

// gathered has the names of the ClusterRoles whose rules the controller manager puts
// into others.
var gathered = kube.Derive(func(c *kube.Cluster) map[string]bool {
	names := map[string]bool{}
	for role := range c.ClusterRoles.All() {
		for from := range access.Aggregated(c, role) {
			names[from.Name] = true
		}
	}
	return names
}).From(kube.ClusterRoles)

// withoutNodesProxy returns the fix that grants the parts of the kubelet's API that
// are read instead of all of it (kubernetes.io/docs/reference/access-authn-authz/
// kubelet-authn-authz; the finer ones are KEP-2862, on by default since 1.33).
func withoutNodesProxy(view *kube.Cluster, c *charge, h holding) []audit.Fix {
	instead := []string{"nodes/metrics", "nodes/stats", "nodes/log"}
	risk := "A program that uses the kubelet for more than its metrics, statistics and logs is refused: before 1.33 also for the list of its pods."
	if c.shared.minor >= 33 {
		instead = append(instead, "nodes/pods", "nodes/healthz", "nodes/configz")
		risk = "A program that has the kubelet run commands, or asks it for anything but metrics, statistics, logs, pods, health and configuration, is refused."
	}
	return narrow(view, c, h, "grant what is read of the kubelet instead of all of it", risk, func(i int, r *rbacv1.PolicyRule) ([]audit.Edit, rest) {
		if slices.ContainsFunc(r.Resources, func(name string) bool { return name == rbacv1.ResourceAll || name == "*/proxy" }) {
			return nil, untouchable
		}
		reads := instead
		if !slices.Contains(r.Verbs, "get") && !slices.Contains(r.Verbs, rbacv1.VerbAll) {
			reads = nil
		}
		return replaced(fmt.Sprintf("rules[%d].resources", i), r.Resources, "nodes/proxy", reads)
	})
}

// replaced returns the edits that put words of a list in the place of one.
func replaced(path string, list []string, word string, instead []string) ([]audit.Edit, rest) {
	missing := slices.DeleteFunc(slices.Clone(instead), func(w string) bool { return slices.Contains(list, w) })
	left := len(missing) > 0
	var edits []audit.Edit
	for at, w := range slices.Backward(list) {
		switch field := fmt.Sprintf("%s[%d]", path, at); {
		case w != word:
			left = true
		case len(missing) > 0:
			edits = append(edits, audit.Edit{Op: audit.Set, Path: field, Value: missing[0]})
			missing = missing[1:]
		default:
			edits = append(edits, audit.Edit{Op: audit.Remove, Path: field})
		}
	}
	for _, w := range missing {
		edits = append(edits, audit.Edit{Op: audit.Append, Path: path, Value: w})
	}
	if !left {
		return nil, nothing
	}
	return edits, something
}
