package rbac

import (
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var webhookConfigurationAccess = &audit.Rule{
	ID:       "webhook-configuration-access",
	Title:    "Admission can be reconfigured",
	Severity: audit.High,
	Rationale: "Whoever configures admission sees every object that is written, Secrets included, can change it " +
		"on the way in, and can switch off the policies that protect the cluster.",
	Remediation: "Name the configurations that the subject owns in resourceNames; create has to stay with whoever " +
		"installs it.",
	Controls: []string{"CIS-5.1.12", "OWASP22-K03", "OWASP25-K02"},
	Since:    "1",
	Subjects: []kube.Resource{kube.ClusterRoleBindings},
	Reads:    []kube.Resource{kube.ClusterRoles},
	Consults: weighed(),
	Check:    judgePower(configureAdmission),
}

var configureAdmission = &power{
	rule:     "webhook-configuration-access",
	severity: audit.High,
	can:      "read and change what is written to %s",
	reach:    clusterOnly,
	allows: func(g grant) bool {
		return slices.ContainsFunc(
			[]string{
				"mutatingwebhookconfigurations", "validatingwebhookconfigurations",
				"mutatingadmissionpolicies", "mutatingadmissionpolicybindings",
				"validatingadmissionpolicies", "validatingadmissionpolicybindings",
			},
			func(resource string) bool {
				return g.can("admissionregistration.k8s.io", resource, "", "create", "update", "patch", "delete")
			},
		)
	},
}
