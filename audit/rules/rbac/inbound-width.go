package rbac

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access/scope"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var inboundWidth = &audit.Rule{
	ID:       "inbound-width",
	Title:    "Many from outside have rights in a namespace",
	Severity: audit.Low,
	Rationale: "Each user, group and ServiceAccount of another namespace that has rights here is a way in: the namespace is as " +
		"safe as the least careful of them.",
	Remediation: "Take rights from those who do not need them, first from everybody's groups, and narrow those that count in " +
		"all namespaces to where they are used.",
	Controls: []string{"CIS-5.1.1", "OWASP22-K03", "OWASP25-K02", "MITRE-T1078"},
	Since:    "3",
	Subjects: []kube.Resource{kube.Namespaces},
	Reads:    readRBAC(),
	Consults: measuredBy(),
	Wide:     true, // ServiceAccounts of other namespaces are among them
	Weight:   0.20,
	Check:    eachScoped(judgeInbound),
}

func judgeInbound(p *audit.Pass, _ string, s *scope.Space) {
	in := &s.Inbound
	m := measure{extent: in.Extent, unread: notInView(in.Unread), consulted: scope.Resources()}
	if m.extent >= least {
		first := in.Widest[0]
		m.message = fmt.Sprintf("%s can %s", first.Who, does(first.Worst))
		if in.Many > 1 {
			m.message = fmt.Sprintf("%d from outside have rights here: %s", in.Many, m.message)
		}
		m.detail = fmt.Sprintf("%s gives %s the %s, which opens %.2f of the namespace.", first.Binding.Ref, first.Who, first.Binding.Role, first.Extent)
		if len(in.Widest) > 1 {
			next := in.Widest[1]
			m.detail += fmt.Sprintf(" Next is %s, who can %s (%.2f).", next.Who, does(next.Worst), next.Extent)
		}
	}
	m.report(p)
}

// does says what a danger lets somebody do in a namespace.
func does(d scope.Danger) string {
	switch d {
	case scope.Total:
		return "run code, or act as what runs"
	case scope.Major:
		return "get at Secrets, or at what decides on what runs"
	case scope.Minor:
		return "change objects, or read what programs say"
	case scope.Reads:
		return "read objects"
	case scope.None:
	}
	return "do no harm"
}
