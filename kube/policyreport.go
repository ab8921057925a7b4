package kube

import (
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// PolicyReportResources returns the kinds in which policy engines and scanners report what
// they found of objects: those of the Kubernetes policy working group, which engines write
// by default, and those of openreports.io that follow them with the same fields.
func PolicyReportResources() []Resource {
	return []Resource{PolicyReports, ClusterPolicyReports, OpenReports, ClusterOpenReports}
}

// mostResults is how many results of a report are held that are not passed. Kyverno writes
// a report for each object, others one for a namespace; how many there are in all its
// summary says.
const mostResults = 200

// leanReport is what a table holds of a report: how many results there are of each outcome,
// those that say that something is wrong, and, so that it shows how old the report is, of
// all others the newest. Kyverno makes a report for each object, so that nearly all of a
// report is what passed, and its labels.
func leanReport(o *unstructured.Unstructured) {
	for _, path := range []string{"labels", "annotations", "ownerReferences", "uid", "finalizers"} {
		unstructured.RemoveNestedField(o.Object, "metadata", path)
	}
	results, _ := o.Object["results"].([]any)
	var kept []any
	var newest map[string]any
	for _, r := range results {
		result, is := r.(map[string]any)
		switch {
		case !is:
		case slices.Contains([]any{"fail", "warn", "error"}, result["result"]):
			kept = append(kept, result)
		case newest == nil || reported(result) > reported(newest):
			newest = result
		}
	}
	kept = kept[:min(len(kept), mostResults)]
	if len(kept) == 0 {
		delete(o.Object, "scope") // nobody asks of what nothing is wrong
	}
	if newest != nil {
		kept = append(kept, map[string]any{"source": newest["source"], "result": newest["result"], "timestamp": newest["timestamp"]})
	}
	if kept == nil {
		delete(o.Object, "results")
		return
	}
	o.Object["results"] = slices.Clip(kept)
}

// reported is when a result was had, in seconds, 0 if it does not say.
func reported(result map[string]any) int64 {
	at, _ := result["timestamp"].(map[string]any)
	seconds, _ := at["seconds"].(int64)
	return seconds
}
