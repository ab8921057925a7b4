package platform

import (
	"cmp"
	"slices"
	"strconv"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// externalSecret is what matters of an ExternalSecret
// (https://external-secrets.io/latest/api/externalsecret/) and of the secrets of the Vault
// Secrets Operator (https://developer.hashicorp.com/vault/docs/platform/k8s/vso/api-reference).
type externalSecret struct {
	Metadata metav1.ObjectMeta `json:"metadata"`
	Spec     struct {
		// RefreshInterval is an hour where it is not set. At 0 the secret is fetched once.
		RefreshInterval *metav1.Duration `json:"refreshInterval"`
		RefreshPolicy   string           `json:"refreshPolicy"` // Periodic where it is not set
		SyncWindows     map[string]any   `json:"syncWindows"`   // when it may be refreshed at all
		SecretStoreRef  storeRef         `json:"secretStoreRef"`
		Target          struct {
			Name string `json:"name"` // of the Secret, its own where it is not set
		} `json:"target"`
		Destination struct {
			Name string `json:"name"` // the same in Vault's words
		} `json:"destination"`
		Data     []sourced `json:"data"`
		DataFrom []sourced `json:"dataFrom"`
	} `json:"spec"`
	Status struct {
		RefreshTime *metav1.Time       `json:"refreshTime"` // of the last time that it went well
		Conditions  []metav1.Condition `json:"conditions"`
	} `json:"status"`
}

// storeRef names a store, of the namespace or of the cluster.
type storeRef struct {
	Name string `json:"name"`
	Kind string `json:"kind"` // SecretStore where it is not set
}

// sourced is a part of a secret that may be from a store of its own.
type sourced struct {
	SourceRef struct {
		StoreRef storeRef `json:"storeRef"`
	} `json:"sourceRef"`
}

// named is a store that an ExternalSecret names, and where.
type named struct {
	kind, name string
	path       string // of the first field that names it
}

// stores returns the stores that an ExternalSecret names, each once.
func (e *externalSecret) stores() []named {
	var all []named
	add := func(ref storeRef, path string) {
		kind := cmp.Or(ref.Kind, kube.SecretStores.Kind)
		known := slices.ContainsFunc(all, func(n named) bool { return n.kind == kind && n.name == ref.Name })
		if ref.Name != "" && !known {
			all = append(all, named{kind, ref.Name, path})
		}
	}
	add(e.Spec.SecretStoreRef, "spec.secretStoreRef")
	for i, part := range e.Spec.Data {
		add(part.SourceRef.StoreRef, "spec.data["+strconv.Itoa(i)+"].sourceRef.storeRef")
	}
	for i, part := range e.Spec.DataFrom {
		add(part.SourceRef.StoreRef, "spec.dataFrom["+strconv.Itoa(i)+"].sourceRef.storeRef")
	}
	return all
}

// target returns the name of the Secret that is made.
func (e *externalSecret) target() string {
	return cmp.Or(e.Spec.Target.Name, e.Spec.Destination.Name, e.Metadata.Name)
}

// broughtIn returns the kinds of what is brought in from a store.
func broughtIn() []kube.Resource {
	return []kube.Resource{kube.ExternalSecrets, kube.VaultStaticSecrets, kube.VaultDynamicSecrets, kube.VaultPKISecrets}
}
