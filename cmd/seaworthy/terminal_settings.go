package main

import (
	_ "embed"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/settings"
)

//go:embed example_terminal.yaml
var exampleSettings []byte

// settingsPath is where a user's settings of the terminal UI are, whether they are there
// or not; "" where there is no folder for them.
func settingsPath(env func(string) string) string {
	if folder := userFolder(env); folder != "" {
		return filepath.Join(folder, settingsFile)
	}
	return ""
}

// keysOf returns the bindings that a user has chosen. What is wrong with them is told by
// the lines of the file, all of it.
func keysOf(preferred settings.Settings) (*keymap.Map, error) {
	preset, err := keymap.Preset(preferred.Keys.Preset)
	if err != nil {
		return nil, usagef("%s%w", placeOf(preferred, "preset"), err)
	}
	keys, err := preset.Rebind(preferred.Keys.Bind)
	var wrong *keymap.Error
	if !errors.As(err, &wrong) {
		return keys, err
	}
	var lines []string
	for _, p := range wrong.Problems {
		place, text := placeOf(preferred, "bind."+string(p.ID)), p.Text
		if place == "" && p.Other != "" { // the other binding is the one that was changed
			place, text = placeOf(preferred, "bind."+string(p.Other)), fmt.Sprintf("binding %q: key %q already means %q", p.Other, p.Key, p.ID)
		}
		lines = append(lines, place+text)
	}
	return nil, usagef("%s", strings.Join(lines, "\n"))
}

// placeOf is where a setting stands, for the beginning of a message; "" for nowhere.
func placeOf(preferred settings.Settings, setting string) string {
	at, ok := preferred.At(setting)
	if !ok {
		return ""
	}
	return fmt.Sprintf("%s:%d: ", at.File, at.Line)
}
