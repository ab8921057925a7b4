// Package themes holds the colour themes: one YAML file a theme, embedded,
// loaded and validated here.
//
// A theme has two layers. Its palette names colours once; its roles say what
// each means on the screen (a critical finding, a focused border). Screens and
// widgets know roles only, by way of ui/style, so that a new theme never needs
// a change in a screen.
//
// The package must never know a terminal, an escape sequence or a widget: a
// theme is data. To add a theme, add one YAML file beside this one; the tests
// check its roles, its contrast and, if it says that it is made for colour
// blindness, the distance of its colours. To add a role, see roles.go.
package themes

import (
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"
)

//go:embed *.yaml
var files embed.FS

// Default is the name of the theme used when nothing else is asked for.
const Default = "dark"

// Theme is one validated theme. Its zero value has no colour and no attribute
// in any role.
type Theme struct {
	// Name is the name of the file without .yaml: what a user types.
	Name string
	// Title is one line about the theme, for the theme picker.
	Title string
	// Dark says that the theme is meant for a dark ground.
	Dark bool
	// ColorBlind says that the severities stay apart for people with
	// protanopia, deuteranopia and tritanopia; the tests hold the theme to it.
	ColorBlind bool
	// Ground is the background the theme is meant for. Without a colour, the
	// terminal's own background is left alone.
	Ground Color

	values map[Role]Value
}

// Value returns what the theme says about a role. A role that the theme leaves
// out has the value of the role it inherits from (see Role.Parent).
func (t *Theme) Value(role Role) Value {
	return t.values[role]
}

// Names returns the names of the embedded themes, sorted.
func Names() []string {
	entries, err := files.ReadDir(".")
	if err != nil { // An embedded directory can always be read.
		panic(fmt.Sprintf("themes: reading the embedded directory: %v", err))
	}
	names := make([]string, 0, len(entries))
	for _, entry := range entries {
		names = append(names, strings.TrimSuffix(entry.Name(), path.Ext(entry.Name())))
	}
	slices.Sort(names)
	return names
}

// Load returns the embedded theme of that name. The error of an unknown name
// lists those that exist.
func Load(name string) (*Theme, error) {
	if !slices.Contains(Names(), name) {
		return nil, fmt.Errorf("loading theme %q: no such theme (there are: %s)", name, strings.Join(Names(), ", "))
	}
	file := name + ".yaml"
	data, err := files.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("loading theme %q: %w", name, err)
	}
	return Parse(file, data)
}
