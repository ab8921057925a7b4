package cel

import (
	"errors"
	"fmt"
	"strings"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	admissionv1 "k8s.io/api/admission/v1"
	limits "k8s.io/apiserver/pkg/apis/cel"
	"k8s.io/apiserver/pkg/cel/common"
	"k8s.io/apiserver/pkg/cel/lazy"
)

// Value is a value that expressions look at.
type Value struct {
	// Of is an API object or JSON-like; nil is null.
	Of any
	// Gaps is what is not known of it.
	Gaps *Gaps
}

// Unknown is a value of which nothing is known.
func Unknown() Value { return Value{Gaps: &Gaps{All: true}} }

// Input is what the expressions of a [Scope] look at. Values that are left out
// are null.
type Input struct {
	Object, OldObject Value
	// Namespace is null for an object without one.
	Namespace Value
	Params    Value
	// Request is what a server would be asked. Who asks is a gap.
	Request admissionv1.AdmissionRequest
	// Further are the variables that the scope has beside those of policies.
	Further map[string]Value
}

// UnknownError says that an expression has looked at what is not known.
type UnknownError struct {
	Paths []string // "object.status", in the order of looking
}

// Error names what is not known.
func (e *UnknownError) Error() string { return strings.Join(e.Paths, ", ") + " is not known here" }

// errBudget says that the expressions of one object cost too much together.
var errBudget = errors.New("the expressions cost more than a server would spend on them")

// Evaluation evaluates expressions over one input. It computes each variable once,
// when an expression first asks for it. It is for one goroutine.
type Evaluation struct {
	scope    *Scope
	input    *Input
	values   map[string]ref.Val // of the input, by name, veiled
	computed map[string]computed
	seen     looks
	budget   uint64
}

// computed is the result of a variable, with the gaps that it has looked at.
type computed struct {
	value ref.Val
	paths []string
}

// Evaluate begins an evaluation. The input must not change before it ends.
func (s *Scope) Evaluate(input *Input) *Evaluation {
	return &Evaluation{
		scope: s, input: input, values: map[string]ref.Val{}, computed: map[string]computed{},
		budget: limits.RuntimeCELCostBudget,
	}
}

// Bool evaluates an expression of kind [Bool]. The error is an [*UnknownError] if
// it has looked at a gap, and otherwise why there is no result.
func (e *Evaluation) Bool(x *Expression) (bool, error) {
	value, err := e.value(x)
	if err != nil {
		return false, err
	}
	is, ok := value.(types.Bool)
	if !ok {
		return false, fmt.Errorf("the result is %s, not bool", value.Type().TypeName())
	}
	return bool(is), nil
}

// Text evaluates an expression of kind [Text]. Errors are those of Bool.
func (e *Evaluation) Text(x *Expression) (string, error) {
	value, err := e.value(x)
	if err != nil {
		return "", err
	}
	text, ok := value.(types.String)
	if !ok {
		return "", fmt.Errorf("the result is %s, not string", value.Type().TypeName())
	}
	return string(text), nil
}

// Message is what is said of an object for which a validation does not hold. As
// for policies, a message that cannot be computed, is empty, has several lines or
// is very long gives way to the fixed one, and that to the expression. Says may
// be nil.
func (e *Evaluation) Message(says *Expression, fixed string, holds *Expression) string {
	if says != nil {
		said, err := e.Text(says)
		said = strings.TrimSpace(said)
		if err == nil && said != "" && len(said) <= limits.MaxEvaluatedMessageExpressionSizeBytes && !strings.Contains(said, "\n") {
			return said
		}
	}
	if fixed != "" {
		return oneLine(fixed)
	}
	return "failed expression: " + oneLine(holds.Source)
}

// value evaluates an expression for the caller.
func (e *Evaluation) value(x *Expression) (ref.Val, error) {
	e.seen = looks{}
	value, err := e.run(x)
	switch {
	case len(e.seen.paths) > 0:
		return nil, &UnknownError{e.seen.paths}
	case err != nil:
		return nil, errors.New(oneLine(err.Error()))
	}
	return value, nil
}

// pathsOf returns the gaps that a result depends on.
func pathsOf(gap *types.Unknown) []string {
	var paths []string
	for _, id := range gap.IDs() {
		trails, _ := gap.GetAttributeTrails(id)
		for _, trail := range trails {
			paths = append(paths, trail.Variable())
		}
	}
	return paths
}

// run evaluates an expression, and takes what it costs from the budget.
func (e *Evaluation) run(x *Expression) (ref.Val, error) {
	if e.budget == 0 {
		return nil, errBudget
	}
	value, details, err := x.program.Eval(e.activation())
	cost := details.ActualCost()
	if cost == nil || *cost > e.budget {
		e.budget = 0
		return nil, errors.Join(err, errBudget)
	}
	e.budget -= *cost
	if gap, ok := value.(*types.Unknown); ok {
		e.seen.add(pathsOf(gap)...)
	}
	return value, err
}

// activation resolves the names of one run.
func (e *Evaluation) activation() cel.Activation {
	return &activation{e, nil}
}

type activation struct {
	*Evaluation
	variables *lazy.MapValue
}

// Parent is none.
func (a *activation) Parent() cel.Activation { return nil }

// ResolveName returns the value of a name.
func (a *activation) ResolveName(name string) (any, bool) {
	if name == variablesName {
		if a.variables == nil {
			a.variables = a.Evaluation.variables()
		}
		return a.variables, true
	}
	if value, known := a.values[name]; known {
		if types.IsUnknown(value) {
			a.seen.add(name)
		}
		return value, true
	}
	value, known := a.named(name)
	if !known {
		return nil, false
	}
	a.values[name] = veil(common.SchemalessTypedToVal(value.Of), value.Gaps, name, &a.seen)
	return a.values[name], true
}

// named returns a value of the input.
func (e *Evaluation) named(name string) (Value, bool) {
	switch name {
	case objectName:
		return e.input.Object, true
	case oldObjectName:
		return e.input.OldObject, true
	case namespaceName:
		return e.input.Namespace, true
	case paramsName:
		return e.input.Params, true
	case requestName:
		return Value{Of: &e.input.Request, Gaps: requestGaps()}, true
	case authorizerName, requestResourceName:
		return Unknown(), true
	}
	value, known := e.input.Further[name]
	return value, known
}

// variables is the map of the scope's variables.
func (e *Evaluation) variables() *lazy.MapValue {
	variables := lazy.NewMapValue(e.scope.fields)
	for name := range e.scope.variables {
		variables.Append(name, func(*lazy.MapValue) ref.Val { return e.variable(name) })
	}
	return variables
}

// variable computes a variable, or looks again where it has looked.
func (e *Evaluation) variable(name string) ref.Val {
	if c, done := e.computed[name]; done {
		e.seen.add(c.paths...)
		return c.value
	}
	outer := e.seen
	e.seen = looks{}
	value, err := e.run(e.scope.variables[name])
	if err != nil {
		value = types.NewErr("variable %s: %v", name, err)
	}
	e.computed[name] = computed{value, e.seen.paths}
	outer.add(e.seen.paths...)
	e.seen = outer
	return value
}
