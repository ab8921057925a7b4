package rbac

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access/scope"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var unboundedRules = &audit.Rule{
	ID:       "unbounded-rules",
	Title:    "Rights in a namespace have no bounds",
	Severity: audit.Low,
	Rationale: "A wildcard grants what exists, and whatever the next version or the next custom resource brings. Nobody has " +
		"decided on that, and nobody will notice.",
	Remediation: "Write down the verbs and resources that are used: seaworthy access can lists what is granted.",
	Controls:    []string{"CIS-5.1.3", "OWASP22-K03", "OWASP25-K02"},
	Since:       "3",
	Subjects:    []kube.Resource{kube.Namespaces},
	Reads:       readRBAC(),
	Consults:    measuredBy(),
	Wide:        true, // bindings of any namespace may give a ServiceAccount something
	Weight:      0.08,
	Check:       eachScoped(judgeUnbounded),
}

func judgeUnbounded(p *audit.Pass, _ string, s *scope.Space) {
	m := measure{extent: s.Unbounded.Extent, unread: notInView(s.Unread), consulted: scope.Resources()}
	if m.extent >= least {
		first := s.Unbounded.Worst[0]
		b := first.Binding
		m.message = fmt.Sprintf("%s grants without bounds: %s", b.Ref, describe(b.Rules[first.Rule], first.Rule))
		m.detail = fmt.Sprintf("It binds the %s to %s.", b.Role, listing(b.Subjects))
		if len(s.Unbounded.Worst) > 1 {
			next := s.Unbounded.Worst[1]
			m.detail += fmt.Sprintf(" Next is %s, whose %s.", next.Binding.Ref, describe(next.Binding.Rules[next.Rule], next.Rule))
		}
	}
	m.report(p)
}
