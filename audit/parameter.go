package audit

import "fmt"

// Parameter is what people may decide about a rule. A rule declares its
// parameters with their defaults; a configuration puts other values in their
// place ([Rule.With]).
type Parameter struct {
	// Name is how a configuration calls it, in camelCase: "allowedRegistries".
	Name string
	// About says what it decides, in units, for people.
	About string
	// Value is a string, int, bool or []string. The default of a list that
	// switches a rule on is empty: the rule has nothing to say then.
	Value any
}

// With returns a rule of its own that differs by the values of parameters, by
// name. The error names a parameter that the rule does not have, or whose value
// is of another type than the default.
func (r *Rule) With(values map[string]any) (*Rule, error) {
	changed := *r
	changed.Parameters = append([]Parameter(nil), r.Parameters...)
	for name, value := range values {
		parameter := changed.parameter(name)
		if parameter == nil {
			return nil, fmt.Errorf("configuring %s: it has no parameter %q", r.ID, name)
		}
		if was, is := fmt.Sprintf("%T", parameter.Value), fmt.Sprintf("%T", value); was != is {
			return nil, fmt.Errorf("configuring %s: %s is a %s, not a %s", r.ID, name, was, is)
		}
		parameter.Value = value
	}
	return &changed, nil
}

func (r *Rule) parameter(name string) *Parameter {
	for i := range r.Parameters {
		if r.Parameters[i].Name == name {
			return &r.Parameters[i]
		}
	}
	return nil
}

// Texts returns the value of a parameter of the rule that is a list, nil if the
// rule has none of that name. Number, Switch and Text do so for the others.
func (p *Pass) Texts(name string) []string { return valueOf[[]string](p, name) }

// Number returns the value of a parameter that is a number.
func (p *Pass) Number(name string) int { return valueOf[int](p, name) }

// Switch returns the value of a parameter that is on or off.
func (p *Pass) Switch(name string) bool { return valueOf[bool](p, name) }

// Text returns the value of a parameter that is a text.
func (p *Pass) Text(name string) string { return valueOf[string](p, name) }

func valueOf[T any](p *Pass, name string) (value T) {
	if parameter := p.Rule.parameter(name); parameter != nil {
		value, _ = parameter.Value.(T)
	}
	return value
}
