package rbac

import (
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
		"request its token.",
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
			p.Report(danglingSubjects(c, missing))
		}
	},
)

func isAccount(s access.Bound) bool { return s.Kind == rbacv1.ServiceAccountKind }

// danglingSubjects describes subjects that do not exist. What they would hold
// makes it worse: creating a ServiceAccount is all it takes to hold it.
func danglingSubjects(c *charge, missing []access.Bound) audit.Finding {
	fix := audit.Fix{
		Title: "take the subject out of the binding",
		Risk:  "If the ServiceAccount is created later on, it has no role.",
	}
	for _, s := range slices.Backward(missing) { // from the end, so that indexes stay true
		fix.Edits = append(fix.Edits, audit.Edit{Op: audit.Remove, Path: subjectPath(s)})
	}
	f := audit.Finding{
		Path:    subjectPath(missing[0]) + ".name",
		Message: listing(missing) + " does not exist",
		Detail:  c.path(missing) + ". Whoever creates a ServiceAccount of that name has it.",
		Fixes:   []audit.Fix{fix},
	}
	if len(missing) > 1 {
		f.Message = listing(missing) + " do not exist"
	}
	if slices.ContainsFunc(c.held, func(h holding) bool { return h.severity >= audit.High }) {
		f.Severity = audit.Medium
	}
	return f
}
