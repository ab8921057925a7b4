package platform

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/policyengine"
)

var admissionPolicyFailsOpen = &audit.Rule{
	ID:       "admission-policy-fails-open",
	Title:    "A policy is passed by while its engine does not answer",
	Severity: audit.Low,
	Rationale: "The API server asks the engine by a webhook. With failurePolicy Ignore what the policy forbids is let through whenever the engine is down, " +
		"slow or being upgraded, and whoever can overload it gets past the policy.",
	Remediation: "Let failurePolicy be Fail, which it is where nothing is set, and run the engine with several replicas, so that an outage of one does not stop writes. " +
		"Keep Ignore for policies that are no matter of security.",
	Since:    "3",
	Subjects: policyengine.Resources(),
	Check: eachPolicy(func(p *audit.Pass, policy policyengine.Policy) {
		switch {
		case !policy.Enforces:
			p.NotApplicable() // it lets everything through anyway
		case policy.Open != "":
			p.Report(audit.Finding{
				Path:    policy.Open,
				Message: "failurePolicy is Ignore",
				Detail:  "The policy refuses what it forbids, but not while its engine does not answer.",
			})
		}
	}),
}
