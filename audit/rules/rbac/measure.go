package rbac

import (
	"cmp"
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/audit/access/scope"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// measure is how far one of the terms of the scope score goes in a namespace, and
// what it is that goes so far.
type measure struct {
	extent          float64
	message, detail string
	// unread says what is not known of the view, "" if nothing is; consulted are the
	// resources that it takes to find nothing.
	unread    string
	consulted []kube.Resource
}

// least is the extent from which there is something to say. On public manifests
// what is below cost a namespace a twentieth of a point at the most.
const least = 0.04

// grave is the extent from which a measure is of medium severity: it is more than
// half of the worst. None is worse. What is behind it has a rule of its own, with
// a severity that caps the score; a measure says what it amounts to.
const grave = 0.5

// report says what is measured. What could not be read may make it more, and
// nothing found is no pass then.
func (m measure) report(p *audit.Pass) {
	if m.extent < least {
		if why := cmp.Or(m.unread, blindTo(p.Cluster, p.Subject().Namespace, m.consulted)); why != "" {
			p.Unknown(why)
		}
		return
	}
	severity := audit.Low
	if m.extent >= grave {
		severity = audit.Medium
	}
	p.Measure(m.extent, audit.Finding{
		Severity: severity, Message: m.message,
		Detail: fmt.Sprintf("%s The extent is %.2f, at a weight of %.2f.", m.detail, m.extent, p.Rule.Weight),
	})
}

// blindTo says which of some resources could not be read, "" if all could.
func blindTo(c *kube.Cluster, namespace string, resources []kube.Resource) string {
	for _, r := range resources {
		if s, blind := c.Blind(r, namespace); blind {
			return fmt.Sprintf("%s: %s", s.Resource, cmp.Or(s.Reason, s.Phase.String()))
		}
	}
	return ""
}

// notInView says that a role is not known, of a binding that may be nil.
func notInView(b *access.Binding) string {
	if b == nil {
		return ""
	}
	return b.Role.String() + " is not in the view"
}

// readRBAC are the resources without which nothing is known of grants.
func readRBAC() []kube.Resource {
	return []kube.Resource{kube.RoleBindings, kube.ClusterRoleBindings, kube.Roles, kube.ClusterRoles}
}

// measuredBy are the resources that a measure of grants depends on: workloads tell
// whether it applies to a namespace.
func measuredBy() []kube.Resource { return append(scope.Resources(), kube.WorkloadResources()...) }

// eachScoped returns the Check of a measure: of every namespace in which anything
// runs or is granted.
func eachScoped(judge func(*audit.Pass, string, *scope.Space)) audit.Check {
	return audit.EachNamespace(func(p *audit.Pass, namespace string) {
		s := scope.Of(p.Cluster).In(namespace)
		if !s.Granted && len(p.Cluster.WorkloadsIn(namespace)) == 0 {
			p.NotApplicable()
			return
		}
		judge(p, namespace, s)
	})
}

// counted returns "1 step" or "2 steps".
func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
