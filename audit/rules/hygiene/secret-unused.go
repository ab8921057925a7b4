package hygiene

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var secretUnused = &audit.Rule{
	ID:       "secret-unused",
	Title:    "No reference to a Secret found",
	Severity: audit.Low,
	Rationale: "A credential that nothing uses can still be stolen: by whoever may read Secrets of the namespace, and from backups. " +
		"Nobody rotates it, because nobody knows of it.",
	Remediation: "Find out who made it and whether a program or an operator asks the API server for it; an earlier revision of a " +
		"StatefulSet or DaemonSet may need it as well. If nobody does, revoke the credential where it is valid, then delete the Secret.",
	Since:    "2",
	Subjects: []kube.Resource{kube.Secrets},
	Consults: referring(kube.Secrets),
	Parameters: discovery("argocd.argoproj.io/secret-type", "app.kubernetes.io/part-of=argocd", "sealedsecrets.bitnami.com/sealed-secrets-key",
		"cert-manager.io/next-private-key", "cluster.x-k8s.io/cluster-name", "grafana_datasource", "grafana_dashboard"),
	Check: audit.EachObject(kube.Secrets,
		func(c *kube.Cluster) kube.Table[*metav1.PartialObjectMetadata] { return c.Secrets },
		func(p *audit.Pass, s *metav1.PartialObjectMetadata) {
			// Who has the token of a ServiceAccount is outside: the account is judged.
			_, token := s.Annotations[corev1.ServiceAccountNameKey]
			if token || ofIssuer(s) || isHelmRelease(s) || electsLeader(s) || found(p, s) || !mayBeUnused(p, s) {
				p.NotApplicable()
				return
			}
			judgeReferred(p, kube.Secrets, s, "Neither pods, pod templates, past revisions of Deployments, ServiceAccounts, Ingresses, "+
				"volumes, roles that name it nor the custom resources that are read refer to it, and no program is told its name. "+
				"Who asks the API server for it without that is not to be seen.")
		}),
}

// ofIssuer reports whether an issuer of cert-manager reads a Secret: it is for
// the attention of its controller, and is not the certificate of anybody.
func ofIssuer(s *metav1.PartialObjectMetadata) bool {
	return s.Labels["controller.cert-manager.io/fao"] == "true" && s.Annotations["cert-manager.io/certificate-name"] == ""
}
