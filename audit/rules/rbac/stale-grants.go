package rbac

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/audit/access/scope"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var staleGrants = &audit.Rule{
	ID:       "stale-grants",
	Title:    "Bindings wait for somebody or something that is gone",
	Severity: audit.Low,
	Rationale: "A binding outlives the ServiceAccount it was made for, and whoever creates one of that name has what it grants. " +
		"One to a role that is gone grants what the next role of that name says.",
	Remediation: "Take the subjects out that do not exist, and delete bindings to roles that do not.",
	Controls:    []string{"OWASP22-K03", "OWASP25-K02"},
	Since:       "3",
	Subjects:    []kube.Resource{kube.Namespaces},
	Reads:       append(readRBAC(), kube.ServiceAccounts),
	Consults:    measuredBy(),
	Wide:        true, // bindings of any namespace may name its ServiceAccounts
	Weight:      0.08,
	Check:       eachScoped(judgeStale),
}

func judgeStale(p *audit.Pass, _ string, s *scope.Space) {
	m := measure{extent: s.Stale.Extent, unread: notInView(s.Unread), consulted: scope.Resources()}
	if s.Stale.Doubt != (access.Subject{}) {
		m.unread = s.Stale.Doubt.String() + " is not in the view"
	}
	if m.extent >= least {
		m.message, m.detail = leftover(s.Stale.Worst[0])
		if len(s.Stale.Worst) > 1 {
			next, _ := leftover(s.Stale.Worst[1])
			m.detail += " Next: " + next + "."
		}
	}
	m.report(p)
}

func leftover(l scope.Leftover) (message, detail string) {
	if l.Who == (access.Subject{}) {
		return fmt.Sprintf("%s refers to %s, which does not exist", l.Binding.Ref, l.Binding.Role),
			"It grants nothing until somebody creates a role of that name."
	}
	detail = fmt.Sprintf("%s gives it the %s. Whoever creates a ServiceAccount of that name has it.", l.Binding.Ref, l.Binding.Role)
	if l.Claimer != (access.Subject{}) {
		detail += fmt.Sprintf(" %s can, and act as it.", l.Claimer)
	}
	return l.Who.String() + " does not exist, and has rights", detail
}
