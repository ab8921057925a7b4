package paths

import (
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/audit/access/graph"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Effort is what it takes to make a change, by its kind.
type Effort struct {
	// Change is the kind, in a few words: "a grant to people".
	Change string
	// Cost is what is compared: 1 for the least that there is. Costs are a judgement,
	// made so that two changes of a kind are rather made than one of the next but one.
	// It is 0 where the change cannot be made, or would not last.
	Cost int
	// Why says where the cost comes from.
	Why string
}

// The kinds of changes, from the cheapest.
var (
	peopleGrant   = Effort{"a grant to people", 1, "people notice at once, and can ask for it back"}
	idleGrant     = Effort{"a grant that no workload uses", 1, "nothing runs as the ServiceAccount"}
	token         = Effort{"a token that does not expire", 2, "who uses it is not known here, and can be given one that does"}
	workloadGrant = Effort{"a grant to workloads", 3, "a program may need it rarely, and fails when nobody watches"}
	sharedGrant   = Effort{"a grant to a group of programs", 4, "who is in the group and needs it is not known"}
	roleRule      = Effort{"a rule of a role", 4, "others may be bound to the role"}
	podSecurity   = Effort{"a Pod Security label", 5, "pods that do not keep to it are refused when they are made again"}
	webhook       = Effort{"a webhook", 6, "what it changes or refuses is no longer changed or refused"}
	identity      = Effort{"an identity of a cloud", 6, "what the workload does in the cloud must be done otherwise"}
	workload      = Effort{"a workload", 8, "it is rolled out anew, and what it does may need what is taken"}
	exposure      = Effort{"traffic from outside", 16, "it is what the workload is for"}
	kept          = Effort{"what Kubernetes keeps", 0, "the API server makes it again when it starts"}
	ofPlatform    = Effort{"a part of the platform", 0, "the cluster does not work without it"}
)

// Efforts returns the kinds of changes with their costs and reasons, from the
// cheapest; those that cannot be made come last.
func Efforts() []Effort {
	return []Effort{
		peopleGrant, idleGrant, token, workloadGrant, sharedGrant, roleRule, podSecurity, webhook, identity, workload, exposure, kept, ofPlatform,
	}
}

// EffortOf returns what it takes in a view to take away what makes an edge. Whoever
// asks about many saves time with [Ways.Cut].
func EffortOf(view *kube.Cluster, e graph.Evidence) Effort { return newPricing(view).of(e) }

// pricing knows what a change takes in one view.
type pricing struct {
	view *kube.Cluster
	used map[access.Subject]bool // ServiceAccounts as which something runs
}

func newPricing(c *kube.Cluster) *pricing {
	p := &pricing{c, map[access.Subject]bool{}}
	for _, w := range c.Workloads() {
		if !w.Ended() {
			p.used[access.Subject{Kind: rbacv1.ServiceAccountKind, Namespace: w.Ref.Namespace, Name: w.ServiceAccount()}] = true
		}
	}
	return p
}

// of returns what it takes to take away a piece of evidence.
func (p *pricing) of(e graph.Evidence) Effort {
	switch {
	case e.Binding != nil:
		return p.grant(e.Binding)
	case !e.Role.IsZero():
		return p.role(e.Role)
	}
	switch e.Object.Kind {
	case kube.RoleBindings.Kind, kube.ClusterRoleBindings.Kind:
		return p.binding(e.Object)
	case kube.Secrets.Kind:
		return token
	case kube.Namespaces.Kind:
		if kube.Platform(e.Object.Name) {
			return ofPlatform // its pods are privileged for a reason
		}
		return podSecurity
	case kube.MutatingWebhookConfigurations.Kind:
		return webhook
	case kube.ServiceAccounts.Kind:
		return identity
	case kube.Services.Kind, kube.Ingresses.Kind:
		return exposure
	}
	switch {
	case kube.Platform(e.Object.Namespace):
		return ofPlatform
	case strings.HasSuffix(e.Object.Kind, "Route") || strings.HasSuffix(e.Path, ".hostPort"):
		return exposure
	}
	return workload
}

// grant is as dear as the dearest of those to whom it is granted. What the API
// server grants to its own parts it grants again; others who were added stay away.
func (p *pricing) grant(b *access.Binding) Effort {
	dearest := kept
	for i := range b.Subjects {
		s := b.Subjects[i].Subject
		if b.Bootstrap && s.Bootstrap() {
			continue
		}
		if one := p.subject(s); one.Cost > dearest.Cost {
			dearest = one
		}
	}
	if dearest == kept && !b.Bootstrap {
		return peopleGrant // nobody is bound
	}
	return dearest
}

func (p *pricing) subject(s access.Subject) Effort {
	switch {
	case s.Kind == rbacv1.ServiceAccountKind && (p.used[s] || p.unseen(s)):
		return workloadGrant
	case s.Kind == rbacv1.ServiceAccountKind:
		return idleGrant
	case s.Kind == rbacv1.GroupKind && strings.HasPrefix(s.Name, "system:"):
		return sharedGrant
	}
	return peopleGrant
}

// unseen reports whether a ServiceAccount is none of the manifests that are looked at:
// what runs as it may be elsewhere, too.
func (p *pricing) unseen(s access.Subject) bool {
	_, held := p.view.ServiceAccounts.Get(s.Namespace, s.Name)
	return p.view.Info.Offline && !held
}

func (p *pricing) binding(ref kube.Ref) Effort {
	all := access.Of(p.view).Bindings
	i := slices.IndexFunc(all, func(b *access.Binding) bool { return b.Ref == ref })
	if i < 0 {
		return peopleGrant
	}
	return p.grant(all[i])
}

func (p *pricing) role(ref kube.Ref) Effort {
	labels := map[string]string{}
	if r, ok := p.view.ClusterRoles.Get("", ref.Name); ok && ref.Kind == kube.ClusterRoles.Kind {
		labels = r.Labels
	} else if r, ok := p.view.Roles.Get(ref.Namespace, ref.Name); ok {
		labels = r.Labels
	}
	if labels["kubernetes.io/bootstrapping"] == "rbac-defaults" {
		return kept
	}
	return roleRule
}
