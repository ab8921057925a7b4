package keymap

import (
	"fmt"
	"strings"
)

// preset is a set of keys for hands that know another program: what it binds
// otherwise than the registry does.
type preset struct {
	name, about string
	keys        map[ID][]string
}

// DefaultPreset is the name of the preset of who has chosen none.
const DefaultPreset = "vim"

// presets are all there are, the default first. A preset is data: whatever it does not
// name is as in the registry, and the tests refuse one that clashes.
func presets() []preset {
	return []preset{
		{DefaultPreset, "hjkl, as in vim and less; the keys of the registry", nil},
		{"k9s", "close to k9s: y and l show YAML and logs, ^a lists all, ^w is wide, ^r refreshes, c copies", map[ID][]string{
			Open:    {"enter", "right"},
			Palette: {"ctrl+a", "ctrl+p"},
			Wide:    {"ctrl+w"},
			Refresh: {"ctrl+r", "ctrl+l", "r"},
			Copy:    {"c"},
			Sparing: {"m"},
			Sides:   {"|"},
			Object:  {"y", "o"},
			Logs:    {"l", "L"},

			NextContainer: {"."},
		}},
		{"emacs", "^n ^p ^v ^g move, as in emacs; letters that would move do not", map[ID][]string{
			Up:       {"up", "ctrl+p"},
			Down:     {"down", "ctrl+n"},
			PageUp:   {"pgup"},
			PageDown: {"pgdown", "ctrl+v"},
			Top:      {"home", "ctrl+a"},
			Bottom:   {"end", "ctrl+e"},
			Open:     {"enter", "right", "ctrl+f"},
			Back:     {"esc", "backspace", "left", "ctrl+b", "ctrl+g"},
			Filter:   {"/", "ctrl+r"},
			Command:  {":", "ctrl+x"},
			Palette:  {"ctrl+t"},
			Cancel:   {"esc", "ctrl+c", "ctrl+g"},
		}},
	}
}

// Presets returns the names of the presets, the default first.
func Presets() []string {
	var names []string
	for _, p := range presets() {
		names = append(names, p.name)
	}
	return names
}

// AboutPreset says what a preset is in a few words, "" if there is none of the name.
func AboutPreset(name string) string {
	for _, p := range presets() {
		if p.name == name {
			return p.about
		}
	}
	return ""
}

// Preset returns the bindings of a preset, those of [DefaultPreset] for "".
func Preset(name string) (*Map, error) {
	if name == "" {
		name = DefaultPreset
	}
	for _, p := range presets() {
		if p.name == name {
			return Default().Rebind(p.keys)
		}
	}
	return nil, fmt.Errorf("choosing keys: there is no preset %q, only %s", name, strings.Join(Presets(), ", "))
}
