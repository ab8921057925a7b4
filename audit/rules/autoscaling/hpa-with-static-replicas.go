package autoscaling

import (
	"fmt"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var hpaWithStaticReplicas = &audit.Rule{
	ID:       "hpa-with-static-replicas",
	Title:    "A manifest and an autoscaler both set the replicas",
	Severity: audit.Low,
	Rationale: "Each time the manifest is applied, the workload falls back to the number that is written in it, " +
		"in the middle of a busy hour as well, until the autoscaler notices.",
	Remediation: "Leave spec.replicas out of the manifest of a workload that is autoscaled. " +
		"Hand it over first, or the server takes the omission for 1: with server-side apply let the autoscaler own the field, " +
		"with client-side apply remove it from the last applied configuration (`kubectl apply edit-last-applied`).",
	Since:    "1",
	Subjects: []kube.Resource{kube.Deployments, kube.StatefulSets},
	Reads:    []kube.Resource{kube.HorizontalPodAutoscalers},
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		declared, object := declaredReplicas(w)
		scaling := p.Cluster.AutoscalersOf(w)
		if object == nil || len(scaling) == 0 || *w.Replicas == 0 {
			p.NotApplicable() // an autoscaler leaves alone what is scaled to zero
			return
		}
		setters, doubt := whoSets(p.Cluster, declared, object.GetManagedFields())
		if doubt != "" {
			p.Unknown(doubt)
			return
		}
		if len(setters) == 0 {
			return
		}
		fix := audit.Fix{
			Title: "leave the number of replicas to the autoscaler",
			Edits: []audit.Edit{{Op: audit.Remove, Path: "spec.replicas"}},
			Risk: "Unless the field is handed over first, the next apply takes the omission for 1 " +
				"and the workload runs with one replica until the autoscaler corrects it.",
		}
		p.Report(audit.Finding{
			Path:    "spec.replicas",
			Message: fmt.Sprintf("it sets replicas to %d, and %s scales it", *declared, kube.HorizontalPodAutoscalers.Ref("", scaling[0].Name).Short()),
			Detail:  "spec.replicas is set by " + strings.Join(setters, ", ") + ".",
			Fixes:   []audit.Fix{fix},
		})
	}),
}

// declaredReplicas returns spec.replicas as it is written, and the object.
func declaredReplicas(w *kube.Workload) (*int32, metav1.Object) {
	switch o := w.Object.(type) {
	case *appsv1.Deployment:
		return o.Spec.Replicas, o
	case *appsv1.StatefulSet:
		return o.Spec.Replicas, o
	}
	return nil, nil
}

// whoSets returns who, other than an autoscaler, sets spec.replicas, or why
// that cannot be told. A live object always has the field, so that its field
// managers must answer. Autoscalers write through the scale subresource. Of the
// others, one who applies owns what it wrote, but one who creates or updates
// also owns what the server filled in: where the number is the default of 1,
// nobody need have written it.
func whoSets(c *kube.Cluster, declared *int32, managed []metav1.ManagedFieldsEntry) (setters []string, doubt string) {
	switch {
	case declared == nil:
		return nil, ""
	case c.Info.Offline:
		return []string{"the manifest"}, ""
	case len(managed) == 0:
		return nil, "the object does not say who manages its fields"
	}
	for _, m := range managed {
		if m.Subresource != "" || !kube.OwnsReplicas(m.FieldsV1) {
			continue
		}
		if m.Operation != metav1.ManagedFieldsOperationApply && *declared == 1 {
			doubt = fmt.Sprintf("%s may have left spec.replicas to its default", m.Manager)
			continue
		}
		setters = append(setters, m.Manager)
	}
	if len(setters) > 0 {
		doubt = ""
	}
	return setters, doubt
}
