package platform

import (
	"cmp"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var externalSecretNotReady = &audit.Rule{
	ID:       "external-secret-not-ready",
	Title:    "A secret is not brought in from its store",
	Severity: audit.Medium,
	Rationale: "What was brought in last stays as it is: a credential that is replaced in the store does not arrive, and what was " +
		"revoked there goes on being used. Where nothing was ever brought in, pods that need the Secret do not start.",
	Remediation: "The message of the condition says what the store answered: usually it does not have the key, or does not let the controller read it. " +
		"Repair that first where the store itself is not ready, then `kubectl annotate externalsecret NAME force-sync=$(date +%s) --overwrite`.",
	Since:    "3",
	Subjects: broughtIn(),
	Consults: []kube.Resource{kube.Secrets, kube.SecretStores, kube.ClusterSecretStores},
	Timed:    true,
	Check: eachDecoded(broughtIn(), func(p *audit.Pass, e *externalSecret) {
		c := notReady(p, e.Status.Conditions)
		if c == nil {
			return
		}
		namespace, target := e.Metadata.Namespace, e.target()
		f := audit.Finding{
			Message: "it is not ready: " + cmp.Or(c.Reason, "no reason given"),
			Detail:  reasoned(c),
		}
		switch _, held := p.Cluster.Secrets.Get(namespace, target); {
		case held:
			f.Detail += " Secret " + target + " is there, as it was brought in last."
		case !p.Cluster.Info.Offline && access.Complete(p.Cluster, kube.Secrets, namespace):
			f.Severity = audit.High
			f.Detail += " There is no Secret " + target + "."
		}
		if _, missing, _ := e.missingStore(p.Cluster); missing {
			f.Implied = "secret-store-not-ready"
		}
		p.Report(f)
	}),
}
