package secrets

import (
	"iter"

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
	Check:    audit.Each(apiServers, judgeEncryption),
}

// apiServers yields the API servers whose flags are known.
func apiServers(c *kube.Cluster) iter.Seq2[audit.Subject, kube.APIServer] {
	return func(yield func(audit.Subject, kube.APIServer) bool) {
		for _, s := range c.APIServers() {
			if !yield(audit.Subject{Ref: s.Ref, Namespace: s.Ref.Namespace}, s) {
				return
			}
		}
	}
}

func judgeEncryption(p *audit.Pass, s kube.APIServer) {
	const flag = "encryption-provider-config"
	switch {
	case s.Flag(flag, "") != "":
	case s.Elsewhere != "":
		p.Unknown(s.Elsewhere)
	default:
		f := audit.Finding{
			Path:    s.Field(flag),
			Message: "the API server has no --" + flag,
			Detail:  "Without it every resource is written to etcd as it is.",
		}
		if s.Container.Container != nil {
			f.Container = s.Container.Name
		}
		p.Report(f)
	}
}
