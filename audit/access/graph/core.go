package graph

import (
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Ways that roles and bindings themselves open.
var (
	clusterAdmin = &Family{
		ID: "RBAC_CLUSTER_ADMIN", Title: "Everything in the cluster is granted",
		Story: "{from} may do everything with everything in {to} ({evidence})",
		Cost:  0, Severity: audit.Critical, Confidence: Proven, Source: "kubernetes.io/docs/reference/access-authn-authz/rbac, cluster-admin",
	}
	namespaceWildcard = &Family{
		ID: "RBAC_NS_WILDCARD", Title: "Everything in a namespace is granted",
		Story: "{from} may do everything with everything in {to} ({evidence})",
		Cost:  0, Severity: audit.High, Confidence: Proven, Source: "kubernetes.io/docs/reference/access-authn-authz/rbac, RoleBinding",
	}
	mastersGroup = &Family{
		ID: "MASTERS_GROUP", Title: "Members of system:masters pass every authorizer",
		Story: "members of {from} may do everything in {to}, whatever roles and bindings say",
		Cost:  0, Severity: audit.Critical, Confidence: Proven, Source: "k8s.io/apiserver/pkg/authorization/authorizerfactory, NewPrivilegedGroups",
	}
	expandNamespace = &Family{
		ID: "NSADMIN_EXPAND", Title: "Whoever may do everything in a namespace has all that runs there",
		Story: "{from} holds {to}",
		Cost:  1, Severity: audit.High, Confidence: Proven, Source: "kubernetes.io/docs/concepts/security/rbac-good-practices",
	}
	expandControlPlane = &Family{
		ID: "NSADMIN_CONTROLPLANE", Title: "Whoever has kube-system has the cluster",
		Story: "{from} holds the ServiceAccounts and the configuration of the controllers of {to}",
		Cost:  1, Severity: audit.Critical, Confidence: Conditional, Source: "kubernetes.io/docs/reference/access-authn-authz/rbac, Controller roles",
	}
)

var coreFamilies = []*Family{clusterAdmin, namespaceWildcard, mastersGroup, expandNamespace, expandControlPlane}

// Ways to grant oneself more.
var (
	bindClusterRoleWide = &Family{
		ID: "BIND_CRB", Title: "Any ClusterRole can be bound in the cluster",
		Story: "{from} may create ClusterRoleBindings and bind roles it does not hold, and so has {to} ({evidence})",
		Cost:  1, Severity: audit.Critical, Confidence: Proven, Source: "k8s.io/kubernetes/pkg/registry/rbac/clusterrolebinding/policybased",
	}
	joinClusterRoleBinding = &Family{
		ID: "BIND_CRB_UPDATE", Title: "Existing ClusterRoleBindings can be joined",
		Story: "{from} may add itself to ClusterRoleBindings of roles it may bind, and so has {to} ({evidence})",
		Cost:  1, Severity: audit.Critical, Confidence: Proven, Source: "k8s.io/kubernetes/pkg/registry/rbac/clusterrolebinding/policybased",
	}
	bindClusterRoleHere = &Family{
		ID: "BIND_RB_CLUSTERROLE", Title: "Any ClusterRole can be bound in a namespace",
		Story: "{from} may write RoleBindings and bind ClusterRoles it does not hold, and so has {to} ({evidence})",
		Cost:  1, Severity: audit.Critical, Confidence: Proven, Source: "k8s.io/kubernetes/pkg/registry/rbac/rolebinding/policybased",
	}
	bindRoleHere = &Family{
		ID: "BIND_RB_ROLE", Title: "Roles of a namespace can be bound",
		Story: "{from} may write RoleBindings and bind Roles it does not hold, and so has {to} ({evidence})",
		Cost:  1, Severity: audit.High, Confidence: Proven, Source: "k8s.io/kubernetes/pkg/registry/rbac/rolebinding/policybased",
	}
	bindEmptyRole = &Family{
		ID: "BIND_EMPTY_AGGREGATE", Title: "A role that is empty today can be bound",
		Story: "{from} may bind {to}, which grants nothing yet and whatever is aggregated into it later ({evidence})",
		Cost:  4, Severity: audit.Medium, Confidence: Inferred, Source: "k8s.io/component-helpers/auth/rbac/validation, Covers: no rules are covered by any",
	}
	escalateClusterRole = &Family{
		ID: "ESCALATE_CLUSTERROLE", Title: "A ClusterRole that one holds can be widened",
		Story: "{from} may write any rules into a ClusterRole it is bound to, and so has {to} ({evidence})",
		Cost:  1, Severity: audit.Critical, Confidence: Proven, Source: "kubernetes.io/docs/reference/access-authn-authz/rbac, Privilege escalation prevention",
	}
	escalateClusterRoleHere = &Family{
		ID: "ESCALATE_CLUSTERROLE_NS", Title: "A ClusterRole that one holds in a namespace can be widened",
		Story: "{from} may write any rules into a ClusterRole it is bound to there, and so has {to} ({evidence})",
		Cost:  1, Severity: audit.High, Confidence: Proven, Source: "kubernetes.io/docs/reference/access-authn-authz/rbac, Privilege escalation prevention",
	}
	escalateRole = &Family{
		ID: "ESCALATE_ROLE", Title: "A Role that one holds can be widened",
		Story: "{from} may write any rules into a Role it is bound to, and so has {to} ({evidence})",
		Cost:  1, Severity: audit.High, Confidence: Proven, Source: "kubernetes.io/docs/reference/access-authn-authz/rbac, Privilege escalation prevention",
	}
	injectAggregation = &Family{
		ID: "AGGREGATION_INJECT", Title: "Rules can be aggregated into a role that one holds",
		Story: "{from} may create ClusterRoles with any rules, whose labels put them into a role it is bound to, and so has {to} ({evidence})",
		Cost:  2, Severity: audit.High, Confidence: Conditional, Source: "kubernetes.io/docs/reference/access-authn-authz/rbac, Aggregated ClusterRoles",
	}
)

var escalationFamilies = []*Family{
	bindClusterRoleWide, joinClusterRoleBinding, bindClusterRoleHere, bindRoleHere, bindEmptyRole,
	escalateClusterRole, escalateClusterRoleHere, escalateRole, injectAggregation,
}

type ruleList = []rbacv1.PolicyRule

// binding adds the ways of who may bind roles.
func (b *build) binding(p *proofs) {
	create, patch := p.of(createRoleBindings), p.of(patchRoleBindings)
	for _, bind := range p.of(bindClusterRoles) {
		b.bindHere(p, create, bind)
		b.joinHere(p, patch, bind, kube.ClusterRoles, bindClusterRoleHere)
	}
	for _, bind := range p.of(bindRoles) {
		b.bindRole(p, create, bind)
		b.joinHere(p, patch, bind, kube.Roles, bindRoleHere)
	}
	b.bindEmpty(p, create)
	if p.namespace != "" {
		return
	}
	for _, bind := range p.of(bindClusterRoles) {
		b.bindWide(p, p.of(createClusterRoleBindings), bind)
		b.join(p, p.of(patchClusterRoleBindings), bind)
	}
}

func (b *build) bindRole(p *proofs, create []proof, bind proof) {
	if len(bind.entry.names) == 0 {
		b.together(p, b.hub(Roles, p.namespace), bindRoleHere, create, []proof{bind})
	}
	for _, name := range bind.entry.names {
		for _, namespace := range b.namespacesOf(p.namespace) {
			if r, ok := b.in.roles.Get(namespace, name); ok {
				to := b.boundRole(kube.Roles.Ref(namespace, name), r.Rules, namespace)
				b.together(p, to, bindRoleHere, create, []proof{bind})
			}
		}
	}
}

// joinHere is [build.join] for RoleBindings. Who may create them needs none that
// exists.
func (b *build) joinHere(p *proofs, patch []proof, bind proof, of kube.Resource, f *Family) {
	hub := JoinableRoles
	if of == kube.ClusterRoles {
		hub = JoinableClusterRoles
	}
	patch = alone(patch, createRoleBindings)
	if len(patch) == 0 {
		return
	}
	if len(bind.entry.names) == 0 {
		b.together(p, b.hub(hub, p.namespace), f, over(patch, ""), []proof{bind})
		patch = slices.DeleteFunc(patch, func(one proof) bool { return len(one.entry.names) == 0 })
	}
	if len(patch) == 0 {
		return
	}
	for _, existing := range b.in.index.Bindings {
		namespace := existing.Ref.Namespace
		if namespace == "" || p.namespace != "" && namespace != p.namespace || existing.Role.Kind != of.Kind {
			continue
		}
		if may := over(patch, existing.Ref.Name); len(may) > 0 && existing.Resolution == access.Resolved && allows(bind.entry.names, existing.Role.Name) {
			b.together(p, b.boundRole(existing.Role, existing.Rules, namespace), f, may, []proof{bind})
		}
	}
}

// alone leaves out the proofs whose rule also grants a right that does more: the
// two come and go together.
func alone(list []proof, more int) []proof {
	return slices.DeleteFunc(slices.Clone(list), func(one proof) bool {
		return slices.ContainsFunc(one.bound.set.entries, func(e entry) bool { return e.right == more && e.rule == one.entry.rule })
	})
}

// joinable leads to the roles that existing bindings of a namespace grant.
func (b *build) joinable(v int32, kind Kind, namespace string) {
	of := kube.Roles.Kind
	if kind == JoinableClusterRoles {
		of = kube.ClusterRoles.Kind
	}
	for _, existing := range b.bindingsIn[namespace] {
		if existing.Role.Kind == of && existing.Resolution == access.Resolved {
			b.edge(v, b.boundRole(existing.Role, existing.Rules, namespace), contains, b.field(existing.Ref, ""))
		}
	}
}

// bindHere adds the way of who may bind ClusterRoles with RoleBindings. Bind is
// decided in the namespace of the binding, so a RoleBinding grants it there.
func (b *build) bindHere(p *proofs, create []proof, bind proof) {
	if len(bind.entry.names) == 0 {
		b.together(p, b.hub(NamespaceAdmin, p.namespace), bindClusterRoleHere, create, []proof{bind})
		return
	}
	for _, name := range bind.entry.names {
		rules, ok := b.in.rulesOf(name)
		if !ok {
			continue
		}
		role, to := kube.ClusterRoles.Ref("", name), int32(0)
		switch {
		case p.namespace != "":
			to = b.boundRole(role, rules, p.namespace)
		case isEverything(rules):
			to = b.hub(NamespaceAdmin, "")
		default:
			to = b.boundEverywhere(role, rules)
		}
		b.together(p, to, bindClusterRoleHere, create, []proof{bind})
	}
}

func (b *build) bindWide(p *proofs, create []proof, bind proof) {
	if len(bind.entry.names) == 0 {
		b.together(p, b.hub(Cluster, ""), bindClusterRoleWide, create, []proof{bind})
	}
	for _, name := range bind.entry.names {
		if rules, ok := b.in.rulesOf(name); ok {
			b.together(p, b.boundRole(kube.ClusterRoles.Ref("", name), rules, ""), bindClusterRoleWide, create, []proof{bind})
		}
	}
}

// join adds the way of who may change ClusterRoleBindings that exist: what they
// bind is fixed, whom is not.
func (b *build) join(p *proofs, patch []proof, bind proof) {
	for _, one := range alone(patch, createClusterRoleBindings) {
		for _, existing := range b.in.index.Bindings {
			if !existing.Wide() {
				break // ClusterRoleBindings come first
			}
			allowed := allows(one.entry.names, existing.Ref.Name) && allows(bind.entry.names, existing.Role.Name)
			if allowed && existing.Resolution == access.Resolved {
				to := b.boundRole(existing.Role, existing.Rules, "")
				b.together(p, to, joinClusterRoleBinding, []proof{one}, []proof{bind})
			}
		}
	}
}

// allows reports whether resourceNames, none of which is all, have a name.
func allows(names []string, name string) bool {
	return len(names) == 0 || slices.Contains(names, name)
}

// bindEmpty adds the way of who may bind without holding or the verb bind: only
// what grants nothing today.
func (b *build) bindEmpty(p *proofs, create []proof) {
	wide := p.of(createClusterRoleBindings)
	if len(create) == 0 && len(wide) == 0 {
		return
	}
	for r := range b.in.clusterRoles.All() {
		if r.AggregationRule == nil || len(r.Rules) > 0 {
			continue
		}
		role := kube.ClusterRoles.Ref("", r.Name)
		if p.namespace != "" {
			b.together(p, b.boundRole(role, nil, p.namespace), bindEmptyRole, create)
			continue
		}
		b.together(p, b.boundEverywhere(role, nil), bindEmptyRole, create)
		b.together(p, b.boundRole(role, nil, ""), bindEmptyRole, wide)
	}
}

// rulesOf returns the rules of a ClusterRole.
func (in *inputs) rulesOf(name string) (ruleList, bool) {
	if r, ok := in.clusterRoles.Get("", name); ok {
		return r.Rules, true
	}
	if name == "cluster-admin" {
		return ruleList{{Verbs: []string{"*"}, APIGroups: []string{"*"}, Resources: []string{"*"}}}, true
	}
	return nil, false
}

func isEverything(rules ruleList) bool {
	return slices.ContainsFunc(rules, func(r rbacv1.PolicyRule) bool { return isTotal(&r) })
}

// escalation adds the ways of who may widen the roles it has.
func (b *build) escalation(p *proofs) {
	if p.namespace == "" {
		b.widen(p, p.of(patchClusterRoles), p.of(escalateClusterRoles))
		b.inject(p)
	}
	patch, escalate := p.of(patchRoles), p.of(escalateRoles)
	for i := range p.all {
		at := &p.all[i]
		role := at.binding.Role
		if role.Kind != kube.Roles.Kind || at.namespace == "" {
			continue
		}
		may, wide := over(patch, role.Name), over(escalate, role.Name)
		if len(may) > 0 && len(wide) > 0 {
			b.chain(p.h.vertex, b.hub(NamespaceAdmin, at.namespace), escalateRole, escalateRole.Cost, escalateRole.Confidence, may, wide)
		}
	}
}

// over returns the proofs that hold for an object of a name.
func over(all []proof, name string) []proof {
	var found []proof
	for _, one := range all {
		if allows(one.entry.names, name) {
			found = append(found, one)
		}
	}
	return found
}

// widen adds the ways of who may change ClusterRoles: those that it is bound to.
func (b *build) widen(p *proofs, patch, escalate []proof) {
	if len(patch) == 0 || len(escalate) == 0 {
		return
	}
	for _, at := range append(slices.Clone(p.h.own), b.shared(p.h)...) {
		role := at.binding.Role
		if role.Kind != kube.ClusterRoles.Kind {
			continue
		}
		f, to := escalateClusterRole, b.hub(Cluster, "")
		if at.namespace != "" {
			f, to = escalateClusterRoleHere, b.hub(NamespaceAdmin, at.namespace)
		}
		b.together(p, to, f, over(patch, role.Name), over(escalate, role.Name))
	}
}

// inject adds the ways of who may create ClusterRoles with rules that it does
// not hold, or change some of a name: they are copied into aggregated roles that it
// is bound to. The verb escalate on a role of a new name needs a rule without
// resourceNames; who may change any role has a shorter way ([build.widen]).
func (b *build) inject(p *proofs) {
	create, patch, escalate := p.of(createClusterRoles), p.of(patchClusterRoles), p.of(escalateClusterRoles)
	if len(create)+len(patch) == 0 || len(escalate) == 0 {
		return
	}
	for _, at := range append(slices.Clone(p.h.own), b.shared(p.h)...) {
		r, ok := b.in.clusterRoles.Get("", at.binding.Role.Name)
		if !ok || at.binding.Role.Kind != kube.ClusterRoles.Kind || r.AggregationRule == nil {
			continue
		}
		to := b.hub(Cluster, "")
		if at.namespace != "" {
			to = b.hub(NamespaceAdmin, at.namespace)
		}
		b.together(p, to, injectAggregation, create, over(escalate, ""))
		for _, name := range b.namesIn(patch) {
			b.together(p, to, injectAggregation, over(patch, name), over(escalate, name))
		}
	}
}

// namesIn returns the ClusterRoles that rules name and the view holds, sorted.
func (b *build) namesIn(list []proof) []string {
	var names []string
	for _, one := range list {
		for _, name := range one.entry.names {
			if _, ok := b.in.clusterRoles.Get("", name); ok {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
