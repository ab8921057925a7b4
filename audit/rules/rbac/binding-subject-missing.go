package rbac

import (
	"fmt"
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var bindingSubjectMissing = &audit.Rule{
	ID:       "binding-subject-missing",
	Title:    "A ServiceAccount that has a role does not exist",
	Severity: audit.Low,
	Rationale: "The role waits for whoever creates a ServiceAccount of that name: they can run a pod as it, or " +
		"request its token. Where somebody may do that, it weighs as much as the role.",
	Remediation: "Take the subject out of the binding, or create the ServiceAccount that was meant.",
	Controls:    []string{"OWASP22-K03", "OWASP25-K02"},
	Since:       "1",
	Subjects:    []kube.Resource{kube.RoleBindings, kube.ClusterRoleBindings},
	Reads:       []kube.Resource{kube.ServiceAccounts},
	Consults:    weighed(),
	Check:       judgeSubjects,
}

var judgeSubjects = eachCharge(
	func(c *charge) bool { return slices.ContainsFunc(c.who, isAccount) },
	func(p *audit.Pass, c *charge) {
		var missing []access.Bound
		for _, s := range c.who {
			if !isAccount(s) || p.Cluster.Has(kube.ServiceAccounts.Ref(s.Namespace, s.Name)) {
				continue
			}
			switch {
			case p.Cluster.Info.Offline && s.Name == defaultAccount: // the server makes it
			case access.Complete(p.Cluster, kube.ServiceAccounts, s.Namespace):
				missing = append(missing, s)
			default:
				p.Unknown(s.String() + " is not in the view")
			}
		}
		if len(missing) > 0 {
			p.Report(danglingSubjects(p.Cluster, c, missing))
		}
	},
)

func isAccount(s access.Bound) bool { return s.Kind == rbacv1.ServiceAccountKind }

// danglingSubjects describes subjects that do not exist. What they would hold
// makes it worse, most of all if somebody can create one and become it.
func danglingSubjects(view *kube.Cluster, c *charge, missing []access.Bound) audit.Finding {
	f := audit.Finding{
		Path:    subjectPath(missing[0]) + ".name",
		Message: listing(missing) + " does not exist",
		Detail:  c.path(missing) + ". Whoever creates a ServiceAccount of that name has it.",
		Fixes:   release(c.Binding, missing, "If the ServiceAccount is created later on, it has no role."),
	}
	if len(missing) > 1 {
		f.Message = listing(missing) + " do not exist"
	}
	worst := c.worst()
	if worst >= audit.High {
		f.Severity = audit.Medium
	}
	if by, ok := claimant(view, missing, worst); ok {
		f.Severity = max(f.Severity, lower(worst, stepsOf(view, []access.Bound{{Subject: by.Subject}})))
		f.Detail += fmt.Sprintf(" %s can, by %s, and then run a pod as it or request its token.", by.Subject, by.Binding.Ref)
	}
	return f
}

// worst returns the severity of the worst power that the binding gives, 0 if it
// gives none.
func (c *charge) worst() audit.Severity {
	worst := audit.Severity(0)
	for _, h := range c.held {
		worst = max(worst, h.severity)
	}
	return worst
}
