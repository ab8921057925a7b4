package secrets

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// What is of the wrong type cannot be told: of Secrets only metadata is read.
var imagePullSecretMissing = &audit.Rule{
	ID:       "image-pull-secret-missing",
	Title:    "A pull secret does not exist",
	Severity: audit.Medium,
	Rationale: "Nodes ask the registry without credentials. Private images cannot be pulled: pods on nodes that do not have them " +
		"do not start. Public ones come under the limits for strangers.",
	Remediation: "Create the Secret (of type kubernetes.io/dockerconfigjson) in the workload's own namespace, or take its name out.",
	Controls:    []string{"OWASP22-K08", "OWASP25-K03"},
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Reads:       []kube.Resource{kube.Secrets},
	Consults:    []kube.Resource{kube.ServiceAccounts, kube.Namespaces},
	Check:       audit.EachWorkload(judgePullSecrets),
}

func judgePullSecrets(p *audit.Pass, w *kube.Workload) {
	if w.Ended() {
		p.NotApplicable()
		return
	}
	named, account := pullSecrets(p.Cluster, w)
	if len(named) == 0 {
		p.NotApplicable()
		return
	}
	for i, secret := range named {
		if secret.Name == "" {
			continue
		}
		if _, held := p.Cluster.Secrets.Get(w.Ref.Namespace, secret.Name); held {
			continue
		}
		if !provable(p.Cluster, kube.Secrets, w.Ref.Namespace) {
			p.Unknown("Secret " + w.Ref.Namespace + "/" + secret.Name + " is not in the view")
			continue
		}
		f := audit.Finding{
			Path:    w.Field(fmt.Sprintf("imagePullSecrets[%d].name", i)),
			Message: "pull secret " + secret.Name + " does not exist",
			Detail:  "There is no Secret " + w.Ref.Namespace + "/" + secret.Name + ".",
		}
		if account != nil {
			f.Path = w.Field("serviceAccountName")
			f.Message = fmt.Sprintf("pull secret %s of its ServiceAccount %s does not exist", secret.Name, account.Name)
		}
		p.Report(f)
	}
}

// pullSecrets returns the pull secrets of a workload's pods: those of the
// ServiceAccount where the template names none, as the ServiceAccount admission
// plugin has it. The account is nil where the template names them.
func pullSecrets(c *kube.Cluster, w *kube.Workload) ([]corev1.LocalObjectReference, *corev1.ServiceAccount) {
	if named := w.Pod.Spec.ImagePullSecrets; len(named) > 0 {
		return named, nil
	}
	account, held := c.ServiceAccounts.Get(w.Ref.Namespace, w.ServiceAccount())
	if !held {
		return nil, nil
	}
	return account.ImagePullSecrets, account
}
