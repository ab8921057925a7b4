package cel

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"

	"github.com/google/cel-go/cel"
	"k8s.io/apimachinery/pkg/util/version"
	kubecel "k8s.io/apiserver/pkg/cel"
	"k8s.io/apiserver/pkg/cel/environment"
	"k8s.io/apiserver/pkg/cel/library"
)

// The names that expressions have for what they look at.
const (
	objectName          = "object"
	oldObjectName       = "oldObject"
	paramsName          = "params"
	requestName         = "request"
	namespaceName       = "namespaceObject"
	authorizerName      = "authorizer"
	requestResourceName = "authorizer.requestResource"
	variablesName       = "variables"
)

// maxExpression is how long an expression may be, in bytes: longer ones are not
// written by people, and parsing has no cost limit.
const maxExpression = 64 << 10

// Scope is what the expressions of one rule or policy may name. Define all
// variables, then compile: a Scope is for one goroutine until then, and for all
// from then on.
type Scope struct {
	env       *environment.EnvSet
	fields    *kubecel.DeclType // of variables
	variables map[string]*Expression
}

// Expression is a compiled expression. It belongs to the Scope that compiled it.
type Expression struct {
	Source  string
	program cel.Program
	output  *cel.Type
	names   map[string]bool // of what it looks at, also by variables
}

// LooksAt reports whether the expression may look at a variable: "params",
// "namespaceObject".
func (x *Expression) LooksAt(name string) bool { return x.names[name] }

// Kind is what an expression must evaluate to.
type Kind int

// The kinds of results.
const (
	Any Kind = iota
	Bool
	Text
)

func (k Kind) accepts(output *cel.Type) bool {
	switch k {
	case Bool:
		return output.IsExactType(cel.BoolType)
	case Text:
		return output.IsExactType(cel.StringType)
	case Any:
	}
	return true
}

// String returns the name of the kind in CEL.
func (k Kind) String() string { return [...]string{"dyn", "bool", "string"}[k] }

// policies is the environment that all scopes begin with. Expressions of a
// cluster may use whatever any server knows, so it is the newest one.
var policies = sync.OnceValue(func() *environment.EnvSet {
	request, namespace := requestType(), namespaceType()
	return extended(environment.MustBaseEnvSet(environment.DefaultCompatibilityVersion()), environment.VersionedOptions{
		IntroducedVersion: version.MajorMinor(1, 0),
		DeclTypes:         []*kubecel.DeclType{request, namespace},
		EnvOptions: []cel.EnvOption{
			cel.Variable(objectName, cel.DynType),
			cel.Variable(oldObjectName, cel.DynType),
			cel.Variable(paramsName, cel.DynType),
			cel.Variable(requestName, request.CelType()),
			cel.Variable(namespaceName, namespace.CelType()),
			cel.Variable(authorizerName, library.AuthorizerType),
			cel.Variable(requestResourceName, library.ResourceCheckType),
		},
	})
})

// NewScope returns a scope with the variables of admission policies and further
// ones of any type.
func NewScope(further ...string) *Scope {
	fields := kubecel.NewObjectType("kubernetes.variables", map[string]*kubecel.DeclField{})
	options := []cel.EnvOption{cel.Variable(variablesName, fields.CelType())}
	for _, name := range further {
		options = append(options, cel.Variable(name, cel.DynType))
	}
	return &Scope{
		fields:    fields,
		variables: map[string]*Expression{},
		env: extended(policies(), environment.VersionedOptions{
			IntroducedVersion: version.MajorMinor(1, 0),
			DeclTypes:         []*kubecel.DeclType{fields},
			EnvOptions:        options,
		}),
	}
}

// extended adds to an environment what is known to fit it.
func extended(env *environment.EnvSet, options environment.VersionedOptions) *environment.EnvSet {
	more, err := env.Extend(options)
	if err != nil {
		panic(err) // constant declarations
	}
	return more
}

// Define compiles a variable, which later expressions know as variables.name.
func (s *Scope) Define(name, expression string) error {
	if _, there := s.variables[name]; there {
		return fmt.Errorf("defining variable %s: there are two of it", name)
	}
	if !identifier(name) {
		return fmt.Errorf("defining variable %q: the name is no identifier of CEL", name)
	}
	x, err := s.Compile(expression, Any)
	if err != nil {
		return fmt.Errorf("defining variable %s: %w", name, err)
	}
	s.variables[name] = x
	s.fields.Fields[name] = kubecel.NewDeclField(name, declarationOf(x.output), true, nil, nil)
	return nil
}

// Compile compiles an expression. The error is a [*SyntaxError], or says of which
// kind the result is.
func (s *Scope) Compile(expression string, kind Kind) (*Expression, error) {
	if len(expression) > maxExpression {
		return nil, fmt.Errorf("compiling an expression of %d bytes: it may have %d", len(expression), maxExpression)
	}
	env := s.env.StoredExpressionsEnv()
	ast, issues := env.Compile(expression)
	if issues.Err() != nil {
		return nil, syntaxError(issues)
	}
	if !kind.accepts(ast.OutputType()) {
		return nil, fmt.Errorf("the result is %s, not %s", ast.OutputType(), kind)
	}
	program, err := env.Program(ast)
	if err != nil {
		return nil, fmt.Errorf("preparing an expression: %w", err)
	}
	x := &Expression{Source: expression, program: program, output: ast.OutputType(), names: map[string]bool{}}
	for _, reference := range ast.NativeRep().ReferenceMap() {
		x.names[reference.Name] = true
	}
	if x.names[variablesName] {
		for _, variable := range s.variables {
			maps.Copy(x.names, variable.names)
		}
	}
	return x, nil
}

// SyntaxError is the first mistake in an expression.
type SyntaxError struct {
	Line, Column int // from 1
	Message      string
}

// Error says where the mistake is.
func (e *SyntaxError) Error() string {
	if e.Line > 1 {
		return fmt.Sprintf("line %d, column %d of the expression: %s", e.Line, e.Column, e.Message)
	}
	return fmt.Sprintf("column %d of the expression: %s", e.Column, e.Message)
}

func syntaxError(issues *cel.Issues) error {
	faults := issues.Errors()
	if len(faults) == 0 {
		return errors.New(oneLine(issues.Err().Error()))
	}
	first := faults[0]
	return &SyntaxError{Line: first.Location.Line(), Column: first.Location.Column() + 1, Message: oneLine(first.Message)}
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// identifier reports whether a variable can be selected by a name: the grammar of
// IDENT in the specification of CEL.
func identifier(name string) bool {
	for i, r := range name {
		letter := r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return name != ""
}
