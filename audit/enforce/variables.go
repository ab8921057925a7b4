package enforce

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
)

// The names of variables that the package itself speaks of.
const (
	containersName = "containers"
	atFaultName    = "atFault"
)

// shared are the variables that every expression about pods may name. The object
// is made dynamic first: a server checks expressions against the type of each kind
// that a policy matches, and only one branch fits each (typeChecking in the status).
// Makers says that what makes pods is judged too.
func shared(makers bool) []audit.Variable {
	spec, metadata := "dyn(object).spec", "dyn(object).metadata"
	if makers {
		spec = "object.kind == 'Pod' ? dyn(object).spec : object.kind == 'CronJob' ? " +
			"dyn(object).spec.jobTemplate.spec.template.spec : dyn(object).spec.template.spec"
		metadata = "object.kind == 'Pod' ? dyn(object).metadata : object.kind == 'CronJob' ? " +
			"dyn(object).spec.jobTemplate.spec.template.?metadata.orValue({}) : dyn(object).spec.template.?metadata.orValue({})"
	}
	return []audit.Variable{
		{Name: "podSpec", Expression: spec},
		{Name: "podMetadata", Expression: metadata},
		{Name: "podSecurityContext", Expression: "variables.podSpec.?securityContext.orValue({})"},
		{Name: "annotations", Expression: "variables.podMetadata.?annotations.orValue({})"},
		{Name: "declared", Expression: "variables.podSpec.?containers.orValue([]) + variables.podSpec.?initContainers.orValue([])"},
		{Name: containersName, Expression: "variables.declared + variables.podSpec.?ephemeralContainers.orValue([])"},
		{Name: "longRunning", Expression: "variables.podSpec.?containers.orValue([]) + " +
			"variables.podSpec.?initContainers.orValue([]).filter(c, c.?restartPolicy.orValue('') == 'Always')"},
		{Name: "windows", Expression: "variables.podSpec.?os.name.orValue('') == 'windows'"},
		{Name: "completes", Expression: "object.kind in ['Job', 'CronJob'] || " +
			"object.kind == 'Pod' && variables.podSpec.?restartPolicy.orValue('Always') in ['Never', 'OnFailure']"},
	}
}

var variable = regexp.MustCompile(`\bvariables\.([A-Za-z_][A-Za-z_0-9]*)`)

// needed returns the variables that expressions name, and those that these name,
// in the order of all.
func needed(all []audit.Variable, expressions ...string) []admissionregistrationv1.Variable {
	wanted := map[string]bool{}
	note := func(expression string) {
		for _, name := range variable.FindAllStringSubmatch(expression, -1) {
			wanted[name[1]] = true
		}
	}
	for _, expression := range expressions {
		note(expression)
	}
	var kept []admissionregistrationv1.Variable
	for _, v := range slices.Backward(all) {
		if wanted[v.Name] {
			note(v.Expression)
			kept = append(kept, admissionregistrationv1.Variable{Name: v.Name, Expression: v.Expression})
		}
	}
	slices.Reverse(kept)
	return kept
}

// parameters returns the parameters of a rule as variables; of a rule of people as
// one, params.
func parameters(r *audit.Rule) []audit.Variable {
	var all []audit.Variable
	if r.Admission.Params != nil {
		params := maps.Clone(r.Admission.Params)
		for _, p := range r.Parameters {
			params[p.Name] = p.Value
		}
		return []audit.Variable{{Name: "params", Expression: "dyn(" + literal(params) + ")"}}
	}
	for _, p := range r.Parameters {
		all = append(all, audit.Variable{Name: p.Name, Expression: literal(p.Value)})
	}
	return all
}

// literal writes the value of a parameter in CEL.
func literal(value any) string {
	switch value := value.(type) {
	case nil:
		return "null"
	case []any:
		elements := make([]string, len(value))
		for i, element := range value {
			elements[i] = "dyn(" + literal(element) + ")"
		}
		return "[" + strings.Join(elements, ", ") + "]"
	case map[string]any:
		var fields []string
		for _, key := range slices.Sorted(maps.Keys(value)) { // elements of a map are of one type
			fields = append(fields, audit.Text(key)+": dyn("+literal(value[key])+")")
		}
		return "{" + strings.Join(fields, ", ") + "}"
	case string:
		return audit.Text(value)
	case []string:
		return audit.Texts(value)
	}
	return fmt.Sprint(value) // int and bool are written as Go does
}
