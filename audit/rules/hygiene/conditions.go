package hygiene

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// reconciling is for how many minutes a controller may take to do what it is
// told before that is worth a finding.
const reconciling = 15

// condition is one of status.conditions, in the words of its controller.
type condition struct {
	status, reason, message string
	since                   metav1.Time // zero if it is not said
}

// conditionOf returns a condition of a custom object, false if it has none of
// that type.
func conditionOf(o *unstructured.Unstructured, kind string) (condition, bool) {
	all, _, _ := unstructured.NestedSlice(o.Object, "status", "conditions")
	for _, entry := range all {
		fields, _ := entry.(map[string]any)
		text := func(field string) string { s, _ := fields[field].(string); return s }
		if text("type") == kind {
			return condition{text("status"), text("reason"), text("message"), moment(text("lastTransitionTime"))}, true
		}
	}
	return condition{}, false
}

// moment reads a time of the API, zero if it is none.
func moment(text string) metav1.Time {
	var t metav1.Time
	if err := t.UnmarshalQueryParameter(text); err != nil {
		return metav1.Time{}
	}
	return t
}
