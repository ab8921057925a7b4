package secrets

import (
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var externalSecretStoreNotUsed = &audit.Rule{
	ID:       "external-secret-store-not-used",
	Title:    "No store outside of the cluster provides the secrets of a namespace",
	Severity: audit.Info,
	Rationale: "Secrets that people put into the cluster by hand are in nobody's books: who has seen them, when they were replaced, " +
		"and what they were, once the cluster is lost, is not known.",
	Remediation: "Keep them in a store that notes who reads them and can replace them (Vault, a cloud's secret manager), and bring them in " +
		"by External Secrets or the Secrets Store CSI driver; or keep them encrypted in a repository (Sealed Secrets, SOPS).",
	Controls: []string{"CIS-5.4.2", "OWASP22-K08", "OWASP25-K03"},
	Since:    "2",
	Subjects: []kube.Resource{kube.Namespaces},
	Consults: append(kube.WorkloadResources(), kube.Secrets, kube.ExternalSecrets, kube.SecretProviderClasses),
	Check:    audit.EachNamespace(judgeStore),
}

func judgeStore(p *audit.Pass, namespace string) {
	c := p.Cluster
	if kube.Platform(namespace) || !usesSecrets(c, namespace) {
		p.NotApplicable()
		return
	}
	if len(c.Custom(kube.ExternalSecrets).In(namespace)) > 0 || len(c.Custom(kube.SecretProviderClasses).In(namespace)) > 0 ||
		slices.ContainsFunc(c.Secrets.In(namespace), delivered) || slices.ContainsFunc(c.WorkloadsIn(namespace), injected) {
		return
	}
	for _, r := range []kube.Resource{kube.Secrets, kube.ExternalSecrets, kube.SecretProviderClasses} {
		if state, blind := c.Blind(r, namespace); blind && state.Phase != kube.Absent {
			p.Unknown(r.String() + " are not known")
			return
		}
	}
	if c.Info.Offline {
		p.Unknown("what brings the Secrets in may not be among the manifests")
		return
	}
	p.Report(audit.Finding{
		Message: "its Secrets come from no store outside of the cluster",
		Detail: "Its workloads use Secrets, and it has no ExternalSecret, no SecretProviderClass, no Secret that an operator delivers, " +
			"and no workload into which Vault injects.",
	})
}

// usesSecrets reports whether a workload of a namespace uses a Secret.
func usesSecrets(c *kube.Cluster, namespace string) bool {
	return slices.ContainsFunc(c.WorkloadsIn(namespace), func(w *kube.Workload) bool {
		for s := range sourcesOf(w) {
			if s.resource == kube.Secrets {
				return true
			}
		}
		return false
	})
}

// delivered reports whether an operator brought a Secret in from a store or a
// repository, by the owner or the marks that it leaves.
func delivered(secret *metav1.PartialObjectMetadata) bool {
	for i := range secret.OwnerReferences {
		if slices.Contains([]string{
			"ExternalSecret", "ClusterExternalSecret", "SealedSecret", "SopsSecret", "OnePasswordItem", "InfisicalSecret",
			"VaultStaticSecret", "VaultDynamicSecret", "VaultPKISecret", "VaultSecret", "BitwardenSecret", "DopplerSecret",
		}, secret.OwnerReferences[i].Kind) {
			return true
		}
	}
	_, external := secret.Labels["reconcile.external-secrets.io/managed"]
	_, mounted := secret.Labels["secrets-store.csi.k8s.io/managed"]
	return external || mounted
}

// injected reports whether an agent or a driver brings secrets into the pods.
func injected(w *kube.Workload) bool {
	for key := range w.Pod.Annotations {
		if strings.HasPrefix(key, "vault.hashicorp.com/agent-inject") {
			return true
		}
	}
	for i := range w.Pod.Spec.Volumes {
		if csi := w.Pod.Spec.Volumes[i].CSI; csi != nil && csi.Driver == "secrets-store.csi.k8s.io" {
			return true
		}
	}
	return false
}
