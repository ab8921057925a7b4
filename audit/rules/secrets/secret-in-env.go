package secrets

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var secretInEnv = &audit.Rule{
	ID:       "secret-in-env",
	Title:    "Secrets are handed over as environment variables",
	Severity: audit.Low,
	Rationale: "The environment goes to every child process, into crash reports and onto debugging pages. " +
		"It also stays as it was at the start: a Secret that is replaced reaches the program only with a restart.",
	Remediation: "Mount the Secret as files (a volume of type secret), and have the program read them, again when they change.",
	Controls:    []string{"CIS-5.4.1", "OWASP22-K08", "OWASP25-K03"},
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Container: `c.?env.orValue([]).exists(e, e.?valueFrom.secretKeyRef.hasValue()) || c.?envFrom.orValue([]).exists(e, has(e.secretRef))`,
	},
	Check: audit.EachContainer(func(p *audit.Pass, w *kube.Workload, c kube.Container) bool {
		var first source
		var names []string
		for s := range variablesOf(w, c) {
			if s.resource != kube.Secrets || slices.Contains(names, s.name) {
				continue
			}
			if len(names) == 0 {
				first = s
			}
			names = append(names, s.name)
		}
		if len(names) == 0 {
			return true
		}
		what := "Secret " + names[0]
		if len(names) > 1 {
			what = fmt.Sprintf("%d Secrets", len(names))
		}
		p.Report(audit.Finding{
			Container: c.Name,
			Path:      first.path(),
			Message:   fmt.Sprintf("%s %s has %s in its environment", c.Kind, c.Name, what),
			Detail:    "Variables are taken from " + strings.Join(names, ", ") + ".",
		})
		return true
	}),
}
