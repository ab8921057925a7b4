package platform

import (
	"cmp"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var sealedSecretNotSynced = &audit.Rule{
	ID:       "sealed-secret-not-synced",
	Title:    "A sealed secret cannot be opened",
	Severity: audit.High,
	Rationale: "The Secret in the cluster is not what is in Git, or is not there. Usually the key is not the one that it was sealed " +
		"with: then nothing that was sealed with that can be opened here, and if nobody kept it, nowhere else.",
	Remediation: "A SealedSecret is for one name in one namespace unless it says otherwise: seal it again (`kubeseal`) if it was moved or the key is lost. " +
		"Bring back the keys of the cluster that it was sealed for, and keep a copy of them: Secrets with the label sealedsecrets.bitnami.com/sealed-secrets-key.",
	Since:    "3",
	Subjects: []kube.Resource{kube.SealedSecrets},
	Check: eachDecoded([]kube.Resource{kube.SealedSecrets}, func(p *audit.Pass, s *sealedSecret) {
		synced := meta.FindStatusCondition(s.Status.Conditions, "Synced")
		if synced == nil || s.Status.ObservedGeneration < s.Metadata.Generation {
			p.NotApplicable() // not looked at yet, or a manifest
			return
		}
		switch synced.Status {
		case metav1.ConditionTrue:
		case metav1.ConditionFalse:
			p.Report(audit.Finding{Message: "it is not synced: " + cmp.Or(synced.Message, synced.Reason, "no reason given"), Detail: reasoned(synced)})
		default:
			p.NotApplicable()
		}
	}),
}

// sealedSecret is what matters of a SealedSecret
// (https://github.com/bitnami-labs/sealed-secrets, pkg/apis/sealedsecrets/v1alpha1).
type sealedSecret struct {
	Metadata metav1.ObjectMeta `json:"metadata"`
	Status   struct {
		ObservedGeneration int64              `json:"observedGeneration"`
		Conditions         []metav1.Condition `json:"conditions"`
	} `json:"status"`
}
