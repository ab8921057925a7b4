package rbac

import (
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var tokenSecretIssueAccess = &audit.Rule{
	ID:       "token-secret-issue-access",
	Title:    "Lasting tokens of powerful ServiceAccounts can be issued",
	Severity: audit.High,
	Rationale: "A Secret that names a ServiceAccount has the token controller write a token of it there, which never " +
		"expires. Whoever makes one in a namespace of powerful programs, and can read it, has their power for " +
		"good.",
	Remediation: "Let the subject write Secrets only in namespaces whose ServiceAccounts have no more than it has itself.",
	Controls:    []string{"OWASP22-K03", "OWASP25-K02", "MITRE-T1528"},
	Since:       "2",
	Subjects:    []kube.Resource{kube.RoleBindings, kube.ClusterRoleBindings},
	Reads:       []kube.Resource{kube.Roles, kube.ClusterRoles},
	Consults:    append(weighed(), kube.Secrets),
	Check:       judgePower(issueTokenSecrets),
}

var issueTokenSecrets = &power{
	rule:     "token-secret-issue-access",
	severity: audit.High,
	can:      "have the server issue a lasting token of every ServiceAccount in %s",
	allows:   func(g grant) bool { return g.can("", "secrets", "", "create", "update", "patch") },
	// A token that nobody reads is no use: the Secret is read, or mounted.
	completes: func(h holder) (completion, bool) {
		read := requests("", "secrets", "", "get", "list", "watch")
		for _, r := range runners() {
			read = append(read, requests(r.Group, r.Plural, "", "create")...)
		}
		reads, ok := h.mayWhere(h.privileged, read...)
		if !ok {
			return completion{}, false
		}
		powerful, ok := overPrivileged(h)
		if !ok {
			return completion{}, false
		}
		return powerful.and(reads)
	},
	present: tokenSecretToChange,
	within:  []string{"secrets-access-cluster-wide"},
}

// tokenSecretToChange tells whether there is a Secret to have a token in: the type
// of a Secret never changes, so that without the right to create one it takes one
// that is there. The API server demands the name of the account of all of that
// type, as an annotation; the type itself is not read.
func tokenSecretToChange(c *kube.Cluster, by *charge, h holding) presence {
	if mightExists(c, by, h) == absent {
		return absent
	}
	creates := slices.ContainsFunc(by.Rules, func(r rbacv1.PolicyRule) bool {
		return grant{PolicyRule: &r}.can("", "secrets", "", "create")
	})
	if creates {
		return there
	}
	namespaces := []string{by.Ref.Namespace}
	if by.Wide() {
		namespaces = append(slices.Sorted(maps.Keys(by.shared.mighty)), controlPlane)
	}
	found := absent
	for _, namespace := range namespaces {
		if slices.ContainsFunc(c.Secrets.In(namespace), holdsToken) {
			return there
		}
		if !access.Complete(c, kube.Secrets, namespace) {
			found = unseen
		}
	}
	return found
}

func holdsToken(s *metav1.PartialObjectMetadata) bool {
	_, names := s.Annotations[corev1.ServiceAccountNameKey]
	return names
}
