package platform

import (
	"cmp"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var scaledObjectNotReady = &audit.Rule{
	ID:       "scaled-object-not-ready",
	Title:    "KEDA does not scale by what it should",
	Severity: audit.Medium,
	Rationale: "Where a ScaledObject is not ready its workload keeps the size it has; in fallback it has a fixed size, since the source of the figures does not answer; " +
		"paused it is left alone by somebody's wish, which is easily forgotten.",
	Remediation: "The condition says which trigger fails: its address, its credentials (TriggerAuthentication) or its query. " +
		"Take the annotations autoscaling.keda.sh/paused and paused-replicas off when the work is done.",
	Since:    "3",
	Subjects: []kube.Resource{kube.ScaledObjects},
	Timed:    true,
	Check:    eachDecoded([]kube.Resource{kube.ScaledObjects}, judgeScaledObject),
}

// scaledObject is what is read of a ScaledObject of KEDA (keda.sh/v1alpha1,
// apis/keda/v1alpha1/scaledobject_types.go): its conditions are Ready, Active, Fallback and
// Paused, and have no time.
type scaledObject struct {
	Metadata metav1.ObjectMeta `json:"metadata"`
	Status   struct {
		Conditions []metav1.Condition `json:"conditions"`
	} `json:"status"`
}

// The annotations by which people have KEDA leave a workload alone
// (https://keda.sh/docs/latest/concepts/scaling-deployments/#pausing-autoscaling).
const (
	pausedAnnotation         = "autoscaling.keda.sh/paused"
	pausedReplicasAnnotation = "autoscaling.keda.sh/paused-replicas"
)

func (o *scaledObject) paused() bool {
	_, replicas := o.Metadata.Annotations[pausedReplicasAnnotation]
	return replicas || o.Metadata.Annotations[pausedAnnotation] == "true" || meta.IsStatusConditionTrue(o.Status.Conditions, "Paused")
}

func judgeScaledObject(p *audit.Pass, o *scaledObject) {
	if len(o.Status.Conditions) == 0 {
		p.NotApplicable()
		return
	}
	if o.paused() {
		p.Report(audit.Finding{
			Severity: audit.Info, Path: "metadata.annotations",
			Message: "it is paused", Detail: "Its workload keeps its size whatever the load, until the annotation is taken off.",
		})
		return
	}
	if c := meta.FindStatusCondition(o.Status.Conditions, "Fallback"); c != nil && c.Status == metav1.ConditionTrue {
		p.Report(audit.Finding{
			Path: "spec.triggers", Message: "it has fallen back to a fixed size" + reasonOf(c), Detail: reasoned(c),
		})
		return
	}
	if c := notReady(p, o.Status.Conditions); c != nil {
		p.Report(audit.Finding{Path: "spec.triggers", Message: "it is not ready: " + cmp.Or(c.Reason, "no reason given"), Detail: reasoned(c)})
	}
}
