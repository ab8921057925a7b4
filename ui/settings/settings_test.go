package settings_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/settings"
)

const file = "terminal.yaml"

func TestParse(t *testing.T) {
	t.Parallel()
	got, err := settings.Parse(file, []byte(`
theme: nord
contexts:
- {match: "prod-*", theme: production, label: PRODUCTION}
- match: "*"
keys:
  preset: k9s
  bind:
    filter: [/, ctrl+f]
    sort: [s]
color: 256
clipboard: osc52
mouse: true
ascii: true
accessible: true
`))
	if err != nil {
		t.Fatal(err)
	}
	want := settings.Settings{
		File: file, Theme: "nord", Color: "256", Clipboard: "osc52", Mouse: true, ASCII: true, Accessible: true,
		Contexts: []settings.Context{{Match: "prod-*", Theme: "production", Label: "PRODUCTION"}, {Match: "*"}},
		Keys:     settings.Keys{Preset: "k9s", Bind: map[keymap.ID][]string{keymap.Filter: {"/", "ctrl+f"}, keymap.Sort: {"s"}}},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(settings.Settings{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for setting, line := range map[string]int{"theme": 2, "preset": 7, "bind.filter": 9, "contexts.production": 4, "color": 11} {
		if at, ok := got.At(setting); !ok || at != (settings.Located{File: file, Line: line}) {
			t.Errorf("%s stands at %v, want line %d", setting, at, line)
		}
	}
	if _, ok := got.At("bind.quit"); ok {
		t.Error("the key of quit stands somewhere")
	}
}

func TestOf(t *testing.T) {
	t.Parallel()
	prod, all := settings.Context{Match: "prod-?u*", Theme: "production"}, settings.Context{Match: "p*"}
	s := settings.Settings{Contexts: []settings.Context{prod, all}}
	for context, want := range map[string]settings.Context{"prod-eu-1": prod, "prod-1": all, "stage": {}, "": {}} {
		if got := s.Of(context); got != want {
			t.Errorf("of %q is said %+v, want %+v", context, got, want)
		}
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                     "",
		"themes: nord":                         `terminal.yaml:1: the file has no key "themes"; did you mean "theme"?`,
		"color: 8":                             "terminal.yaml:1: color is one of auto, always, never, 16, 256, truecolor, not 8",
		"mouse: 1\nascii: maybe":               "terminal.yaml:1: mouse is true or false, not 1\nterminal.yaml:2: ascii is true or false, not \"maybe\"",
		"contexts: [{theme: x}]":               `terminal.yaml:1: the context has no match, such as "prod-*"`,
		"contexts: [{match: '['}]":             `terminal.yaml:1: match "[" is no pattern: * is any text, ? any letter, [ab] one of some`,
		"keys:\n  bind: {filter: /}":           `terminal.yaml:2: filter is a list, not "/"`,
		"keys:\n  bind: {up: [k], up: [x]}":    `terminal.yaml:2: bind has the key "up" already, in line 2`,
		"theme: a\n---\ntheme: b":              "terminal.yaml:2: a second document begins; there may be one",
		"theme: [":                             "terminal.yaml:1: did not find expected node content",
		"keys: {preset: }\nclipboard: nowhere": "terminal.yaml:1: preset is a text, not nothing\nterminal.yaml:2: clipboard is one of auto, osc52, native, file, not \"nowhere\"",
	} {
		_, err := settings.Parse(file, []byte(text))
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%q is told as\n%s\nwant\n%s", text, got, want)
		}
	}
}
