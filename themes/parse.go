package themes

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"

	"go.yaml.in/yaml/v3"
)

// document is a theme file. What refers to something stays a node, for the sake of
// the line numbers in errors.
type document struct {
	Title      string    `yaml:"title"`
	Extends    yaml.Node `yaml:"extends"`
	Base24     yaml.Node `yaml:"base24"`
	Ground     yaml.Node `yaml:"ground"`
	Light      *bool     `yaml:"light"`
	ColorBlind bool      `yaml:"color-blind"`
	Label      string    `yaml:"label"`
	Palette    yaml.Node `yaml:"palette"`
	Roles      yaml.Node `yaml:"roles"`
}

// parse reads a theme from YAML, which may build on others of the library. The name of
// the theme is the base name of file without its extension; file also stands in errors.
// All mistakes of the file are reported together, each with its line. Above are the
// names of the themes that are being loaded, its own last.
func (l *Library) parse(file string, data []byte, above []string) (*Theme, error) {
	var problems []error
	problem := func(line int, err error) {
		problems = append(problems, fmt.Errorf("reading theme %s: line %d: %w", file, line, err))
	}
	var root yaml.Node
	if err := yaml.Unmarshal(data, &root); err != nil {
		return nil, fmt.Errorf("reading theme %s: %w", file, err)
	}
	var theme *Theme
	if root.Kind == yaml.DocumentNode && isScheme(root.Content[0]) {
		theme = parseScheme(root.Content[0], problem)
	} else {
		var doc document
		decoder := yaml.NewDecoder(bytes.NewReader(data))
		decoder.KnownFields(true)
		if err := decoder.Decode(&doc); err != nil {
			return nil, fmt.Errorf("reading theme %s: %w", file, err)
		}
		theme = l.build(&doc, above, problem)
	}
	theme.Name = nameOf(file)
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	theme.values = inherit(theme.said)
	return theme, nil
}

// build makes a theme of what a file says, on top of what it builds on.
func (l *Library) build(doc *document, above []string, problem func(line int, err error)) *Theme {
	below := l.below(doc, above, problem)
	theme := &Theme{
		Title: cmp.Or(doc.Title, below.Title), Dark: below.Dark, ColorBlind: doc.ColorBlind, Ground: below.Ground,
		Label: cmp.Or(doc.Label, below.Label), palette: maps.Clone(below.palette), said: maps.Clone(below.said),
	}
	if doc.Light != nil {
		theme.Dark = !*doc.Light
	}
	parsePalette(&doc.Palette, theme.palette, problem)
	if doc.Ground.Kind != 0 {
		ground, err := parseValue(doc.Ground.Value, theme.palette)
		if err != nil {
			problem(doc.Ground.Line, fmt.Errorf("ground: %w", err))
		}
		theme.Ground = ground.Foreground
	}
	parseRoles(&doc.Roles, theme.palette, theme.said, problem)
	return theme
}

// below returns the theme that a file builds on: an empty one if it does on none.
func (l *Library) below(doc *document, above []string, problem func(line int, err error)) *Theme {
	none := &Theme{Dark: true, palette: map[string]Color{}, said: map[Role]Value{}}
	node, name := &doc.Extends, doc.Extends.Value
	switch {
	case doc.Extends.Kind != 0 && doc.Base24.Kind != 0:
		problem(doc.Base24.Line, errors.New("a theme extends another or has a base24, not both"))
		return none
	case doc.Base24.Kind != 0:
		node, name = &doc.Base24, nameOf(doc.Base24.Value)
	case doc.Extends.Kind == 0:
		return none
	}
	theme, err := l.load(name, above)
	if err != nil {
		problem(node.Line, err)
		return none
	}
	return theme
}

// parsePalette adds the named colours. A colour may name one that stands
// above it.
func parsePalette(node *yaml.Node, palette map[string]Color, problem func(line int, err error)) {
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
}

// reserved reports whether a palette must not use the name, because it means
// something else in a value.
func reserved(name string) bool {
	return name == "on" || setAttribute(&Value{}, name)
}

// parseRoles adds what is said of roles.
func parseRoles(node *yaml.Node, palette map[string]Color, said map[Role]Value, problem func(line int, err error)) {
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
		said[role] = value
	}
}

// inherit lets the roles that nothing is said of have the look of their parents.
func inherit(said map[Role]Value) map[Role]Value {
	values := maps.Clone(said)
	for _, entry := range roleList {
		if _, ok := values[entry.role]; !ok {
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
