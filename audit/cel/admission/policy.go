package admission

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"

	"github.com/seaworthy-dev/seaworthy/audit/cel"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Policies are the policies of a view that something binds.
type Policies struct{ bound []*policy }

// policy is a policy that is ready to judge.
type policy struct {
	name        string
	fails       bool // failurePolicy Fail: an error denies
	parametric  bool // it has params
	match       *constraints
	bindings    []binding
	conditions  *cel.Scope // match conditions know no variables
	requires    []*cel.Expression
	scope       *cel.Scope
	validations []validation
	err         error // why it cannot judge
}

type binding struct {
	name    string
	match   *constraints // nil if it takes all
	actions []admissionregistrationv1.ValidationAction
	params  bool // it names params
}

type validation struct {
	holds   *cel.Expression
	says    *cel.Expression // nil where the message is fixed
	message string
}

var compiled = kube.Derive(compile).From(kube.ValidatingAdmissionPolicies, kube.ValidatingAdmissionPolicyBindings)

// Of returns the policies of a view.
func Of(c *kube.Cluster) *Policies { return compiled.Of(c) }

// None reports whether there is no policy that anything binds.
func (p *Policies) None() bool { return len(p.bound) == 0 }

func compile(c *kube.Cluster) *Policies {
	bindings := map[string][]binding{}
	for b := range c.ValidatingAdmissionPolicyBindings.All() {
		bindings[b.Spec.PolicyName] = append(bindings[b.Spec.PolicyName], binding{
			name: b.Name, match: constraintsOf(b.Spec.MatchResources),
			actions: b.Spec.ValidationActions, params: b.Spec.ParamRef != nil,
		})
	}
	all := &Policies{}
	for p := range c.ValidatingAdmissionPolicies.All() {
		if of := bindings[p.Name]; len(of) > 0 {
			all.bound = append(all.bound, compilePolicy(p, of))
		}
	}
	return all
}

// compilePolicy compiles a policy. One that was refused by a server, or that only
// a newer one understands, says why it cannot judge.
func compilePolicy(p *admissionregistrationv1.ValidatingAdmissionPolicy, bindings []binding) *policy {
	compiled := &policy{
		name: p.Name, bindings: bindings, match: constraintsOf(p.Spec.MatchConstraints),
		parametric: p.Spec.ParamKind != nil,
		fails:      p.Spec.FailurePolicy == nil || *p.Spec.FailurePolicy == admissionregistrationv1.Fail,
		conditions: cel.NewScope(), scope: cel.NewScope(),
	}
	var faults []error
	note := func(what string, err error) {
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", what, err))
		}
	}
	for _, condition := range p.Spec.MatchConditions {
		x, err := compiled.conditions.Compile(condition.Expression, cel.Bool)
		note("match condition "+condition.Name, err)
		compiled.requires = append(compiled.requires, x)
	}
	for _, v := range p.Spec.Variables {
		note("policy "+p.Name, compiled.scope.Define(v.Name, v.Expression))
	}
	for i, v := range p.Spec.Validations {
		what := fmt.Sprintf("validation %d", i)
		x := validation{message: strings.TrimSpace(v.Message)}
		var err error
		x.holds, err = compiled.scope.Compile(v.Expression, cel.Bool)
		note(what, err)
		if v.MessageExpression != "" {
			x.says, err = compiled.scope.Compile(v.MessageExpression, cel.Text)
			note(what, err)
		}
		compiled.validations = append(compiled.validations, x)
	}
	compiled.err = errors.Join(faults...)
	return compiled
}

// Request is an object that somebody might create. It is for one goroutine.
type Request struct {
	Resource  kube.Resource
	Namespace string // "" for an object without one
	Name      string // "" where the server would make it up
	Labels    map[string]string
	Object    cel.Value

	created *cel.Value // the object as it would be created, once somebody asks
}

// Outcome is what the policies say of a request.
type Outcome struct {
	// Judged is the number of policies that had something to say.
	Judged     int
	Violations []Violation
	Unknown    []string // what could not be told, a sentence each
}

// Violation is a validation that does not hold, or a policy that fails.
type Violation struct {
	Policy   string
	Bindings []string // those by which it was judged
	// Actions are what the bindings ask for, each once, sorted.
	Actions    []admissionregistrationv1.ValidationAction
	Message    string
	Expression string // "" where the policy fails
	Fails      bool   // nothing was violated: the policy fails, and denies for it
}

// Denies reports whether the request would be denied.
func (v *Violation) Denies() bool {
	return slices.Contains(v.Actions, admissionregistrationv1.Deny)
}

// Judge judges a request by every policy.
func (p *Policies) Judge(c *kube.Cluster, r *Request) Outcome {
	var o Outcome
	for _, policy := range p.bound {
		policy.judge(c, r, &o)
	}
	return o
}

// judge adds what a policy says. The bindings that name params are judged apart
// from the others, since for them params are not known.
func (p *policy) judge(c *kube.Cluster, r *Request, o *Outcome) {
	matches := p.match.match(c, r)
	if matches == no {
		return
	}
	for _, params := range []bool{false, true} {
		var of []binding
		best := no
		for _, b := range p.bindings {
			if (b.params && p.parametric) != params {
				continue
			}
			is := min(matches, b.match.match(c, r))
			if is == yes {
				of = append(of, b)
			}
			best = max(best, is)
		}
		switch best {
		case yes:
			o.Judged++
			p.validate(c, r, of, params, o)
		case maybe:
			o.Judged++
			o.Unknown = append(o.Unknown, fmt.Sprintf("whether ValidatingAdmissionPolicy %s applies cannot be told", p.name))
		case no:
		}
	}
}

// validate evaluates a policy that applies.
func (p *policy) validate(c *kube.Cluster, r *Request, of []binding, params bool, o *Outcome) {
	if p.err != nil { // a server has compiled it: it is newer, or nobody gave it to one
		o.unknown(p, p.err)
		return
	}
	input := r.input(params, c.Info.Offline)
	holds, err := p.applies(input)
	if !holds {
		o.Judged--
		return
	}
	if err != nil {
		o.fail(p, of, err, c.Info.Offline)
		return
	}
	input.Namespace = cel.Value{}
	if r.Resource.Namespaced {
		input.Namespace = cel.NamespaceOf(c, r.Namespace)
	}
	evaluation := p.scope.Evaluate(input)
	for _, v := range p.validations {
		holds, err := evaluation.Bool(v.holds)
		if err != nil {
			o.fail(p, of, err, c.Info.Offline)
			continue
		}
		if !holds {
			o.Violations = append(o.Violations, violation(p, of, evaluation.Message(v.says, v.message, v.holds), v.holds.Source))
		}
	}
}

// applies evaluates the match conditions: one that is false settles it, whatever
// the others are. They do not see the namespace.
func (p *policy) applies(input *cel.Input) (bool, error) {
	evaluation := p.conditions.Evaluate(input)
	var faults []error
	for _, x := range p.requires {
		holds, err := evaluation.Bool(x)
		switch {
		case err != nil:
			faults = append(faults, err)
		case !holds:
			return false, nil
		}
	}
	return true, errors.Join(faults...)
}

// fail says what follows where a policy has no result. A server that has all of
// the object denies it if the policy says so, and lets it pass otherwise; neither
// says that the object is right.
func (o *Outcome) fail(p *policy, of []binding, err error, offline bool) {
	var unknown *cel.UnknownError
	if errors.As(err, &unknown) || offline || !p.fails {
		o.unknown(p, err)
		return
	}
	v := violation(p, of, oneLine(err), "")
	v.Fails = true
	o.Violations = append(o.Violations, v)
}

func (o *Outcome) unknown(p *policy, why error) {
	o.Unknown = append(o.Unknown, fmt.Sprintf("ValidatingAdmissionPolicy %s: %s", p.name, oneLine(why)))
}

func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }

func violation(p *policy, of []binding, message, expression string) Violation {
	v := Violation{Policy: p.name, Message: message, Expression: expression}
	for _, b := range of {
		v.Bindings = append(v.Bindings, b.name)
		v.Actions = append(v.Actions, b.actions...)
	}
	slices.Sort(v.Actions)
	v.Actions = slices.Compact(v.Actions)
	return v
}

// input is what expressions see of a request. An object that is only written down
// lacks what a server would fill in.
func (r *Request) input(params, written bool) *cel.Input {
	if r.created == nil {
		r.created = new(r.Object.Unsettled(r.Resource, written))
	}
	in := &cel.Input{
		Object:  *r.created,
		Request: cel.Creation(r.Resource, r.Namespace, r.Name),
	}
	if params {
		in.Params = cel.Unknown()
	}
	return in
}

// version returns the API version in which a request is made.
func (r *Request) version() string {
	if custom, ok := r.Object.Of.(map[string]any); ok {
		version, _ := custom["apiVersion"].(string)
		_, version, _ = strings.Cut(version, "/")
		return cmp.Or(version, r.Resource.Version)
	}
	return r.Resource.Version
}
