package rbac

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var anonymousSubjectBound = &audit.Rule{
	ID:       "anonymous-subject-bound",
	Title:    "A role is given to the unauthenticated",
	Severity: audit.Critical,
	Rationale: "Whoever reaches the API server has what is given to system:anonymous and system:unauthenticated, " +
		"without a password, a certificate or a token.",
	Remediation: "Take the subject out of the binding, and give callers an identity of their own.",
	Controls:    []string{"OWASP22-K03", "OWASP25-K02", "MITRE-T1078"},
	Since:       "1",
	Subjects:    []kube.Resource{kube.RoleBindings, kube.ClusterRoleBindings},
	Reads:       []kube.Resource{kube.Roles, kube.ClusterRoles},
	Consults:    weighed(),
	Check:       judgeSubject(unauthenticated, func(*charge) audit.Severity { return audit.Critical }, refuseStrangers),
}

// refuseStrangers returns the fix that takes a subject out.
func refuseStrangers(c *charge, s access.Bound) []audit.Fix {
	return release(c.Binding, []access.Bound{s}, "Who calls without an identity, such as a load balancer's check or a node that is "+
		"about to join, is refused.")
}

// unauthenticated reports whether a subject is those who did not say who they are.
func unauthenticated(s access.Subject) bool {
	return s.Everybody() && (s.Name == access.UserAnonymous || s.Name == access.GroupUnauthenticated)
}
