package rbac

import (
	"iter"
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/audit/access/scope"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// charge is a binding as it counts in one namespace. A RoleBinding counts in
// its own. A ClusterRoleBinding counts in each namespace whose ServiceAccounts
// it gives its role to, and in "", the cluster, for all other subjects.
type charge struct {
	*access.Binding
	namespace string
	shared    *bindings // of the same view
	// who are the subjects that count there; never empty.
	who []access.Bound
	// held are the powers of the role; none unless it is resolved.
	held []holding
	// doubts are the powers that somebody may hold by a role that is not known.
	doubts []doubt
}

// doubt is a power of which it takes the role of another binding to tell.
type doubt struct {
	power   *power
	binding *access.Binding
}

// bindings is what the rules of this category share of a view.
type bindings struct {
	// charges are those of ClusterRoleBindings first, each binding's by namespace.
	charges []*charge
	minor   int
	roles   map[boundRole]roleUse
	// mighty are, by namespace, its ServiceAccounts with power over the cluster.
	mighty map[string][]might
}

// boundRole is a role and how it is bound; roleUse what that gives.
type boundRole struct {
	role  kube.Ref
	scope bindingScope
}

type roleUse struct {
	held     []holding
	open     []holding // of which it depends on the subject whether it holds them
	harmless bool
}

// worst returns the severity of the worst power that the use gives everybody, 0
// if it gives none.
func (u roleUse) worst() audit.Severity {
	worst := audit.Severity(0)
	for _, h := range u.held {
		worst = max(worst, h.severity)
	}
	return worst
}

// bindingsOf derives the bindings of a view, once for all rules.
var bindingsOf = kube.Derive(func(c *kube.Cluster) *bindings {
	d := &bindings{minor: c.Info.Minor(), roles: map[boundRole]roleUse{}, mighty: map[string][]might{}}
	index := access.Of(c)
	for _, b := range index.Bindings {
		d.learn(b)
	}
	for _, b := range index.Bindings {
		d.charges = append(d.charges, d.charge(index, b)...)
	}
	return d
}).From(access.Resources()...)

// use returns what a binding of the view gives.
func (d *bindings) use(b *access.Binding) roleUse {
	return d.roles[boundRole{b.Role, scopeOf(b)}]
}

// learn notes what the role of a binding gives, and to whom it gives power over
// the cluster.
func (d *bindings) learn(b *access.Binding) {
	key := boundRole{b.Role, scopeOf(b)}
	if _, known := d.roles[key]; !known {
		held, open := holdings(b, d.minor)
		d.roles[key] = roleUse{held: held, open: open, harmless: scope.Harmless(b.Rules)}
	}
	if key.scope == inNamespace || d.roles[key].worst() < audit.High {
		return
	}
	for _, s := range b.Subjects {
		if home := s.HomeNamespace(); home != "" {
			d.mighty[home] = append(d.mighty[home], might{s.Subject, b})
		}
	}
}

func (d *bindings) charge(index *access.Index, b *access.Binding) []*charge {
	use := d.use(b)
	var charges []*charge
	for _, s := range b.Subjects {
		if b.Bootstrap && builtIn(s.Subject, use) {
			continue
		}
		namespace := b.Ref.Namespace
		if b.Wide() {
			namespace = s.HomeNamespace()
		}
		i := slices.IndexFunc(charges, func(c *charge) bool { return c.namespace == namespace })
		if i < 0 {
			i = len(charges)
			charges = append(charges, &charge{Binding: b, namespace: namespace, shared: d, held: use.held})
		}
		charges[i].who = append(charges[i].who, s)
	}
	slices.SortFunc(charges, func(a, b *charge) int { return strings.Compare(a.namespace, b.namespace) })
	if len(use.open) > 0 {
		for _, c := range charges {
			c.complete(d, index, use.open)
		}
	}
	return charges
}

// complete finds those of the subjects that hold what the role gives in part.
func (c *charge) complete(d *bindings, index *access.Index, open []holding) {
	c.held = slices.Clone(c.held)
	for _, part := range open {
		whole := holding{}
		for _, s := range c.who {
			if !notMasters(s) {
				continue
			}
			holder := holder{binding: c.Binding, who: s.Subject, shared: d, index: index}
			done, ok := part.power.completes(holder)
			if b := holder.unread(); !ok && b != nil {
				c.doubts = append(c.doubts, doubt{part.power, b})
			}
			if !ok {
				continue
			}
			h := part.completed(done)
			switch {
			case len(whole.who) == 0 || h.severity > whole.severity:
				whole, whole.who = h, []access.Bound{s}
			case h.severity == whole.severity && h.namespace == whole.namespace:
				whole.who = append(whole.who, s)
			}
		}
		if len(whole.who) > 0 {
			c.held = append(c.held, whole)
		}
	}
}

// builtIn reports whether the API server itself made a subject part of a
// binding that bears its label: the label alone must not hide who was added, or
// what anybody labels so.
func builtIn(s access.Subject, use roleUse) bool {
	if s.Everybody() {
		return len(use.held)+len(use.open) == 0
	}
	return s.Bootstrap()
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
		h := c.holding(func(held *power) bool { return held == w })
		if h == nil {
			if i := slices.IndexFunc(c.doubts, func(d doubt) bool { return d.power == w }); i >= 0 {
				p.Unknown(c.doubts[i].binding.Role.String() + " is not in the view")
			}
			return
		}
		switch h.presentIn(p.Cluster, c) {
		case there:
			p.Report(c.finding(p.Cluster, *h))
		case unseen:
			p.Unknown("what it gives power over is not in the view")
		case absent:
		}
	})
}

// holding returns how the charge holds a power, nil if it does not. It is asked
// for every charge by every rule.
func (c *charge) holding(is func(*power) bool) *holding {
	for i := range c.held {
		if is(c.held[i].power) {
			return &c.held[i]
		}
	}
	return nil
}

func (h *holding) presentIn(view *kube.Cluster, c *charge) presence {
	if h.power.present == nil {
		return there
	}
	return h.power.present(view, c, *h)
}

func isMasters(s access.Bound) bool {
	return s.Kind == rbacv1.GroupKind && s.Name == access.GroupMasters
}

func notMasters(s access.Bound) bool { return !isMasters(s) }

// finding describes a power that the subjects hold.
func (c *charge) finding(view *kube.Cluster, h holding) audit.Finding {
	who := c.holders(h)
	steps := stepsOf(view, who)
	f := audit.Finding{
		Severity: lower(h.severity, steps),
		Path:     "roleRef.name",
		Message:  message(who, h.power, c.where(h)),
		Detail:   c.path(who) + ", whose " + describe(c.Rules[h.rule], h.rule) + "." + h.because + remark(steps),
		Implied:  c.cause(view, h, lower(h.severity, steps)),
	}
	if h.power.fixes != nil {
		f.Fixes = h.power.fixes(view, c, h)
	}
	return f
}

// holders returns those of the subjects that hold a power by the binding.
func (c *charge) holders(h holding) []access.Bound {
	if h.who != nil {
		return h.who
	}
	if slices.ContainsFunc(c.who, isMasters) {
		return slices.DeleteFunc(slices.Clone(c.who), isMasters)
	}
	return c.who
}

// cause returns the rule that finds in the same binding what makes a power of
// some severity a consequence, "" if none does.
func (c *charge) cause(view *kube.Cluster, h holding, severity audit.Severity) string {
	costs := func(rule string) bool {
		worse := c.holding(func(held *power) bool { return held.rule == rule })
		return worse != nil && worse.presentIn(view, c) == there &&
			lower(worse.severity, stepsOf(view, c.holders(*worse))) >= severity
	}
	if h.implied != "" && costs(h.implied) {
		return h.implied
	}
	if i := slices.IndexFunc(h.power.within, costs); i >= 0 {
		return h.power.within[i]
	}
	return ""
}

// lower takes steps off a severity, down to low.
func lower(s audit.Severity, steps int) audit.Severity {
	return max(audit.Low, s-audit.Severity(steps))
}

// where names what a power of the binding extends to.
func (c *charge) where(h holding) string {
	switch {
	case h.namespace != "":
		return "namespace " + h.namespace
	case c.Wide():
		return "the cluster"
	}
	return "namespace " + c.Ref.Namespace
}
