package platform

import (
	"cmp"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
)

var prometheusNotAvailable = &audit.Rule{
	ID:       "prometheus-not-available",
	Title:    "Prometheus or Alertmanager is not available",
	Severity: audit.Medium,
	Rationale: "What nobody measures raises no alert, and what no Alertmanager takes reaches nobody: " +
		"silence then looks as if all were well. With some of its pods left, the next failure ends it.",
	Remediation: "The condition names the pods and why they are not ready: usually the volume is full, memory does not suffice, or a rule or a configuration is refused. " +
		"See the logs of the pods, and of the Prometheus Operator if there are no pods. With spec.paused the operator repairs nothing.",
	Since:    "3",
	Subjects: measuring(),
	Timed:    true,
	Check:    eachDecoded(measuring(), judgeAvailability),
}

// judgeAvailability goes by what the operator says. One that is to have no pods is switched
// off, and one whose pods became unready a moment ago may be being replaced.
func judgeAvailability(p *audit.Pass, o *operated) {
	c, current := o.availability()
	ready := o.Status.AvailableReplicas
	unsaid := c == nil && ready == nil || c != nil && c.Status == metav1.ConditionUnknown
	if !current || unsaid || o.want() == 0 {
		p.NotApplicable()
		return
	}
	lacks := c != nil && (c.Status == metav1.ConditionFalse || c.Status == degraded)
	fewer := ready != nil && *ready < o.want()
	if !lacks && !fewer {
		return
	}
	if lacks && !p.Cluster.Lasted(c.LastTransitionTime, reconciling) {
		p.NotApplicable()
		return
	}
	p.Report(o.unavailable(c, lacks))
}

// unavailable says how far one is not available; lacks says that the condition does.
func (o *operated) unavailable(c *metav1.Condition, lacks bool) audit.Finding {
	var f audit.Finding
	if ready := o.Status.AvailableReplicas; ready != nil {
		f.Message = fmt.Sprintf("%d of %d pods are available", *ready, o.want())
		if *ready == 0 {
			f.Severity = audit.High
		}
	} else {
		f.Message = "it is not available"
	}
	if lacks {
		f.Message += ": " + cmp.Or(c.Reason, "no reason given")
		f.Detail = reasons(c)
	} else {
		f.Detail = "No condition says why."
	}
	if o.Spec.Paused {
		f.Detail += " It is paused: the operator changes nothing until spec.paused is false."
	}
	return f
}
