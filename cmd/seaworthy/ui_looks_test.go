package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seaworthy-dev/seaworthy/ui"
	"github.com/seaworthy-dev/seaworthy/ui/settings"
)

func TestColorsOf(t *testing.T) {
	t.Parallel()
	type colors struct {
		none    bool
		profile colorprofile.Profile
	}
	for name, tt := range map[string]struct {
		mode, env string
		want      colors
	}{
		"asked of the terminal":  {"auto", "TERM=xterm-256color", colors{false, colorprofile.Unknown}},
		"NO_COLOR":               {"auto", "NO_COLOR=yes TERM=xterm CLICOLOR_FORCE=1", colors{true, colorprofile.ASCII}},
		"CLICOLOR":               {"auto", "CLICOLOR=0", colors{true, colorprofile.ASCII}},
		"CLICOLOR says nothing":  {"auto", "CLICOLOR=1 TERM=xterm", colors{false, colorprofile.Unknown}},
		"CLICOLOR_FORCE":         {"auto", "CLICOLOR=0 CLICOLOR_FORCE=1 TERM=xterm-256color", colors{false, colorprofile.ANSI256}},
		"CLICOLOR_FORCE, dumb":   {"auto", "CLICOLOR_FORCE=1 TERM=dumb", colors{false, colorprofile.ANSI}},
		"CLICOLOR_FORCE is 0":    {"auto", "CLICOLOR=0 CLICOLOR_FORCE=0", colors{true, colorprofile.ASCII}},
		"dumb":                   {"auto", "TERM=dumb", colors{true, colorprofile.NoTTY}},
		"linux":                  {"auto", "TERM=linux", colors{false, colorprofile.ANSI}},
		"always":                 {"always", "NO_COLOR=1 TERM=xterm COLORTERM=truecolor", colors{false, colorprofile.TrueColor}},
		"always, nothing known":  {"always", "", colors{false, colorprofile.ANSI}},
		"never":                  {"never", "CLICOLOR_FORCE=1", colors{true, colorprofile.ASCII}},
		"16":                     {"16", "COLORTERM=truecolor", colors{false, colorprofile.ANSI}},
		"256":                    {"256", "", colors{false, colorprofile.ANSI256}},
		"truecolor despite dumb": {"truecolor", "TERM=dumb NO_COLOR=1", colors{false, colorprofile.TrueColor}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			none, profile, err := colorsOf(tt.mode, envOf(strings.Fields(tt.env)...))
			if got := (colors{none, profile}); err != nil || got != tt.want {
				t.Errorf("--color %s with %s is %v (error %v), want %v", tt.mode, tt.env, got, err, tt.want)
			}
		})
	}
	if _, _, err := colorsOf("8", envOf()); err == nil || !strings.Contains(err.Error(), "reading --color 8: it is none of auto, always") {
		t.Errorf("--color 8 gives %v", err)
	}
}

// envOf is an environment of NAME=value.
func envOf(pairs ...string) func(string) string {
	return func(name string) string {
		for _, pair := range pairs {
			if value, ok := strings.CutPrefix(pair, name+"="); ok {
				return value
			}
		}
		return ""
	}
}

// TestDress takes flags before settings, settings before what is built in.
func TestDress(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	folder := filepath.Join(home, "seaworthy")
	for name, text := range map[string]string{
		"terminal.yaml":    "theme: mine\ncolor: 256\nascii: true\ncontexts:\n- {match: 'prod-*', theme: production}\n",
		"themes/mine.yaml": "title: Mine\nextends: nord\n",
		"theirs.yaml":      "title: Theirs\nextends: dark\n",
	} {
		file := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	env := envOf("XDG_CONFIG_HOME="+home, "LANG=C.UTF-8", "COLORFGBG=0;15")
	for name, tt := range map[string]struct {
		flags uiOptions
		env   func(string) string
		theme string
		title string
		want  ui.Options
	}{
		"settings": {uiOptions{}, env, "mine", "Mine", ui.Options{Colors: colorprofile.ANSI256, ASCII: true, ColorFGBG: "0;15", Looks: []settings.Context{{Match: "prod-*", Theme: "production"}}}},
		"flags": {
			uiOptions{theme: filepath.Join(folder, "theirs.yaml"), color: "16"},
			env, "theirs", "Theirs",
			ui.Options{Colors: colorprofile.ANSI, ASCII: true, ColorFGBG: "0;15", Looks: []settings.Context{{Match: "prod-*", Theme: "production"}}},
		},
		"nothing": {uiOptions{}, envOf("LANG=C.UTF-8"), ui.AutoTheme, "", ui.Options{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got ui.Options
			if err := tt.flags.dress(&got, tt.env); err != nil {
				t.Fatal(err)
			}
			if got.Theme != tt.theme {
				t.Errorf("the theme is %s, want %s", got.Theme, tt.theme)
			}
			if theme, err := got.Themes.Load(got.Theme); tt.title != "" && (err != nil || theme.Title != tt.title) {
				t.Errorf("the theme is %+v (error %v), want %s", theme, err, tt.title)
			}
			if want := filepath.Join(folder, settingsFile); tt.title != "" && got.SettingsFile != want {
				t.Errorf("the settings are in %s, want %s", got.SettingsFile, want)
			}
			got.Theme, got.Themes, got.SettingsFile, got.Keys, got.Clipboard = "", nil, "", nil, nil
			if diff := cmp.Diff(tt.want, got, cmpopts.IgnoreUnexported(ui.Options{}, ui.Sighting{})); diff != "" {
				t.Errorf("options (-want +got):\n%s", diff)
			}
		})
	}
}
