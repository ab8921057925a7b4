package hygiene

import (
	"iter"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

const patience = "minutes"

var stuckTerminating = &audit.Rule{
	ID:       "stuck-terminating",
	Title:    "An object cannot be deleted",
	Severity: audit.Medium,
	Rationale: "A controller that is to clean up before the object goes has not done so: often it was removed first. " +
		"What it should have cleaned up is left, and nothing of that name can be made anew.",
	Remediation: "Look at metadata.finalizers, and at the conditions of a namespace, for who is waited for, and get it to run. " +
		"Take the finalizer off by hand only once you have cleaned up in its place.",
	Since:    "2",
	Subjects: deletable(),
	Timed:    true,
	Parameters: []audit.Parameter{{
		Name: patience, Value: 60,
		About: "For how many minutes an object may be deleted; load balancers and volumes take some.",
	}},
	Check: audit.Each(ending, func(p *audit.Pass, o metav1.Object) {
		deleted := o.GetDeletionTimestamp()
		if !p.Cluster.Lasted(*deleted, p.Number(patience)) {
			return
		}
		f := audit.Finding{
			Path:    "metadata.finalizers",
			Message: "it is being deleted since " + kube.Moment(*deleted),
			Detail:  "A finalizer holds it.",
		}
		if waiting := o.GetFinalizers(); len(waiting) > 0 {
			f.Detail = "Held by: " + strings.Join(waiting, ", ") + "."
		}
		p.Report(f)
	}),
}

// deletable are the resources that finalizers hold. Pods end in their own way, and
// the rest is what controllers make, whose objects come and go.
func deletable() []kube.Resource {
	return slices.DeleteFunc(kube.Resources(), func(r kube.Resource) bool {
		return slices.Contains([]kube.Resource{
			kube.Pods, kube.ReplicaSets, kube.EndpointSlices, kube.Events, kube.PodMetrics, kube.NodeMetrics,
		}, r) || r.Page() != ""
	})
}

// ending yields the objects that are being deleted.
func ending(c *kube.Cluster) iter.Seq2[audit.Subject, metav1.Object] {
	return func(yield func(audit.Subject, metav1.Object) bool) {
		for _, r := range deletable() {
			for _, o := range c.Objects(r) {
				object, ok := o.(metav1.Object)
				if !ok || object.GetDeletionTimestamp() == nil {
					continue
				}
				subject := audit.Subject{Ref: r.Ref(o.GetNamespace(), o.GetName()), Namespace: o.GetNamespace()}
				if r == kube.Namespaces {
					subject.Namespace = o.GetName()
				}
				if !yield(subject, object) {
					return
				}
			}
		}
	}
}
