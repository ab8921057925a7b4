package keymap_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/ui/keymap"
)

// TestPresets holds what a preset must be: without a clash, with a key for every
// binding of the registry, and one that leaves the program and one that leaves a line.
func TestPresets(t *testing.T) {
	t.Parallel()
	for _, name := range keymap.Presets() {
		m, err := keymap.Preset(name)
		if err != nil {
			t.Fatalf("preset %s: %v", name, err)
		}
		for _, b := range keymap.Default().Bindings() {
			bound, ok := m.Binding(b.ID)
			if !ok || len(bound.Keys) == 0 {
				t.Errorf("preset %s has no key for %q", name, b.ID)
				continue
			}
			for _, key := range bound.Keys {
				scopes := []keymap.Scope{b.Scope, keymap.Table, keymap.Global}
				if b.Scope == keymap.Prompt {
					scopes = scopes[:1]
				}
				if got := m.Lookup(key, scopes...); got != b.ID {
					t.Errorf("preset %s: key %q of %q means %q", name, key, b.ID, got)
				}
			}
		}
		for key, want := range map[string]keymap.ID{"ctrl+c": keymap.Quit, "esc": keymap.Back, "enter": keymap.Open, "?": keymap.Help, ":": keymap.Command, "ctrl+z": keymap.Suspend} {
			if got := m.Lookup(key, keymap.Table, keymap.Global); got != want {
				t.Errorf("preset %s: key %q means %q, want %q as in every preset", name, key, got, want)
			}
		}
		if keymap.AboutPreset(name) == "" {
			t.Errorf("preset %s is not described", name)
		}
	}
	if _, err := keymap.Preset("nano"); err == nil || !strings.Contains(err.Error(), "vim, k9s, emacs") {
		t.Errorf("an unknown preset gives %v, want the names of those there are", err)
	}
	if about := keymap.AboutPreset("nano"); about != "" {
		t.Errorf("an unknown preset is described as %q", about)
	}
}

func TestPresetsDiffer(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]map[string]keymap.ID{
		"":      {"j": keymap.Down, "ctrl+p": keymap.Palette, "y": keymap.Copy},
		"vim":   {"j": keymap.Down, "ctrl+p": keymap.Palette, "y": keymap.Copy},
		"k9s":   {"j": keymap.Down, "ctrl+a": keymap.Palette, "c": keymap.Copy, "ctrl+w": keymap.Wide, "ctrl+r": keymap.Refresh},
		"emacs": {"j": "", "ctrl+n": keymap.Down, "ctrl+p": keymap.Up, "ctrl+v": keymap.PageDown, "ctrl+g": keymap.Back},
	} {
		m, err := keymap.Preset(name)
		if err != nil {
			t.Fatal(err)
		}
		for key, id := range want {
			if got := m.Lookup(key, keymap.Table, keymap.Global); got != id {
				t.Errorf("preset %q: key %q means %q, want %q", name, key, got, id)
			}
		}
	}
}

// TestProblemsNameTheirBindings is what lets a settings file be pointed into.
func TestProblemsNameTheirBindings(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		keys map[keymap.ID][]string
		want []keymap.Problem
	}{
		"clash with a later one": {
			map[keymap.ID][]string{keymap.Down: {"q"}},
			[]keymap.Problem{{ID: keymap.Quit, Other: keymap.Down, Key: "q", Text: `binding "quit": key "q" already means "down" in scope table`}},
		},
		"unknown": {
			map[keymap.ID][]string{"zap": {"x"}, "boo": {"x"}},
			[]keymap.Problem{{ID: "boo", Text: `there is no binding "boo"`}, {ID: "zap", Text: `there is no binding "zap"`}},
		},
		"unsendable": {
			map[keymap.ID][]string{keymap.Filter: {"ctrl+s"}},
			[]keymap.Problem{{ID: keymap.Filter, Key: "ctrl+s", Text: `binding "filter": key "ctrl+s" is flow control (XOFF)`}},
		},
		"no key left": {
			map[keymap.ID][]string{keymap.Filter: nil},
			[]keymap.Problem{{ID: keymap.Filter, Text: `binding "filter": id, scope, keys, help and group must all be given`}},
		},
	} {
		_, err := keymap.Default().Rebind(tt.keys)
		var wrong *keymap.Error
		if !errors.As(err, &wrong) {
			t.Errorf("%s: error is %v, want problems", name, err)
			continue
		}
		if diff := cmp.Diff(tt.want, wrong.Problems); diff != "" {
			t.Errorf("%s: problems (-want +got):\n%s", name, diff)
		}
	}
}

// TestHelpNamesTheKeysInForce also where a text names the key of another binding.
func TestHelpNamesTheKeysInForce(t *testing.T) {
	t.Parallel()
	m, err := keymap.Default().Rebind(map[keymap.ID][]string{keymap.Ask: {"ctrl+t"}})
	if err != nil {
		t.Fatal(err)
	}
	who, _ := m.Binding(keymap.WhoCan)
	if want := "who can do something: ^t asks"; who.Help != want {
		t.Errorf("help is %q, want %q", who.Help, want)
	}
	for _, name := range keymap.Presets() {
		m, err := keymap.Preset(name)
		if err != nil {
			t.Fatal(err)
		}
		if i := slices.IndexFunc(m.Bindings(), func(b keymap.Binding) bool { return strings.ContainsAny(b.Help, "{}") }); i >= 0 {
			t.Errorf("preset %s: the help %q names no binding", name, m.Bindings()[i].Help)
		}
	}
}
