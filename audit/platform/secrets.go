package platform

import (
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// secrets has in Others what is kept in Git all the same, and what is out of date. How
// programs are handed what was brought in, and how etcd keeps it, is no matter of where it
// is from: secret-in-env and secret-encryption-at-rest are of the posture alone.
func secrets() Capability {
	return Capability{
		ID:     "secrets",
		Title:  "Secrets come from a store, and are not kept in Git",
		Level:  Governed,
		About:  "A store notes who reads a credential, and can replace it; what was once in Git in plain text is known to whoever has a copy.",
		Advice: "Bring Secrets in with External Secrets, the Secrets Store CSI driver or Vault's operator, or keep them encrypted in Git with Sealed Secrets or SOPS.",
		Reads: slices.Concat(secretKinds(), []kube.Resource{
			kube.SecretProviderClasses, kube.SecretProviderClassPodStatuses, kube.Kustomizations,
		}, componentResources()),
		Hidden: "programs may read the provider's store themselves, by the identity of their pods",
		Rules:  []string{"external-secret-not-ready", "secret-store-not-ready", "sealed-secret-not-synced", "secret-not-mounted"},
		Others: []string{"external-secret-stale", "env-plaintext-secret"},
		Find: func(c *kube.Cluster) []Trace {
			var traces []Trace
			for _, r := range secretKinds() {
				if n := c.Custom(r).Len(); n > 0 {
					traces = append(traces, Trace{What: secretProduct(r), Says: counted(n, r.Kind), Objects: n})
				}
			}
			return slices.Concat(traces, mounting(c), decrypting(c), injected(c), installed(c,
				component{what: "External Secrets", images: []string{"external-secrets/external-secrets"}},
				component{what: "Sealed Secrets", images: []string{"bitnami/sealed-secrets-controller", "sealed-secrets-controller"}},
				component{what: "Secrets Store CSI", images: []string{"csi-secrets-store/driver"}, everywhere: true},
				component{what: "SOPS", images: []string{"isindir/sops-secrets-operator"}},
				component{what: "Vault", images: []string{"hashicorp/vault-secrets-operator", "hashicorp/vault-k8s", "hashicorp/vault-csi-provider"}},
			))
		},
	}
}

// secretKinds are the kinds that say what is brought in, and from where.
func secretKinds() []kube.Resource {
	return []kube.Resource{
		kube.ExternalSecrets, kube.ClusterExternalSecrets, kube.SecretStores, kube.ClusterSecretStores, kube.SealedSecrets,
		kube.VaultStaticSecrets, kube.VaultDynamicSecrets, kube.VaultPKISecrets, kube.VaultConnections, kube.VaultAuths,
	}
}

// secretProduct returns which product a kind is of.
func secretProduct(r kube.Resource) string {
	switch r.Group {
	case kube.ExternalSecrets.Group:
		return "External Secrets"
	case kube.SealedSecrets.Group:
		return "Sealed Secrets"
	}
	return "Vault"
}

// storeDriver is the CSI driver by which pods mount what a store has
// (https://secrets-store-csi-driver.sigs.k8s.io).
const storeDriver = "secrets-store.csi.k8s.io"

// mounting says how the workloads do that mount from a store. A pod does not start without
// its volumes, so that one that is available has got what it asked for; one that is not may
// lack something else.
func mounting(c *kube.Cluster) []Trace {
	up, all := 0, 0
	for _, namespace := range c.NamespaceNames() {
		for _, w := range c.WorkloadsIn(namespace) {
			if !mounts(w, storeDriver) {
				continue
			}
			all++
			if ready, want, known := available(w); known && want > 0 && ready >= want {
				up++
			}
		}
	}
	t := Trace{What: "Secrets Store CSI"}
	switch n := c.Custom(kube.SecretProviderClasses).Len(); {
	case all > 0:
		t.Says = fmt.Sprintf("%d of %d workloads that mount from it are available", up, all)
		if up == all {
			t.State = Healthy
		}
	case n > 0:
		t.Says = counted(n, "SecretProviderClass") + ", of which nothing mounts"
	default:
		return nil
	}
	return []Trace{t}
}

// mounts reports whether the pods of a workload have a volume of a CSI driver.
func mounts(w *kube.Workload, driver string) bool {
	for i := range w.Pod.Spec.Volumes {
		if csi := w.Pod.Spec.Volumes[i].CSI; csi != nil && csi.Driver == driver {
			return true
		}
	}
	return false
}

// decrypting says how many Kustomizations of Flux decrypt what they apply
// (https://fluxcd.io/flux/components/kustomize/kustomizations/#decryption). One that is
// ready has; one that is not lacks what its message says, which may be something else.
func decrypting(c *kube.Cluster) []Trace {
	ready, all, failing := 0, 0, ""
	for o := range c.Custom(kube.Kustomizations).All() {
		provider, _, _ := unstructured.NestedString(o.Object, "spec", "decryption", "provider")
		if provider != "sops" {
			continue
		}
		all++
		applied, err := kube.Decode[struct {
			Status struct {
				Conditions []metav1.Condition `json:"conditions"`
			} `json:"status"`
		}](o)
		condition := meta.FindStatusCondition(applied.Status.Conditions, "Ready")
		switch {
		case err != nil || condition == nil:
		case condition.Status == metav1.ConditionTrue:
			ready++
		case undecrypted(condition) && c.Lasted(condition.LastTransitionTime, settling) && failing == "":
			failing = o.GetNamespace() + "/" + o.GetName()
		}
	}
	if all == 0 {
		return nil
	}
	t := Trace{What: "SOPS", Says: fmt.Sprintf("%d of %d Kustomizations that decrypt are ready", ready, all)}
	switch {
	case failing != "":
		t.State, t.Says = Problems, t.Says+", and "+failing+" cannot decrypt"
	case ready == all:
		t.State = Healthy
	}
	return []Trace{t}
}

// undecrypted reports whether a condition says that something could not be decrypted: the
// messages of kustomize-controller name SOPS or the decryption.
func undecrypted(c *metav1.Condition) bool {
	message := strings.ToLower(c.Message)
	return c.Status == metav1.ConditionFalse && (strings.Contains(message, "decrypt") || strings.Contains(message, "sops"))
}

// injected says into how many workloads Vault is asked to bring secrets. Whether it did is
// in their pods' files, which nobody reads.
func injected(c *kube.Cluster) []Trace {
	n := 0
	for _, namespace := range c.NamespaceNames() {
		for _, w := range c.WorkloadsIn(namespace) {
			if w.Pod.Annotations["vault.hashicorp.com/agent-inject"] == "true" {
				n++
			}
		}
	}
	if n == 0 {
		return nil
	}
	return []Trace{{What: "Vault", Says: counted(n, "workload") + " into which an agent is to bring secrets"}}
}
