package secrets

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// What the token controller and its tracking of use write on token Secrets
// (pkg/serviceaccount, KEP-2799).
const (
	lastUsedLabel = "kubernetes.io/legacy-token-last-used"
	invalidLabel  = "kubernetes.io/legacy-token-invalid-since"
	// openShiftToken marks the pull secrets of OpenShift, which bear the
	// account's name as well.
	openShiftToken = "openshift.io/token-secret.name"
)

var serviceAccountTokenSecret = &audit.Rule{
	ID:       "service-account-token-secret",
	Title:    "A Secret holds a token that never expires",
	Severity: audit.Medium,
	Rationale: "Whoever once reads the Secret acts as the ServiceAccount for as long as the Secret exists, from anywhere: " +
		"the token is bound neither to a pod nor to a time, and nothing replaces it.",
	Remediation: "Use tokens of the TokenRequest API (kubectl create token, projected volumes), which expire, and delete the Secret. " +
		"The label " + lastUsedLabel + " says when it was last needed.",
	Controls: []string{"OWASP22-K08", "OWASP25-K03"},
	Since:    "2",
	Subjects: []kube.Resource{kube.Secrets},
	Check: audit.EachObject(kube.Secrets,
		func(c *kube.Cluster) kube.Table[*metav1.PartialObjectMetadata] { return c.Secrets }, judgeTokenSecret),
}

// judgeTokenSecret goes by the annotations: the API server demands the account's
// name of every Secret of that type, and the type itself is not read.
func judgeTokenSecret(p *audit.Pass, secret *metav1.PartialObjectMetadata) {
	account, named := secret.Annotations[corev1.ServiceAccountNameKey]
	_, pull := secret.Annotations[openShiftToken]
	_, issued := secret.Annotations[corev1.ServiceAccountUIDKey]
	_, invalid := secret.Labels[invalidLabel]
	lastUsed, used := secret.Labels[lastUsedLabel]
	switch {
	case !named || pull || invalid:
		return
	case !issued && !used && !p.Cluster.Info.Offline:
		p.Unknown("its type is not read, and nothing shows that a token was issued")
		return
	}
	f := audit.Finding{
		Message: fmt.Sprintf("it holds a token of ServiceAccount %s that never expires", account),
		Detail:  "The Secret is annotated with the account whose token it holds.",
	}
	switch {
	case used:
		f.Detail += " The token was last used on " + lastUsed + "."
	case !p.Cluster.Info.Offline:
		f.Detail += " The API server has not noted any use of it."
	}
	fix := audit.DeleteSubject("delete the Secret", p.Subject().Ref)
	fix.Risk = "Whoever still uses the token, in or out of the cluster, is refused from then on: look at the label " + lastUsedLabel + "."
	if used {
		fix.Risk = "Whoever still uses the token, in or out of the cluster, is refused from then on: it was last used on " + lastUsed + "."
	}
	f.Fixes = []audit.Fix{fix}
	p.Report(f)
}
