// Package settings reads what a user prefers of the terminal program: theme, keys,
// mouse and the like.
//
// Settings are a person's own. What a house has decided about rules stands in another
// file, which belongs to all who audit the cluster (audit/policy); neither speaks of
// what is the other's.
//
// The package parses bytes and never reads a disk. A setting is added as a field here
// and a line in [Parse]; what it means is for who starts the program.
package settings

import (
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/seaworthy-dev/seaworthy/audit/policy/form"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
)

// Settings are what the file of a user says. The zero value is that of no file.
type Settings struct {
	File       string             // "" if there is none
	Theme      string             // "" for the program's own
	Contexts   []Context          // in the order of the file
	Keys       Keys               //
	Color      string             // as --color, "" for auto
	Clipboard  string             // auto, osc52, native or file; "" for auto
	Mouse      bool               // the program takes the mouse from the terminal at once
	ASCII      bool               // as --ascii
	Accessible bool               // as --accessible
	at         map[string]Located // what stands where, by the name of the setting
}

// Located is a place in the file of the settings.
type Located struct {
	File string
	Line int // from 1
}

// At returns where a setting stands, false for what the file does not say. The name is
// that of the key, for a binding "bind." and its ID.
func (s Settings) At(setting string) (Located, bool) {
	l, ok := s.at[setting]
	return l, ok
}

// Keys are what the user wants of the keys.
type Keys struct {
	Preset string                 // "" for the program's own
	Bind   map[keymap.ID][]string // on top of the preset
}

// Context is how the program looks at some contexts.
type Context struct {
	Match string // as path.Match has it: "prod-*"
	Theme string // "" for the theme of all
	Label string // a word in the header, "" for none
}

// Of returns what is said of a context of a kubeconfig: the first that matches, the
// zero value if none does.
func (s Settings) Of(context string) Context {
	for _, c := range s.Contexts {
		if ok, err := path.Match(c.Match, context); ok && err == nil {
			return c
		}
	}
	return Context{}
}

// parser reads the parts of a file.
type parser struct {
	form.Reader
	settings Settings
}

// Parse reads settings. File stands in errors. All mistakes are reported together, a line
// each. Whether a theme, a preset or a binding exists is not looked at: [Settings.At]
// says where it was asked for.
func Parse(file string, text []byte) (Settings, error) {
	p := &parser{Reader: form.Reader{File: file}, settings: Settings{File: file, at: map[string]Located{}}}
	s := &p.settings
	if root := p.Document(text); root != nil {
		p.Mapping(root, "the file", form.Fields{
			"theme":      p.at("theme", func(n *yaml.Node) { s.Theme = p.Text(n, "theme") }),
			"contexts":   p.at("contexts", func(n *yaml.Node) { p.List(n, "contexts", p.context) }),
			"keys":       p.at("keys", p.keys),
			"color":      p.at("color", func(n *yaml.Node) { s.Color = p.oneOf(n, "color", Colors()) }),
			"clipboard":  p.at("clipboard", func(n *yaml.Node) { s.Clipboard = p.oneOf(n, "clipboard", Clipboards()) }),
			"mouse":      p.at("mouse", func(n *yaml.Node) { s.Mouse = p.Boolean(n, "mouse") }),
			"ascii":      p.at("ascii", func(n *yaml.Node) { s.ASCII = p.Boolean(n, "ascii") }),
			"accessible": p.at("accessible", func(n *yaml.Node) { s.Accessible = p.Boolean(n, "accessible") }),
		})
	}
	if err := p.Err(); err != nil {
		return Settings{}, err
	}
	return p.settings, nil
}

// Colors are what can be asked for as color.
func Colors() []string { return []string{"auto", "always", "never", "16", "256", "truecolor"} }

// Clipboards are the ways of copying that can be asked for.
func Clipboards() []string { return []string{"auto", "osc52", "native", "file"} }

// at notes where a setting stands, and reads it.
func (p *parser) at(name string, read func(*yaml.Node)) func(key, value *yaml.Node) {
	return func(key, value *yaml.Node) {
		p.settings.at[name] = Located{p.File, key.Line}
		read(value)
	}
}

// oneOf reads one of some words, which may look like numbers.
func (p *parser) oneOf(n *yaml.Node, what string, words []string) string {
	if n.Kind != yaml.ScalarNode || !slices.Contains(words, n.Value) {
		p.Fault(n, "%s is one of %s, not %s", what, strings.Join(words, ", "), form.Describe(n))
		return ""
	}
	return n.Value
}

func (p *parser) context(n *yaml.Node) {
	var c Context
	p.Mapping(n, "a context", form.Fields{
		"match": func(_, n *yaml.Node) {
			c.Match = p.Text(n, "match")
			if _, err := path.Match(c.Match, ""); err != nil {
				p.Fault(n, "match %q is no pattern: * is any text, ? any letter, [ab] one of some", c.Match)
			}
		},
		"theme": func(key, n *yaml.Node) {
			c.Theme = p.Text(n, "theme")
			p.settings.at["contexts."+c.Theme] = Located{p.File, key.Line}
		},
		"label": func(_, n *yaml.Node) { c.Label = p.Text(n, "label") },
	})
	if n.Kind == yaml.MappingNode && !form.HasKey(n, "match") {
		p.Fault(n, "the context has no match, such as \"prod-*\"")
	}
	p.settings.Contexts = append(p.settings.Contexts, c)
}

func (p *parser) keys(n *yaml.Node) {
	k := &p.settings.Keys
	p.Mapping(n, "keys", form.Fields{
		"preset": p.at("preset", func(n *yaml.Node) { k.Preset = p.Text(n, "preset") }),
		"bind": func(_, n *yaml.Node) {
			k.Bind = map[keymap.ID][]string{}
			p.Pairs(n, "bind", func(key, value *yaml.Node) {
				p.settings.at["bind."+key.Value] = Located{p.File, key.Line}
				k.Bind[keymap.ID(key.Value)] = p.Texts(value, key.Value)
			})
		},
	})
}
