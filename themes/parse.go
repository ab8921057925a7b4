package themes

import (
	"errors"
	"fmt"
	"path"
	"strings"

	"go.yaml.in/yaml/v3"
)

// document is a theme file. Palette and roles stay nodes, for the sake of the
// line numbers in errors.
type document struct {
	Title      string    `yaml:"title"`
	Ground     string    `yaml:"ground"`
	Light      bool      `yaml:"light"`
	ColorBlind bool      `yaml:"color-blind"`
	Palette    yaml.Node `yaml:"palette"`
	Roles      yaml.Node `yaml:"roles"`
}

// Parse reads a theme from YAML. The name of the theme is the base name of
// file without its extension; file also stands in errors. All mistakes of the
// file are reported together, each with its line.
func Parse(file string, data []byte) (*Theme, error) {
	var doc document
	decoder := yaml.NewDecoder(strings.NewReader(string(data)))
	decoder.KnownFields(true)
	if err := decoder.Decode(&doc); err != nil {
		return nil, fmt.Errorf("reading theme %s: %w", file, err)
	}
	theme := &Theme{
		Name:       strings.TrimSuffix(path.Base(file), path.Ext(file)),
		Title:      doc.Title,
		Dark:       !doc.Light,
		ColorBlind: doc.ColorBlind,
	}
	var problems []error
	problem := func(line int, err error) {
		problems = append(problems, fmt.Errorf("reading theme %s: line %d: %w", file, line, err))
	}
	palette := parsePalette(&doc.Palette, problem)
	if doc.Ground != "" {
		ground, err := parseValue(doc.Ground, palette)
		if err != nil {
			problems = append(problems, fmt.Errorf("reading theme %s: ground: %w", file, err))
		}
		theme.Ground = ground.Foreground
	}
	theme.values = parseRoles(&doc.Roles, palette, problem)
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	return theme, nil
}

// parsePalette reads the named colours. A colour may name one that stands
// above it.
func parsePalette(node *yaml.Node, problem func(line int, err error)) map[string]Color {
	palette := map[string]Color{}
	for name, value := range pairs(node, problem) {
		color, err := parseValue(value.Value, palette)
		if err == nil && color != (Value{Foreground: color.Foreground}) {
			err = fmt.Errorf("bad colour %q: the palette has colours only, no attribute", value.Value)
		}
		if err == nil && reserved(name.Value) {
			err = fmt.Errorf("bad name %q: it already is a colour or an attribute", name.Value)
		}
		if err != nil {
			problem(value.Line, err)
			continue
		}
		palette[name.Value] = color.Foreground
	}
	return palette
}

// reserved reports whether a palette must not use the name, because it means
// something else in a value.
func reserved(name string) bool {
	return name == "on" || setAttribute(&Value{}, name)
}

// parseRoles reads the roles and lets those left out inherit.
func parseRoles(node *yaml.Node, palette map[string]Color, problem func(line int, err error)) map[Role]Value {
	values := map[Role]Value{}
	for name, text := range pairs(node, problem) {
		role := Role(name.Value)
		if !role.known() {
			problem(name.Line, fmt.Errorf("unknown role %q", name.Value))
			continue
		}
		value, err := parseValue(text.Value, palette)
		if err != nil {
			problem(text.Line, fmt.Errorf("role %s: %w", role, err))
			continue
		}
		values[role] = value
	}
	for _, entry := range roleList {
		if _, said := values[entry.role]; !said {
			values[entry.role] = values[entry.parent]
		}
	}
	return values
}

// pairs yields the keys and the values of a mapping of plain strings, and
// reports what is none. An absent node yields nothing.
func pairs(node *yaml.Node, problem func(line int, err error)) func(yield func(key, value *yaml.Node) bool) {
	return func(yield func(key, value *yaml.Node) bool) {
		if node.Kind == 0 {
			return
		}
		if node.Kind != yaml.MappingNode {
			problem(node.Line, errors.New("want a mapping of names to values"))
			return
		}
		seen := map[string]bool{}
		for i := 0; i+1 < len(node.Content); i += 2 {
			key, value := node.Content[i], node.Content[i+1]
			switch {
			case seen[key.Value]:
				problem(key.Line, fmt.Errorf("%q is given twice", key.Value))
			case value.Kind != yaml.ScalarNode:
				problem(value.Line, fmt.Errorf("the value of %q must be a plain string", key.Value))
			default:
				seen[key.Value] = true
				if !yield(key, value) {
					return
				}
			}
		}
	}
}
