package enforce

import (
	"fmt"
	"maps"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/cel"
)

// program is a policy that is ready to judge here.
type program struct {
	conditions  *cel.Scope // match conditions know no variables
	requires    []*cel.Expression
	scope       *cel.Scope
	validations []validation
}

type validation struct {
	holds   *cel.Expression
	says    *cel.Expression // nil where the message is fixed
	message string
}

// compile compiles what is exported. The error is a mistake in an expression of a
// rule, which its tests find.
func (e *Export) compile() (*program, error) {
	p := &program{conditions: cel.NewScope(), scope: cel.NewScope()}
	for _, condition := range e.Policy.Spec.MatchConditions {
		x, err := p.conditions.Compile(condition.Expression, cel.Bool)
		if err != nil {
			return nil, fmt.Errorf("compiling the condition %s of %s: %w", condition.Name, e.Policy.Name, err)
		}
		p.requires = append(p.requires, x)
	}
	for _, v := range e.Policy.Spec.Variables {
		if err := p.scope.Define(v.Name, v.Expression); err != nil {
			return nil, fmt.Errorf("compiling %s: %w", e.Policy.Name, err)
		}
	}
	for _, v := range e.Policy.Spec.Validations {
		x := validation{message: v.Message}
		var err error
		if x.holds, err = p.scope.Compile(v.Expression, cel.Bool); err != nil {
			return nil, fmt.Errorf("compiling a validation of %s: %w", e.Policy.Name, err)
		}
		if v.MessageExpression != "" {
			if x.says, err = p.scope.Compile(v.MessageExpression, cel.Text); err != nil {
				return nil, fmt.Errorf("compiling a message of %s: %w", e.Policy.Name, err)
			}
		}
		p.validations = append(p.validations, x)
	}
	return p, nil
}

// verdict is what a policy says of one object.
type verdict struct {
	applies bool   // no match condition leaves the object alone
	refused string // why it would be refused, "" if it would not
	unknown string // why that cannot be told, "" if it can
}

// judge evaluates the policy as a server does: match conditions, the first that is
// false settling it, and then each validation. What cannot be told is no pass, and
// no refusal.
func (p *program) judge(input *cel.Input) verdict {
	namespace := input.Namespace
	input.Namespace = cel.Value{}
	conditions := p.conditions.Evaluate(input)
	var v verdict
	for _, x := range p.requires {
		holds, err := conditions.Bool(x)
		switch {
		case err != nil:
			v.unknown = err.Error()
		case !holds:
			return verdict{}
		}
	}
	v.applies = true
	if v.unknown != "" {
		return v
	}
	input.Namespace = namespace
	evaluation := p.scope.Evaluate(input)
	var said []string
	for _, x := range p.validations {
		holds, err := evaluation.Bool(x.holds)
		switch {
		case err != nil:
			v.unknown = err.Error()
		case !holds:
			said = append(said, evaluation.Message(x.says, x.message, x.holds))
		}
	}
	if v.unknown == "" {
		v.refused = strings.Join(said, "; ")
	}
	return v
}

// owned returns the value of an object of which the controlling owner is known: a
// view keeps that, but not the other references. Of ReplicaSets it does not keep
// that they are being deleted, which is soon over. A rule of people may list annotations.
func owned(v cel.Value, ofPeople bool) cel.Value {
	if v.Gaps == nil || v.Gaps.Fields["metadata"] == nil {
		return v
	}
	metadata := *v.Gaps.Fields["metadata"]
	metadata.Fields = maps.Clone(metadata.Fields)
	metadata.Fields["ownerReferences"] = nil
	metadata.Fields["deletionTimestamp"] = nil
	if !ofPeople {
		metadata.Fields["annotations"] = nil // no rule looks at those that are not kept
	}
	gaps := *v.Gaps
	gaps.Fields = maps.Clone(gaps.Fields)
	gaps.Fields["metadata"] = &metadata
	return cel.Value{Of: v.Of, Gaps: &gaps}
}
