package rbac

import (
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// power is something dangerous that a role may allow, and of which one rule of
// this category warns. It is defined in the file of that rule.
type power struct {
	rule string // the ID of the rule
	// severity is that of a power held by a program that runs.
	severity audit.Severity
	// can says what the holder can then do; %s in it stands for where: "the
	// cluster" or "namespace ci".
	can string
	// holds is what the holder holds, where that says it better; "" elsewhere.
	holds string
	// reach tells which bindings can give the power.
	reach reach
	// allows reports whether one rule of a role gives the power.
	allows func(grant) bool
	// grade returns the severity where it depends on what the role says; nil
	// where it does not.
	grade func(grant) audit.Severity
	// named is set where the name of the role decides, whatever its rules say.
	named bool
	// completes tells whether a holder also has what else the power takes, and
	// where; nil where what allows sees is enough. What it returns is never worse
	// than the power by itself.
	completes func(holder) (completion, bool)
	// present tells whether what the power is over is in the cluster; nil where
	// every cluster has it.
	present func(*kube.Cluster, *charge, holding) presence
	// within are rules whose findings on the same binding make this power a
	// consequence, whichever rule of the role gives it.
	within []string
	// fixes returns how the power is taken back with the least change; nil where a
	// person must always decide.
	fixes func(*kube.Cluster, *charge, holding) []audit.Fix
}

// presence is whether a cluster has what a power is over.
type presence int

const (
	there presence = iota
	absent
	unseen // it may not be read, or is of another part of the cluster
)

// reach tells ClusterRoleBindings from RoleBindings.
type reach int

const (
	anywhere      reach = iota // through bindings of both kinds
	clusterOnly                // cluster-scoped: a RoleBinding never grants it
	namespaceOnly              // another rule judges ClusterRoleBindings
)

func (r reach) of(b *access.Binding) bool {
	return r == anywhere || (r == clusterOnly) == b.Wide()
}

// bindingScope is where a binding gives a power.
type bindingScope int

const (
	inNamespace    bindingScope = iota
	inControlPlane              // the namespace by whose loss the cluster is lost
	inCluster
)

// controlPlane is the namespace by whose loss the cluster is lost: that of the
// controllers that the server itself gives their roles.
const controlPlane = "kube-system"

func scopeOf(b *access.Binding) bindingScope {
	if b.Wide() {
		return inCluster
	}
	return scopeIn(b.Ref.Namespace)
}

func scopeIn(namespace string) bindingScope {
	if namespace == controlPlane {
		return inControlPlane
	}
	return inNamespace
}

// grant is a rule of a role, and how the role is bound.
type grant struct {
	*rbacv1.PolicyRule
	role  kube.Ref
	rules []rbacv1.PolicyRule // all of the role
	scope bindingScope
	minor int // the server's minor version, 0 if unknown
}

// can reports whether the grant allows one of the verbs on a resource of any
// name. The namespace plays no part: a RoleBinding is judged only by powers
// over what is in a namespace.
func (g grant) can(group, resource, subresource string, verbs ...string) bool {
	return g.canNamed("", group, resource, subresource, verbs...)
}

// canNamed is can for the object of one name.
func (g grant) canNamed(name, group, resource, subresource string, verbs ...string) bool {
	return slices.ContainsFunc(verbs, func(verb string) bool {
		return access.Allows(g.PolicyRule, access.Request{
			Verb: verb, Group: group, Resource: resource, Subresource: subresource, Name: name,
		})
	})
}

// umbrellas are the powers that contain others, strongest first: what a rule of
// a role gives besides one of them is a consequence.
func umbrellas() []*power {
	return []*power{
		clusterAdmin, everythingInCluster, everyResourceInCluster,
		namespaceAdmin, everythingInNamespace, everyResourceInNamespace, everyVerb,
	}
}

// powers are all powers, the umbrellas first.
func powers() []*power { return allPowers }

var allPowers = append(umbrellas(),
	bindRoles, approveCertificates, addEphemeralContainers, escalateRoles, impersonate, manageRoles,
	proxyToNodes, createVolumes, assignAccounts, modifyPrivilegedPods, createPods, modifyWorkloads, deleteWorkloads,
	execIntoPods, attachToPods, forwardPorts, issueTokenSecrets, accessSecretsInCluster, accessSecretsInNamespace,
	createTokens, configureAdmission, stealPods, writeNodeStatus, writePodStatus, writeNetworkObjects, writeServiceStatus,
	writeAWSAuth, writeCoreDNS, writeConfigMaps, removeEvents,
)

// holding is how a binding holds a power.
type holding struct {
	power    *power
	rule     int            // index of the rule of the role that gives it
	severity audit.Severity // by the scope, whoever holds it
	implied  string         // the ID of the umbrella of which it is a consequence, "" if none
	// completion is what else it took.
	completion
	// who are those of the subjects that hold it; nil for all of them.
	who []access.Bound
}

// holdings returns the powers that a resolved role gives to those bound to it,
// and those that it gives some of them: they take more than is in the role.
func holdings(b *access.Binding, minor int) (held, open []holding) {
	for _, w := range powers() {
		if !w.reach.of(b) {
			continue
		}
		h, ok := hold(w, b, minor)
		switch {
		case !ok:
		case w.completes == nil:
			held = append(held, h)
		default:
			// What is held in part may be held in full by another binding.
			if done, ok := w.completes(holder{binding: b}); ok && done.atMost == 0 {
				held = append(held, h.completed(done))
			} else {
				open = append(open, h)
			}
		}
	}
	return held, open
}

// hold finds the rule that gives a power. Of several as bad as each other one
// counts by which the power is a consequence, for then it is one however else it
// is given; not so for [everyVerb], whose rules are faults each of their own.
func hold(w *power, b *access.Binding, minor int) (holding, bool) {
	best, found := holding{power: w}, false
	for i := range b.Rules {
		g := grant{&b.Rules[i], b.Role, b.Rules, scopeOf(b), minor}
		if !w.allows(g) {
			continue
		}
		h := holding{power: w, rule: i, severity: w.severityOf(g), implied: impliedBy(w, b, g)}
		better := best.implied == "" && h.implied != ""
		if w == everyVerb {
			better = best.implied != "" && h.implied == ""
		}
		if !found || h.severity > best.severity || h.severity == best.severity && better {
			best, found = h, true
		}
	}
	return best, found
}

// severityOf returns how bad it is to hold a power where the grant gives it.
func (w *power) severityOf(g grant) audit.Severity {
	s := w.severity
	if w.grade != nil {
		s = w.grade(g)
	}
	return w.severityIn(g.scope, s)
}

// severityIn returns how bad a power of some severity is in a scope. In one
// namespace it is not the way to lose the cluster, unless it is all there is to
// have in the namespace of the control plane.
func (w *power) severityIn(where bindingScope, s audit.Severity) audit.Severity {
	switch {
	case where == inNamespace && s == audit.Critical:
		return audit.High
	case where == inControlPlane && w.reach == namespaceOnly && s == audit.High:
		return audit.Critical
	}
	return s
}

// impliedBy returns the rule of the strongest umbrella over a power that the
// same rule of the role gives, or for [everyVerb] the worst of what it gives,
// "" if nothing is as bad as the power itself.
func impliedBy(w *power, b *access.Binding, g grant) string {
	severity := w.severityOf(g)
	if w == everyVerb {
		for _, worse := range powers() {
			if worse != w && worse.reach.of(b) && worse.allows(g) && worse.severityOf(g) > severity && worse.certain(b) {
				return worse.rule
			}
		}
	}
	for _, u := range umbrellas() {
		if u == w {
			return ""
		}
		if u.reach.of(b) && u.allows(g) && u.severityOf(g) >= severity {
			return u.rule
		}
	}
	return ""
}

// certain reports whether whoever is bound to a role that allows a power holds
// it in full, in any cluster.
func (w *power) certain(b *access.Binding) bool {
	if w.present != nil {
		return false
	}
	if w.completes == nil {
		return true
	}
	done, ok := w.completes(holder{binding: b})
	return ok && done.namespace == "" && done.atMost == 0
}

// milderInNamespace is the grade of a power that in one namespace harms nobody
// but its owners.
func milderInNamespace(g grant) audit.Severity {
	if g.scope == inNamespace {
		return audit.Low
	}
	return audit.Medium
}
