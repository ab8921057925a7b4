package securitycontext

import (
	"fmt"
	"slices"
	"strings"

	admissionv1 "k8s.io/api/admissionregistration/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var admissionPolicyUnbound = &audit.Rule{
	ID:       "admission-policy-unbound",
	Title:    "Admission policy that refuses nothing",
	Severity: audit.Medium,
	Rationale: "A ValidatingAdmissionPolicy does nothing until a binding with the action Deny applies it. " +
		"Who relies on the policy is not protected by it.",
	Remediation: "Add a ValidatingAdmissionPolicyBinding with the action Deny, first with Audit or Warn to see what it would refuse.",
	Controls:    []string{"OWASP22-K04", "OWASP25-K04"},
	Since:       "2",
	Subjects:    []kube.Resource{kube.ValidatingAdmissionPolicies},
	Reads:       []kube.Resource{kube.ValidatingAdmissionPolicyBindings},
	Check: audit.EachObject(kube.ValidatingAdmissionPolicies, policiesOf, func(p *audit.Pass, policy *admissionv1.ValidatingAdmissionPolicy) {
		bindings := bindingsOf.Of(p.Cluster)[policy.Name]
		if len(bindings) == 0 {
			if p.Cluster.Info.Offline {
				p.Unknown("its bindings may be in other manifests")
				return
			}
			p.Report(audit.Finding{Message: "policy has no binding", Detail: "No ValidatingAdmissionPolicyBinding names the policy."})
			return
		}
		var weak []string
		for _, binding := range bindings {
			if slices.Contains(binding.Spec.ValidationActions, admissionv1.Deny) {
				return
			}
			weak = append(weak, fmt.Sprintf("%s (%s)", binding.Name, actions(binding)))
		}
		p.Report(audit.Finding{
			Message: "policy is bound without the action Deny", Detail: "Its bindings and their actions: " + someOf(weak) + ".",
		})
	}),
}

func policiesOf(c *kube.Cluster) kube.Table[*admissionv1.ValidatingAdmissionPolicy] {
	return c.ValidatingAdmissionPolicies
}

// bindingsOf has the bindings of each policy, by its name.
var bindingsOf = kube.Derive(func(c *kube.Cluster) map[string][]*admissionv1.ValidatingAdmissionPolicyBinding {
	by := map[string][]*admissionv1.ValidatingAdmissionPolicyBinding{}
	for binding := range c.ValidatingAdmissionPolicyBindings.All() {
		by[binding.Spec.PolicyName] = append(by[binding.Spec.PolicyName], binding)
	}
	return by
}).From(kube.ValidatingAdmissionPolicyBindings)

func actions(binding *admissionv1.ValidatingAdmissionPolicyBinding) string {
	var names []string
	for _, action := range binding.Spec.ValidationActions {
		names = append(names, string(action))
	}
	return strings.Join(names, ", ")
}
