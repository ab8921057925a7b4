package platform

import (
	"cmp"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

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
	Subjects: append(broughtIn(), kube.ClusterExternalSecrets),
	Consults: []kube.Resource{kube.Secrets, kube.SecretStores, kube.ClusterSecretStores},
	Timed:    true,
	Check: audit.EachOf(append(broughtIn(), kube.ClusterExternalSecrets), func(p *audit.Pass, o kube.Object) {
		if p.Subject().Ref.Kind == kube.ClusterExternalSecrets.Kind {
			judgeAs(p, o, judgeProvisioning)
			return
		}
		judgeAs(p, o, judgeBroughtIn)
	}),
}

// judgeBroughtIn judges a secret of one namespace.
func judgeBroughtIn(p *audit.Pass, e *externalSecret) {
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
}

// clusterExternalSecret is what matters of a ClusterExternalSecret, which makes an
// ExternalSecret in each of some namespaces
// (https://external-secrets.io/latest/api/clusterexternalsecret/). What becomes of those
// they say themselves.
type clusterExternalSecret struct {
	Status struct {
		FailedNamespaces []struct {
			Namespace string `json:"namespace"`
			Reason    string `json:"reason"`
		} `json:"failedNamespaces"`
		Conditions []metav1.Condition `json:"conditions"`
	} `json:"status"`
}

// judgeProvisioning reports namespaces for which no ExternalSecret could be made.
func judgeProvisioning(p *audit.Pass, e *clusterExternalSecret) {
	failed := e.Status.FailedNamespaces
	if len(failed) > 0 {
		var names []string
		for _, f := range failed {
			names = append(names, f.Namespace)
		}
		p.Report(audit.Finding{
			Message: "it could not be brought into " + fewOf(names),
			Detail:  "Of " + names[0] + " the controller says: " + cmp.Or(failed[0].Reason, "nothing more") + ".",
		})
		return
	}
	if c := notReady(p, e.Status.Conditions); c != nil {
		p.Report(audit.Finding{Message: "it is not ready: " + cmp.Or(c.Reason, "no reason given"), Detail: reasoned(c)})
	}
}
