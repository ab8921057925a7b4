package secrets

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var serviceAccountSecretMissing = &audit.Rule{
	ID:       "service-account-secret-missing",
	Title:    "A ServiceAccount lists a Secret that does not exist",
	Severity: audit.Low,
	Rationale: "What looks for the account's token there finds none. Whoever may create Secrets in the namespace can put one " +
		"of their own in its place.",
	Remediation: "Take the entry out of the list. Programs that need a token get one by the TokenRequest API, or a projected volume.",
	Controls:    []string{"OWASP22-K08", "OWASP25-K03"},
	Since:       "2",
	Subjects:    []kube.Resource{kube.ServiceAccounts},
	Reads:       []kube.Resource{kube.Secrets},
	Consults:    []kube.Resource{kube.Namespaces},
	Check: audit.EachObject(kube.ServiceAccounts,
		func(c *kube.Cluster) kube.Table[*corev1.ServiceAccount] { return c.ServiceAccounts },
		func(p *audit.Pass, account *corev1.ServiceAccount) {
			if len(account.Secrets) == 0 {
				p.NotApplicable()
				return
			}
			for i := range account.Secrets {
				name := account.Secrets[i].Name
				if _, held := p.Cluster.Secrets.Get(account.Namespace, name); held || name == "" {
					continue
				}
				if !provable(p.Cluster, kube.Secrets, account.Namespace) {
					p.Unknown("Secret " + account.Namespace + "/" + name + " is not in the view")
					continue
				}
				p.Report(audit.Finding{
					Path:    fmt.Sprintf("secrets[%d].name", i),
					Message: "Secret " + name + " does not exist",
					Detail:  "There is no Secret " + account.Namespace + "/" + name + ".",
				})
			}
		}),
}
