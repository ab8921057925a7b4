package secrets

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var secretEncryptionAtRest = &audit.Rule{
	ID:       "secret-encryption-at-rest",
	Title:    "Secrets are stored unencrypted",
	Severity: audit.High,
	Rationale: "The API server writes Secrets to etcd as they are. Whoever gets hold of a disk of a control-plane node, of a snapshot " +
		"or of a backup has every credential in the cluster.",
	Remediation: "Write an EncryptionConfiguration, best with a KMS provider of version 2, point --encryption-provider-config at it, " +
		"and write all Secrets again, so that those that are there get encrypted too.",
	Controls: []string{"NSA", "OWASP22-K08", "OWASP25-K03"},
	Since:    "2",
	Subjects: []kube.Resource{kube.Pods},
	Consults: []kube.Resource{kube.Flagz},
	Check: audit.EachAPIServer(func(p *audit.Pass, s kube.APIServer) {
		const flag = "encryption-provider-config"
		if s.Flag(flag, "") == "" {
			p.Report(audit.Finding{
				Container: s.Program(),
				Path:      s.Field(flag),
				Message:   "the API server has no --" + flag,
				Detail:    "Without it every resource is written to etcd as it is.",
			})
		}
	}),
}
