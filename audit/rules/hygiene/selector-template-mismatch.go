package hygiene

import (
	"maps"
	"slices"
	"strconv"

	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var selectorTemplateMismatch = &audit.Rule{
	ID:          "selector-template-mismatch",
	Title:       "The selector does not select the workload's own pods",
	Severity:    audit.High,
	Rationale:   "The API server refuses the workload: it would make pods for ever without knowing them for its own.",
	Remediation: "Let the labels of the pod template have all that spec.selector asks for. Of a workload that exists the selector cannot be changed.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.Deployments, kube.StatefulSets, kube.DaemonSets, kube.ReplicaSets},
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		selector, selects := ownSelector(w)
		if !selects || !p.Cluster.Info.Offline {
			p.NotApplicable()
			return
		}
		if selector == nil || len(selector.MatchLabels) == 0 && len(selector.MatchExpressions) == 0 {
			p.Report(audit.Finding{
				Path:    "spec.selector",
				Message: "it has no selector",
				Detail:  "spec.selector is missing or empty, which the API server refuses.",
				Fixes:   adoptFixes(w),
			})
			return
		}
		if w.SelectedBy(selector) {
			return
		}
		p.Report(audit.Finding{
			Path:    "spec.selector",
			Message: "its selector does not match the labels of its pod template",
			Detail:  "The template has other labels than " + metav1.FormatLabelSelector(selector) + ".",
			Fixes:   relabelFixes(w, selector),
		})
	}),
}

// ownSelector returns the selector of a workload of a kind that has to have one,
// false for all others.
func ownSelector(w *kube.Workload) (selector *metav1.LabelSelector, selects bool) {
	if !w.Held {
		return nil, false
	}
	switch o := w.Object.(type) {
	case *appsv1.Deployment:
		return o.Spec.Selector, true
	case *appsv1.StatefulSet:
		return o.Spec.Selector, true
	case *appsv1.DaemonSet:
		return o.Spec.Selector, true
	case *kube.ReplicaSet:
		return o.Selector, o.Owner.IsZero()
	}
	return nil, false
}

// adoptFixes proposes to select by the labels of the template.
func adoptFixes(w *kube.Workload) []audit.Fix {
	if len(w.Pod.Labels) == 0 {
		return nil
	}
	labels := make(map[string]any, len(w.Pod.Labels))
	for key, value := range w.Pod.Labels {
		labels[key] = value
	}
	fix := audit.SetField("select the labels of the template", "spec.selector.matchLabels", labels)
	fix.Risk = "A label of the selector cannot be changed later: leave out those that do, as a version."
	return []audit.Fix{fix}
}

// relabelFixes proposes to give the template the labels that the selector asks
// for; none where it asks for more than labels.
func relabelFixes(w *kube.Workload, selector *metav1.LabelSelector) []audit.Fix {
	if len(selector.MatchExpressions) > 0 {
		return nil
	}
	fix := audit.Fix{
		Title: "give the pods the labels of the selector",
		Risk:  "Services, budgets and policies that select the pods by other values of these labels lose them.",
	}
	for _, key := range slices.Sorted(maps.Keys(selector.MatchLabels)) {
		if value := selector.MatchLabels[key]; w.Pod.Labels[key] != value {
			fix.Edits = append(fix.Edits, audit.Edit{
				Op: audit.Set, Path: w.MetadataPath() + ".labels[" + strconv.Quote(key) + "]", Value: value,
			})
		}
	}
	return []audit.Fix{fix}
}
