package platform

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/ownership"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var gitopsManualChange = &audit.Rule{
	ID:       "gitops-manual-change",
	Title:    "Somebody changed by hand what is delivered from Git",
	Severity: audit.Medium,
	Rationale: "What runs is not what was reviewed. Either the next sync takes the change back, in the middle of the night that it " +
		"was made for, or nobody notices that it stayed.",
	Remediation: "Bring the change into the repository or take it back there: a sync then settles it. " +
		"For what people may change, say so to the controller (ignoreDifferences of Argo CD, spec.ignore of Flux).",
	Since:    "3",
	Subjects: delivered(),
	Check: audit.EachOf(delivered(), func(p *audit.Pass, o kube.Object) {
		if w, ok := o.(*kube.Workload); ok {
			o = w.Object
		}
		m, ok := o.(metav1.Object)
		if !ok {
			p.NotApplicable()
			return
		}
		delivery := newestOf(m, kube.Delivers)
		if delivery == nil || excepted(m) {
			p.NotApplicable()
			return
		}
		for _, e := range m.GetManagedFields() {
			if kube.ByHand(e) && (e.Time == nil || delivery.Time.Before(e.Time)) {
				judgeByHand(p, m, e, delivery)
			}
		}
	}),
}

// delivered returns the resources that people write manifests of, and of which a live view
// keeps who wrote what.
func delivered() []kube.Resource {
	return []kube.Resource{
		kube.Deployments, kube.StatefulSets, kube.DaemonSets, kube.CronJobs, kube.Services, kube.Ingresses,
		kube.NetworkPolicies, kube.HorizontalPodAutoscalers, kube.PodDisruptionBudgets, kube.ConfigMaps, kube.Secrets,
		kube.ServiceAccounts, kube.Roles, kube.RoleBindings, kube.ClusterRoles, kube.ClusterRoleBindings,
		kube.LimitRanges, kube.ResourceQuotas,
	}
}

// newestOf returns the newest entry of managedFields that is of some kind, nil for none.
func newestOf(m metav1.Object, of func(metav1.ManagedFieldsEntry) bool) *metav1.ManagedFieldsEntry {
	var newest *metav1.ManagedFieldsEntry
	for i, e := range m.GetManagedFields() {
		if of(e) && e.Time != nil && (newest == nil || newest.Time.Before(e.Time)) {
			newest = &m.GetManagedFields()[i]
		}
	}
	return newest
}

// excepted reports whether Flux is told to leave an object as people change it
// (https://fluxcd.io/flux/components/kustomize/kustomizations/, controlling the apply
// behavior of resources).
func excepted(m metav1.Object) bool {
	annotations := m.GetAnnotations()
	return slices.Contains([]string{"Merge", "IfNotPresent", "Ignore"}, annotations["kustomize.toolkit.fluxcd.io/ssa"]) ||
		annotations["kustomize.toolkit.fluxcd.io/reconcile"] == "disabled"
}

// judgeByHand reports what an entry says that was changed since the delivery. The time of
// either is when its set of fields changed last: who writes a field anew owns it, and who
// delivered it does not any more, until it is delivered again
// (https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management). What
// is written through the subresource scale bears no time.
func judgeByHand(p *audit.Pass, m metav1.Object, e metav1.ManagedFieldsEntry, delivery *metav1.ManagedFieldsEntry) {
	fields, err := ownership.Fields(e)
	switch {
	case err != nil:
		p.Unknown("the fields that " + e.Manager + " changed cannot be read: " + err.Error())
		return
	case e.FieldsV1 != nil && len(fields) == 0:
		return // labels, annotations, a restart
	}
	what := "it"
	if len(fields) > 0 {
		what = fields[0]
	}
	if more := len(fields) - 1; more > 0 {
		what += fmt.Sprintf(" and %d more", more)
	}
	owner := cmp.Or(ownership.Marked(m).Title(), delivery.Manager)
	f := audit.Finding{
		Message: fmt.Sprintf("%s was changed by %s", what, e.Manager),
		Detail:  fmt.Sprintf("%s delivered it last at %s.", owner, kube.Moment(*delivery.Time)),
	}
	if e.Time != nil {
		f.Message += " at " + kube.Moment(*e.Time)
	} else {
		f.Severity = audit.Low // it may be as old as the object, and nothing of it in Git
		f.Detail += " When it was changed the server does not say."
	}
	if len(fields) > 0 {
		f.Path, _, _ = strings.Cut(fields[0], "[") // of a list the element is not told by its place
		f.Detail += " " + e.Manager + " owns " + strings.Join(fields[:min(len(fields), mostNamed)], ", ")
		if more := len(fields) - mostNamed; more > 0 {
			f.Detail += fmt.Sprintf(" and %d more", more)
		}
		f.Detail += "."
	}
	p.Report(f)
}

// mostNamed is how many fields the detail of a finding names.
const mostNamed = 10
