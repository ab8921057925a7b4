package platform

import (
	"cmp"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var constraintTemplateNotReady = &audit.Rule{
	ID:       "constraint-template-not-ready",
	Title:    "Gatekeeper cannot use a template of constraints",
	Severity: audit.Medium,
	Rationale: "A constraint of a template that Gatekeeper cannot compile forbids nothing, or what an older template forbade. " +
		"Where no pod of Gatekeeper has taken a template up, its constraints forbid nothing at all.",
	Remediation: "Correct the template by what Gatekeeper says of it: usually its code does not compile, or it is of a version of Rego that this Gatekeeper does not know. " +
		"If it says nothing, see whether its controller runs, and what that logs.",
	Since:    "3",
	Subjects: []kube.Resource{kube.ConstraintTemplates},
	Timed:    true,
	Check:    eachDecoded([]kube.Resource{kube.ConstraintTemplates}, judgeTemplate),
}

// constraintTemplate is what each pod of Gatekeeper says of a template
// (https://github.com/open-policy-agent/frameworks, constraint/pkg/apis/templates/v1; who
// writes it is pkg/controller/constrainttemplatestatus of Gatekeeper).
type constraintTemplate struct {
	Metadata metav1.ObjectMeta `json:"metadata"`
	Status   struct {
		Created *bool `json:"created"` // whether at least one pod reports no error
		ByPod   []struct {
			Errors []struct {
				Code    string `json:"code"`
				Message string `json:"message"`
			} `json:"errors"`
		} `json:"byPod"`
	} `json:"status"`
}

func judgeTemplate(p *audit.Pass, t *constraintTemplate) {
	for _, pod := range t.Status.ByPod {
		if len(pod.Errors) > 0 {
			e := pod.Errors[0]
			p.Report(audit.Finding{
				Message: "it is not used: " + cmp.Or(e.Code, "no reason given"),
				Detail:  "Gatekeeper says: " + strings.TrimSuffix(cmp.Or(strings.TrimSpace(e.Message), "nothing more"), ".") + ".",
			})
			return
		}
	}
	switch created := t.Status.Created; {
	case created != nil && *created:
	case created != nil && p.Cluster.Lasted(t.Metadata.CreationTimestamp, reconciling):
		p.Report(audit.Finding{
			Path: "status.created", Message: "no pod of Gatekeeper uses it",
			Detail: "None has reported that it took the template up, and none an error.",
		})
	default:
		p.NotApplicable()
	}
}
