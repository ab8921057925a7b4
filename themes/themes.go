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
// check its roles, its contrast, the distance of its colours and, if it says that it
// is made for colour blindness, that distance as the colour blind see it. To add a
// role, see roles.go.
//
// # How a theme is written
//
//	title: One line for the picker
//	extends: dark           # or nothing: palette, roles and ground to begin with
//	ground: night           # the background; nothing for the terminal's own
//	light: true             # where the ground is light
//	color-blind: true       # a promise; the tests hold embedded themes to it
//	label: PRODUCTION       # a word in the header
//	palette:
//	  night: "#0f1419"      # or 0 to 255, or red, bright-red ...
//	  sea: "#5fb3ff"
//	roles:
//	  accent: sea bold      # bold, faint, italic, underline, reverse
//	  context: night on sea
//
// A role that is left out has the look of its parent (roles.go). Instead of extends,
// base24 names a file beside the theme: a scheme of base16 or base24, whose colours
// base00 to base17 become the palette and get roles. Such a scheme is a theme by
// itself, too. Users put their own files into a folder; see [Read].
package themes

import (
	"embed"
	"fmt"
)

//go:embed *.yaml
var files embed.FS

// Default is the name of the theme where nothing is known of the terminal.
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
	// Label is a word for the header that says what the theme is for, "" for none:
	// colour alone says nothing.
	Label string
	// File is the path of the file of a user, "" for an embedded theme.
	File string

	palette map[string]Color
	said    map[Role]Value // what the file says, and those it builds on
	values  map[Role]Value // said, and what is inherited
}

// Value returns what the theme says about a role. A role that the theme leaves
// out has the value of the role it inherits from (see Role.Parent).
func (t *Theme) Value(role Role) Value {
	return t.values[role]
}

// GroundName says on what ground the theme is read: dark, light, or any.
func (t *Theme) GroundName() string {
	switch {
	case t.Ground.Kind == None:
		return "any"
	case t.Dark:
		return "dark"
	}
	return "light"
}

// HasRGB reports whether the theme has colours that a terminal of sixteen lacks.
func (t *Theme) HasRGB() bool {
	for _, value := range t.values {
		for _, c := range []Color{value.Foreground, value.Background} {
			if c.Kind == RGB || c.Kind == Indexed && c.Index > 15 {
				return true
			}
		}
	}
	return false
}

// In returns the theme drawn in the colours of another, for terminals that lack its own:
// it keeps its name, title and label.
func (t *Theme) In(other *Theme) *Theme {
	drawn := *other
	drawn.Name, drawn.Title, drawn.Label, drawn.File = t.Name, t.Title, t.Label, t.File
	return &drawn
}

// Names returns the names of the embedded themes, sorted.
func Names() []string { return (*Library)(nil).Names() }

// embedded returns the names of the embedded themes.
func embedded() []string {
	entries, err := files.ReadDir(".")
	if err != nil { // An embedded directory can always be read.
		panic(fmt.Sprintf("themes: reading the embedded directory: %v", err))
	}
	names := make([]string, 0, len(entries))
	for _, entry := range entries {
		names = append(names, nameOf(entry.Name()))
	}
	return names
}
