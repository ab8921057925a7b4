package secrets

import (
	"path"
	"strings"

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
	Subjects: kube.WorkloadResources(),
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		if w.Ref.Kind != kube.Pods.Kind || !kube.Platform(w.Ref.Namespace) {
			p.NotApplicable()
			return
		}
		for c := range w.Containers() {
			if started, arguments := startsAPIServer(c); started {
				judgeEncryption(p, c, arguments)
				return
			}
		}
		p.NotApplicable()
	}),
}

func judgeEncryption(p *audit.Pass, c kube.Container, arguments string) {
	switch {
	case strings.Contains(arguments, "--encryption-provider-config"):
	case strings.Contains(arguments, "--openshift-config"):
		p.Unknown("the API server takes its settings from a file, which is not read")
	default:
		field := "command"
		if len(c.Args) > 0 {
			field = "args"
		}
		p.Report(audit.Finding{
			Container: c.Name,
			Path:      c.Field(field),
			Message:   "the API server has no --encryption-provider-config",
			Detail:    "Without it every resource is written to etcd as it is.",
		})
	}
}

// startsAPIServer reports whether a container starts kube-apiserver, by itself or
// by a shell, and returns its command line.
func startsAPIServer(c kube.Container) (started bool, arguments string) {
	if c.Kind != kube.Main {
		return false, ""
	}
	arguments = strings.Join(append(append([]string(nil), c.Command...), c.Args...), " ")
	for word := range strings.FieldsSeq(arguments) {
		if path.Base(word) == "kube-apiserver" {
			return true, arguments
		}
	}
	return false, ""
}
