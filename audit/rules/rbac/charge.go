package rbac

import (
	"iter"
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/util/version"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// charge is a binding as it counts in one namespace. A RoleBinding counts in
// its own. A ClusterRoleBinding counts in each namespace whose ServiceAccounts
// it gives its role to, and in "", the cluster, for all other subjects.
type charge struct {
	*access.Binding
	namespace string
	// who are the subjects that count there; never empty.
	who []access.Bound
	// held are the powers of the role; none unless it is resolved.
	held []holding
}

// bindings is what the rules of this category share of a view.
type bindings struct {
	// charges are those of ClusterRoleBindings first, each binding's by namespace.
	charges []*charge
	minor   int
	roles   map[boundRole]roleUse
}

// boundRole is a role and how it is bound; roleUse what that gives.
type boundRole struct {
	role  kube.Ref
	scope scope
}

type roleUse struct {
	held     []holding
	harmless bool
}

// bindingsOf derives the bindings of a view, once for all rules.
var bindingsOf = kube.Derive(func(c *kube.Cluster) *bindings {
	d := &bindings{minor: serverMinor(c), roles: map[boundRole]roleUse{}}
	for _, b := range access.Of(c).Bindings {
		d.charges = append(d.charges, d.charge(b)...)
	}
	return d
}).From(access.Resources()...)

// use returns what a binding of the view gives.
func (d *bindings) use(b *access.Binding) roleUse {
	return d.roles[boundRole{b.Role, scopeOf(b)}]
}

func (d *bindings) charge(b *access.Binding) []*charge {
	key := boundRole{b.Role, scopeOf(b)}
	if _, known := d.roles[key]; !known {
		d.roles[key] = roleUse{held: holdings(b, d.minor), harmless: harmless(b.Rules)}
	}
	held := d.roles[key].held
	var charges []*charge
	for _, s := range b.Subjects {
		if b.Bootstrap && builtIn(s.Subject, held) {
			continue
		}
		namespace := b.Ref.Namespace
		if b.Wide() {
			namespace = s.HomeNamespace()
		}
		i := slices.IndexFunc(charges, func(c *charge) bool { return c.namespace == namespace })
		if i < 0 {
			i = len(charges)
			charges = append(charges, &charge{Binding: b, namespace: namespace, held: held})
		}
		charges[i].who = append(charges[i].who, s)
	}
	slices.SortFunc(charges, func(a, b *charge) int { return strings.Compare(a.namespace, b.namespace) })
	return charges
}

// builtIn reports whether the API server itself made a subject part of a
// binding that bears its label: the label alone must not hide who was added, or
// what anybody labels so.
func builtIn(s access.Subject, held []holding) bool {
	if s.Everybody() {
		return len(held) == 0
	}
	if s.Kind == rbacv1.ServiceAccountKind {
		return s.Namespace == "kube-system"
	}
	return strings.HasPrefix(s.Name, "system:")
}

// serverMinor returns the minor version of the server, 0 if it is not known.
func serverMinor(c *kube.Cluster) int {
	v, err := version.ParseGeneric(c.Info.Version)
	if err != nil || v.Major() == 0 {
		return 0
	}
	return int(v.Minor())
}

// weighed are the resources beside the bindings that a charge depends on: what
// the role gives, and whether anything that runs can use it.
func weighed() []kube.Resource {
	return append(kube.WorkloadResources(), kube.Namespaces, kube.ServiceAccounts,
		kube.Roles, kube.ClusterRoles, kube.RoleBindings, kube.ClusterRoleBindings)
}

// eachCharge returns a Check that judges the charges of which keep is true.
func eachCharge(keep func(*charge) bool, judge func(*audit.Pass, *charge)) audit.Check {
	return audit.Each(func(c *kube.Cluster) iter.Seq2[audit.Subject, *charge] {
		return func(yield func(audit.Subject, *charge) bool) {
			for _, charge := range bindingsOf.Of(c).charges {
				if keep(charge) && !yield(audit.Subject{Ref: charge.Ref, Namespace: charge.namespace}, charge) {
					return
				}
			}
		}
	}, judge)
}

// judgePower returns the Check of the rule that warns of a power.
func judgePower(w *power) audit.Check {
	keep := func(c *charge) bool {
		// Members of system:masters have all powers by other means.
		return w.reach.of(c.Binding) && slices.ContainsFunc(c.who, notMasters)
	}
	return eachCharge(keep, func(p *audit.Pass, c *charge) {
		if c.Resolution == access.Unread && !w.named {
			p.Unknown(c.Role.String() + " is not in the view")
			return
		}
		i := slices.IndexFunc(c.held, func(h holding) bool { return h.power == w })
		if i >= 0 {
			p.Report(c.finding(c.held[i], c.steps(p.Cluster)))
		}
	})
}

func isMasters(s access.Bound) bool {
	return s.Kind == rbacv1.GroupKind && s.Name == access.GroupMasters
}

func notMasters(s access.Bound) bool { return !isMasters(s) }

// finding describes a power that the subjects hold, graded lower by so many steps.
func (c *charge) finding(h holding, steps int) audit.Finding {
	who := c.who
	if slices.ContainsFunc(who, isMasters) {
		who = slices.DeleteFunc(slices.Clone(who), isMasters)
	}
	return audit.Finding{
		Severity: lower(h.severity, steps),
		Path:     "roleRef.name",
		Message:  message(who, h.power, c.where()),
		Detail:   c.path(who) + ", whose " + describe(c.Rules[h.rule], h.rule) + "." + remark(steps),
		Implied:  h.implied,
	}
}

// lower takes steps off a severity, down to low.
func lower(s audit.Severity, steps int) audit.Severity {
	return max(audit.Low, s-audit.Severity(steps))
}

// where names what a power of the binding extends to.
func (c *charge) where() string {
	if c.Wide() {
		return "the cluster"
	}
	return "namespace " + c.Ref.Namespace
}
