package rbac

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access/scope"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var blastShare = &audit.Rule{
	ID:       "blast-share",
	Title:    "A ServiceAccount holds a large share of the cluster's rights",
	Severity: audit.Low,
	Rationale: "Whoever has its token has all of it: the share says how much of what can be done in the cluster, and how much " +
		"of the harm, is lost with this one namespace.",
	Remediation: "Grant what the program uses and no more: name verbs and resources, and bind the role in the namespaces where " +
		"it works instead of in the cluster.",
	Controls: []string{"CIS-5.1.1", "OWASP22-K03", "OWASP25-K02"},
	Since:    "3",
	Subjects: []kube.Resource{kube.Namespaces},
	Reads:    readRBAC(),
	Consults: scope.WaysDependOn(),
	Wide:     true, // it is a share of all namespaces
	Weight:   0.18,
	Check:    eachScoped(judgeBlast),
}

func judgeBlast(p *audit.Pass, _ string, s *scope.Space) {
	m := measure{extent: s.Blast.Extent, unread: notInView(s.Unread), consulted: scope.Resources()}
	if m.extent >= least {
		first := s.Blast.Most[0]
		m.message = fmt.Sprintf("%s holds %.0f %% of the rights in the cluster", first.Who, 100*first.Extent)
		m.detail = fmt.Sprintf("%s gives it the %s", first.Binding.Ref, first.Binding.Role)
		if first.More > 0 {
			m.detail += fmt.Sprintf(", and it has more by %s", counted(first.More, "other binding"))
		}
		m.detail += ". Each right weighs as much as the harm that it can do."
		if fallen, all := scope.OutwardOf(p.Cluster).Falls(first.Who); fallen > 0 {
			m.detail += fmt.Sprintf(" With the ways that this opens, %d of %d namespaces fall with it.", fallen, all)
		}
		if len(s.Blast.Most) > 1 && s.Blast.Most[1].Extent >= least {
			m.detail += fmt.Sprintf(" Next is %s with %.0f %%.", s.Blast.Most[1].Who, 100*s.Blast.Most[1].Extent)
		}
	}
	m.report(p)
}
