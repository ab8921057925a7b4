package enforce

import (
	"regexp"
	"slices"
	"strings"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
)

// conditionsOf returns when a policy judges a request at all.
func conditionsOf(
	r *audit.Rule, validations []admissionregistrationv1.Validation, variables []admissionregistrationv1.Variable,
) []admissionregistrationv1.MatchCondition {
	conditions := []admissionregistrationv1.MatchCondition{
		{Name: "not-being-deleted", Expression: "!has(object.metadata.deletionTimestamp)"},
	}
	looks := expressionsOf(validations)
	for _, v := range variables {
		looks = append(looks, v.Expression)
	}
	parts := changes(r, strings.Join(looks, "\n"))
	if len(parts) > 0 {
		conditions = append(conditions, admissionregistrationv1.MatchCondition{
			Name: "changed", Expression: "request.operation != 'UPDATE' || " + strings.Join(parts, " || "),
		})
	}
	if r.Admission.Namespaces != "" {
		conditions = append(conditions, admissionregistrationv1.MatchCondition{Name: "namespaces", Expression: r.Admission.Namespaces})
	}
	return conditions
}

var (
	part    = regexp.MustCompile(`\bobject\.\??([a-zA-Z]+)(?:\.\??([a-zA-Z]+))?`)
	dynamic = regexp.MustCompile(`\bdyn\(object\)\.`)
	// whole is object by itself: all of it may be looked at.
	whole = regexp.MustCompile(`\bobject\b(?:[^.]|$)`)
)

// changes returns expressions that are true of an update which changes what
// expressions look at.
func changes(r *audit.Rule, looks string) []string {
	var parts []string
	pods := strings.Contains(looks, "variables.podSpec") || strings.Contains(looks, "variables.podMetadata")
	if pods {
		// What makes pods is written to for its number of pods and its finalizers
		// too, and pods for theirs: a change is one of the template.
		pod := differs("spec", "")
		if strings.Contains(looks, "podMetadata") {
			pod += " || " + differs("metadata", "labels") + " || " + differs("metadata", "annotations")
		}
		if makesPods(r) {
			pod = "(request.kind.kind == 'Pod' ? " + pod + " : request.kind.kind == 'CronJob' ? " +
				differs("spec", "jobTemplate") + " : " + differs("spec", "template") + ")"
		}
		parts = append(parts, pod)
	}
	text := dynamic.ReplaceAllString(looks, "object.")
	for _, of := range shared(makesPods(r)) {
		text = strings.ReplaceAll(text, dynamic.ReplaceAllString(of.Expression, "object."), "")
	}
	if whole.MatchString(text) {
		return nil
	}
	for _, found := range part.FindAllStringSubmatch(text, -1) {
		if change := changeOf(found[1], found[2], pods); change != "" && !slices.Contains(parts, change) {
			parts = append(parts, change)
		}
	}
	return parts
}

// changeOf is true where a field of an object that expressions look at is not what
// it was; "" for one that never changes, or that is compared as a part of pods.
func changeOf(field, below string, pods bool) string {
	switch {
	case field == "kind", field == "apiVersion", field == "spec" && pods && below == "":
		return ""
	case field == "metadata", field == "spec":
		return differs(field, below)
	}
	return differs(field, "")
}

// differs is true where a field, and one below it if that is named, is not what it
// was.
func differs(field, below string) string {
	path := "?" + field
	if below != "" {
		path = field + ".?" + below
	}
	return "dyn(object)." + path + " != dyn(oldObject)." + path
}
