package rbac

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var cloudIAMAssumption = &audit.Rule{
	ID:       "cloud-iam-assumption",
	Title:    "A ServiceAccount is an identity of the cloud",
	Severity: audit.Low,
	Rationale: "Whoever gets a token of the ServiceAccount, by its pods, by creating one or by serviceaccounts/token, " +
		"acts in the cloud, where no rule of the cluster sees them. That is better than a key in a Secret, and " +
		"the list is the way from the cluster into the cloud.",
	Remediation: "Give one workload one such ServiceAccount, never default, with the least rights in the cloud, and keep " +
		"those who may create pods or tokens in its namespace few.",
	Controls: []string{"OWASP22-K03", "OWASP25-K02"},
	Since:    "2",
	Subjects: []kube.Resource{kube.ServiceAccounts},
	Admission: &audit.Admission{
		Resources: []kube.Resource{kube.ServiceAccounts},
		Variables: []audit.Variable{{Name: "clouds", Expression: audit.Texts(cloudAnnotations())}},
		AtFault:   "variables.clouds.filter(k, object.metadata.?annotations[?k].orValue('') != '')",
	},
	Check: eachServiceAccount(judgeCloudIdentity),
}

// cloudAnnotations are the annotations by which clouds know a ServiceAccount, the
// one of Azure last.
func cloudAnnotations() []string {
	return []string{
		"eks.amazonaws.com/role-arn",        // docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html
		"iam.gke.io/gcp-service-account",    // cloud.google.com/kubernetes-engine/docs/how-to/workload-identity
		"azure.workload.identity/client-id", // azure.github.io/azure-workload-identity/docs
	}
}

func judgeCloudIdentity(p *audit.Pass, a *corev1.ServiceAccount) {
	for i, annotation := range cloudAnnotations() {
		identity := a.Annotations[annotation]
		if identity == "" {
			continue
		}
		f := audit.Finding{
			Path:    `metadata.annotations["` + annotation + `"]`,
			Message: "its tokens are good for " + identity + " in the cloud",
			Detail:  "The annotation " + annotation + " names the identity that whoever holds a token of " + a.Namespace + "/" + a.Name + " can assume.",
		}
		// On Azure, pods get it only if they bear a label of their own.
		if azure := i == len(cloudAnnotations())-1; a.Name == defaultAccount && !azure {
			f.Severity = audit.Medium
			f.Detail += " Every pod of the namespace that names no ServiceAccount gets it."
		}
		p.Report(f)
	}
}
