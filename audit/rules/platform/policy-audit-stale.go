package platform

import (
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/policyengine"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// auditAge is after how many minutes an audit is stale: Gatekeeper audits each minute
// (--audit-interval), who has very many objects each hour or two.
const auditAge = 6 * 60

var policyAuditStale = &audit.Rule{
	ID:       "policy-audit-stale",
	Title:    "Nobody has looked for long whether a policy is kept",
	Severity: audit.Medium,
	Rationale: "The audit of Gatekeeper finds what was there before the constraint, and what was let in while the engine did not answer. " +
		"What the constraint says of violations is as old as the last audit: that there are none means nothing.",
	Remediation: "See whether the pod gatekeeper-audit runs and what it logs: it often lacks memory, since it lists every object of the kinds that constraints are about. " +
		"Give it more, or less to list (--audit-match-kind-only, --audit-chunk-size).",
	Since:    "3",
	Subjects: []kube.Resource{kube.Constraints},
	Timed:    true,
	Check:    audit.EachCustom(kube.Constraints, judgeAudit),
}

// judgeAudit judges a constraint alone: Gatekeeper writes the time of its audit to each,
// whether or not anything changed. Kyverno writes a report only where its results change,
// so that an old one says nothing.
func judgeAudit(p *audit.Pass, o *unstructured.Unstructured) {
	a, err := policyengine.AuditOf(o)
	since := a.At
	if since.IsZero() {
		since = o.GetCreationTimestamp()
	}
	switch {
	case err != nil:
		p.Unknown(err.Error())
	case a.Skipped, since.IsZero(): // the audit passes it by, or it is written in a file
		p.NotApplicable()
	case !p.Cluster.Lasted(since, auditAge):
	case a.At.IsZero():
		p.Report(audit.Finding{
			Path: "status.auditTimestamp", Message: "it was never audited",
			Detail: fmt.Sprintf("It is there since %s, and Gatekeeper has not looked yet whether what is in the cluster keeps it.", kube.Moment(since)),
		})
	default:
		p.Report(audit.Finding{
			Path: "status.auditTimestamp", Message: fmt.Sprintf("not audited for more than %d hours", auditAge/60),
			Detail: fmt.Sprintf("Gatekeeper audited it last at %s. What has come into the cluster since then nobody has looked at.", kube.Moment(a.At)),
		})
	}
}
