package platform

import (
	"cmp"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var secretStoreNotReady = &audit.Rule{
	ID:       "secret-store-not-ready",
	Title:    "A store of secrets cannot be used",
	Severity: audit.High,
	Rationale: "No secret that is from it is brought up to date. Nothing breaks at once, which is why nobody looks; " +
		"the next credential that is replaced in the store breaks what uses it here.",
	Remediation: "The message of the condition says why: usually the credentials or the role by which the controller logs in have ended, or the address cannot be reached. " +
		"Where an ExternalSecret names a store that does not exist, correct spec.secretStoreRef; a store of the whole cluster needs `kind: ClusterSecretStore`.",
	Since:    "3",
	Subjects: append(stores(), kube.ExternalSecrets),
	Consults: []kube.Resource{kube.SecretStores, kube.ClusterSecretStores, kube.Namespaces},
	Timed:    true,
	Check: audit.EachOf(append(stores(), kube.ExternalSecrets), func(p *audit.Pass, o kube.Object) {
		custom := o.(*unstructured.Unstructured)
		if p.Subject().Ref.Kind == kube.ExternalSecrets.Kind {
			judgeStoreRef(p, custom)
			return
		}
		s, err := kube.Decode[store](custom)
		if err != nil {
			p.Unknown(err.Error())
			return
		}
		judgeStore(p, &s)
	}),
}

// stores returns the kinds that say how to get at a store.
func stores() []kube.Resource {
	return []kube.Resource{kube.SecretStores, kube.ClusterSecretStores, kube.VaultConnections, kube.VaultAuths}
}

// store is what matters of one (https://external-secrets.io/latest/api/secretstore/,
// https://developer.hashicorp.com/vault/docs/platform/k8s/vso/api-reference#vaultconnection).
type store struct {
	Status struct {
		Conditions []metav1.Condition `json:"conditions"`
		Valid      *bool              `json:"valid"` // of Vault's alone, older than its conditions
		Error      string             `json:"error"`
	} `json:"status"`
}

func judgeStore(p *audit.Pass, s *store) {
	if valid := s.Status.Valid; valid != nil && len(s.Status.Conditions) == 0 {
		if !*valid {
			p.Report(audit.Finding{Message: "it is not valid", Detail: "The controller says: " + cmp.Or(s.Status.Error, "nothing more") + "."})
		}
		return
	}
	if c := notReady(p, s.Status.Conditions); c != nil {
		p.Report(audit.Finding{Message: "it is not ready: " + cmp.Or(c.Reason, "no reason given"), Detail: reasoned(c)})
	}
}

// judgeStoreRef reports an ExternalSecret from a store that does not exist. Of one whose
// stores do, [externalSecretNotReady] says how it does.
func judgeStoreRef(p *audit.Pass, o *unstructured.Unstructured) {
	e, err := kube.Decode[externalSecret](o)
	if err != nil {
		p.Unknown(err.Error())
		return
	}
	ref, missing, why := e.missingStore(p.Cluster)
	switch {
	case why != "":
		p.Unknown(why)
	case !missing:
		p.NotApplicable()
	default:
		p.Report(audit.Finding{
			Path:    ref.path,
			Message: ref.kind + " " + ref.name + " does not exist",
			Detail:  "Secret " + e.target() + " is not brought in as long as there is none.",
		})
	}
}

// missingStore returns a store that an ExternalSecret names and that does not exist. Why
// says for what reason one cannot tell, "" if one can.
func (e *externalSecret) missingStore(c *kube.Cluster) (missing named, found bool, why string) {
	for _, n := range e.stores() {
		resource, namespace := kube.SecretStores, e.Metadata.Namespace
		switch n.kind {
		case kube.SecretStores.Kind:
		case kube.ClusterSecretStores.Kind:
			resource, namespace = kube.ClusterSecretStores, ""
		default:
			continue // no kind that is known
		}
		if _, held := c.Custom(resource).Get(namespace, n.name); held {
			continue
		}
		if !c.Info.Offline && access.Complete(c, resource, namespace) {
			return n, true, ""
		}
		why = n.kind + " " + n.name + " is not in the view"
	}
	return named{}, false, why
}
