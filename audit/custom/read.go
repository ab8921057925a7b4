package custom

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
	"k8s.io/apimachinery/pkg/util/json"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/cel"
	"github.com/seaworthy-dev/seaworthy/kube/document"
)

// since is the rule set that has the rules of people.
const since = "own"

// Rule is a rule that somebody wrote.
type Rule struct {
	*audit.Rule
	Category string // the ID of its category
	File     string // as the caller named it
	Line     int    // where it begins, from 1
	Examples []Example
}

// Error is a mistake in a file of rules.
type Error struct {
	File    string
	Line    int // from 1
	Message string
}

// Error says where the mistake is, and what.
func (e *Error) Error() string {
	return fmt.Sprintf("reading rules: %s:%d: %s", e.File, e.Line, e.Message)
}

// Read reads the rules of a file. The error has every mistake that was found, as
// [*Error] joined into one; there are no rules then.
func Read(file string, content []byte) ([]*Rule, error) {
	read, faults := documents(content)
	var rules []*Rule
	for _, d := range read {
		r := &reader{written: d}
		rule := r.rule()
		faults = append(faults, r.faults...)
		rule.File, rule.Line = file, d.line
		rules = append(rules, rule)
	}
	if len(read) == 0 && len(faults) == 0 {
		faults = append(faults, fault{1, "there is no rule in it"})
	}
	slices.SortStableFunc(faults, func(a, b fault) int { return a.line - b.line })
	var mistakes []error
	for _, f := range faults {
		mistakes = append(mistakes, &Error{file, f.line, f.message})
	}
	if len(mistakes) > 0 {
		return nil, errors.Join(mistakes...)
	}
	return rules, nil
}

// reader turns a document into a rule.
type reader struct {
	*written
	faults []fault
}

func (r *reader) fault(line int, format string, args ...any) {
	r.faults = append(r.faults, faultf(line, format, args...))
}

// lacks is a fault if there is something that the rule has not. What was not
// understood may be just that.
func (r *reader) lacks(line int, what string) {
	if !r.partial {
		r.fault(line, "the rule has no %s", what)
	}
}

// at is the line of a text, or of the document where there is none.
func (r *reader) at(t text) int {
	if t.line == 0 {
		return r.line
	}
	return t.line
}

func (r *reader) rule() *Rule {
	for _, field := range []struct {
		name string
		text
	}{
		{"id", r.ID}, {"title", r.Title}, {"severity", r.Severity}, {"rationale", r.Rationale}, {"remediation", r.Remediation},
	} {
		if strings.TrimSpace(field.value) == "" {
			r.lacks(r.at(field.text), field.name)
		}
	}
	rule := &audit.Rule{
		ID: r.ID.value, Title: strings.TrimSpace(r.Title.value), Rationale: strings.TrimSpace(r.Rationale.value),
		Remediation: strings.TrimSpace(r.Remediation.value), Controls: r.Controls, Since: since,
	}
	if r.Severity.value != "" {
		var err error
		if rule.Severity, err = audit.ParseSeverity(r.Severity.value); err != nil {
			r.fault(r.at(r.Severity), "%v", err)
		}
	}
	j := &judge{selection: r.selection(), params: r.params()}
	r.expressions(j)
	j.fixes = r.fixes()
	j.declare(rule)
	if len(r.faults) == 0 {
		rule.Admission = r.admission(j)
	}
	category := r.Category.value
	if category == "" {
		category = categoryID
	}
	return &Rule{Rule: rule, Category: category, Examples: r.examples()}
}

// expressions compiles the variables and validations.
func (r *reader) expressions(j *judge) {
	further := []string{}
	if j.workloads {
		further = []string{podSpecName, workloadName}
	}
	j.scope = cel.NewScope(further...)
	for _, v := range r.Variables {
		if err := j.scope.Define(v.Name.value, v.Expression.value); err != nil {
			r.fault(r.at(v.Expression), "%v", err)
		}
	}
	if len(r.Validations) == 0 {
		r.lacks(r.line, "validations")
	}
	for _, v := range r.Validations {
		j.validations = append(j.validations, r.validation(j.scope, v))
	}
}

func (r *reader) validation(scope *cel.Scope, v validation) check {
	c := check{message: strings.TrimSpace(v.Message.value), path: v.Path.value}
	var err error
	if c.holds, err = scope.Compile(v.Expression.value, cel.Bool); err != nil {
		r.fault(r.at(v.Expression), "compiling the expression: %v", err)
	}
	if v.MessageExpression.value != "" {
		if c.says, err = scope.Compile(v.MessageExpression.value, cel.Text); err != nil {
			r.fault(r.at(v.MessageExpression), "compiling the message: %v", err)
		}
	}
	if _, err := document.ParsePath(v.Path.value); err != nil {
		r.fault(r.at(v.Path), "%v", err)
	}
	return c
}

// params returns the parameters of the rule, as JSON-like values.
func (r *reader) params() map[string]any {
	if r.Params.IsZero() {
		return nil
	}
	value, err := values(&r.Params)
	params, ok := value.(map[string]any)
	if err != nil || !ok {
		r.fault(r.Params.Line, "params are names with values")
	}
	return params
}

// values returns what a node means, as JSON would have it.
func values(node *yaml.Node) (any, error) {
	value, err := document.Values(node)
	if err != nil {
		return nil, err
	}
	encoded, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	var like any
	err = json.Unmarshal(encoded, &like)
	return like, err
}
