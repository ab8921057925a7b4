package secrets

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/credential"
)

var envPlaintextSecret = &audit.Rule{
	ID:       "env-plaintext-secret",
	Title:    "A credential is written into a workload",
	Severity: audit.High,
	Rationale: "Whoever may read the workload reads the credential: far more people and programs than may read Secrets. " +
		"It also stands in the repository the manifest comes from, in backups and in every tool that shows objects.",
	Remediation: "Replace the credential, since it has been seen. Put the new one into a Secret, best from a store outside of the cluster, " +
		"and mount it as a file, or refer to it with valueFrom.secretKeyRef.",
	Controls: []string{"NSA", "OWASP22-K08", "OWASP25-K03", "MITRE-T1552"},
	Since:    "2",
	Subjects: kube.WorkloadResources(),
	Check: audit.EachContainer(func(p *audit.Pass, _ *kube.Workload, c kube.Container) bool {
		for i := range c.Env {
			variable := &c.Env[i]
			if variable.Value == "" {
				continue
			}
			f := audit.Finding{
				Container: c.Name,
				Message:   fmt.Sprintf("%s %s: %s holds ", c.Kind, c.Name, variable.Name),
			}
			if what := credential.Form(variable.Value); what != "" {
				f.Message += what
				f.Detail = "The value has the form of " + what + ". It is not shown here."
			} else if credential.Said(variable.Name).Literal(variable.Value) {
				f.Message += "what its name calls a credential"
				f.Detail = "By its name the variable is a credential, and its value is written down: it is no path, reference or switch. " +
					"It is not shown here."
			} else {
				continue
			}
			f.Path = c.Field(fmt.Sprintf("env[%d].value", i))
			p.Report(f)
		}
		return true
	}),
}
