package themes_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/lucasb-eyer/go-colorful"

	"github.com/seaworthy-dev/seaworthy/themes"
)

func TestEveryThemeLoads(t *testing.T) {
	t.Parallel()
	names := themes.Names()
	for _, want := range []string{themes.Default, "light", "high-contrast", "high-contrast-light", "deuteranopia", "tritanopia", "mono", "ansi", "production"} {
		if !slices.Contains(names, want) {
			t.Errorf("there is no theme %q among %v", want, names)
		}
	}
	for _, name := range names {
		theme, err := (*themes.Library)(nil).Load(name)
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		if theme.Name != name || theme.Title == "" {
			t.Errorf("theme %s has the name %q and the title %q", name, theme.Name, theme.Title)
		}
	}
}

// decoration lists the roles that carry no text. WCAG 2.2 (1.4.11) asks of
// them a contrast of 3:1 where they matter; lines between panes do not.
var decoration = []themes.Role{themes.Border, themes.Track}

func TestContrast(t *testing.T) {
	t.Parallel()
	for _, name := range themes.Names() {
		theme := load(t, name)
		for _, role := range themes.Roles() {
			value := theme.Value(role)
			if value.Foreground.Kind == themes.None && value.Background.Kind == themes.None {
				continue // The terminal's own pair of colours.
			}
			if name == "ansi" {
				continue // see TestTerminalsOwnColors
			}
			letters, ground := value.Foreground, theme.Ground
			if value.Background.Kind != themes.None {
				ground = value.Background
			}
			if letters.Kind != themes.RGB || ground.Kind != themes.RGB {
				t.Errorf("theme %s, role %s: an embedded theme needs RGB colours and a ground, so that its contrast is known", name, role)
				continue
			}
			want := 4.5
			if slices.Contains(decoration, role) {
				want = 2.5
			}
			if got := themes.Contrast(letters, ground); got < want {
				t.Errorf("theme %s, role %s: contrast %.2f, want at least %.1f", name, role, got, want)
			}
		}
	}
}

// TestSelectionShows guards the row under the cursor: reverse and
// bold are all that is left without colour.
func TestSelectionShows(t *testing.T) {
	t.Parallel()
	for _, name := range themes.Names() {
		selection := load(t, name).Value(themes.Selection)
		if !selection.Bold || !selection.Reverse && selection.Background.Kind == themes.None {
			t.Errorf("theme %s: the selection %+v is not bold on a ground of its own", name, selection)
		}
	}
}

// TestSeverityDistance simulates the three dichromacies at full strength and
// asks that no two severities, and no good and bad step of the score, fall
// together. A CIEDE2000 distance of about 2.3 is just noticeable; small
// letters need several times that.
func TestSeverityDistance(t *testing.T) {
	t.Parallel()
	severities := []themes.Role{themes.Critical, themes.High, themes.Medium, themes.Low, themes.Info}
	pairs := [][2]themes.Role{
		{themes.OK, themes.Critical},
		{themes.DiffAdd, themes.DiffRemove},
		{themes.Score0, themes.Score4},
	}
	for i, a := range severities {
		for _, b := range severities[i+1:] {
			pairs = append(pairs, [2]themes.Role{a, b})
		}
	}
	checked := 0
	for _, name := range themes.Names() {
		theme := load(t, name)
		if !theme.ColorBlind {
			continue
		}
		checked++
		for vision, matrix := range dichromacies {
			for _, pair := range pairs {
				a := simulate(theme.Value(pair[0]).Foreground, matrix)
				b := simulate(theme.Value(pair[1]).Foreground, matrix)
				if got := 100 * a.DistanceCIEDE2000(b); got < 8 {
					t.Errorf("theme %s with %s: %s and %s are %.1f apart, want at least 8", name, vision, pair[0], pair[1], got)
				}
			}
		}
	}
	if checked == 0 {
		t.Error("no theme is made for colour blindness")
	}
}

// dichromacies are the matrices for severity 1.0 of Machado, Oliveira and
// Fernandes, "A Physiologically-based Model for Simulation of Color Vision
// Deficiency" (2009), applied to linear RGB.
var dichromacies = map[string][9]float64{
	"full vision":  {1, 0, 0, 0, 1, 0, 0, 0, 1},
	"protanopia":   {0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998},
	"deuteranopia": {0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881},
	"tritanopia":   {1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900},
}

func simulate(c themes.Color, m [9]float64) colorful.Color {
	r, g, b := rgb(c).LinearRgb()
	return colorful.LinearRgb(
		m[0]*r+m[1]*g+m[2]*b,
		m[3]*r+m[4]*g+m[5]*b,
		m[6]*r+m[7]*g+m[8]*b,
	).Clamped()
}

func rgb(c themes.Color) colorful.Color {
	return colorful.Color{R: float64(c.R) / 255, G: float64(c.G) / 255, B: float64(c.B) / 255}
}

func load(t *testing.T, name string) *themes.Theme {
	t.Helper()
	theme, err := (*themes.Library)(nil).Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return theme
}

func TestParse(t *testing.T) {
	t.Parallel()
	theme, err := read(t, own(map[string]string{"own.yaml": `
title: own
light: true
ground: 255
palette:
  sea: "#102030"
  ocean: sea
roles:
  text: ocean on bright-white bold
  accent: 12
  ok: default
`})).Load("own")
	if err != nil {
		t.Fatal(err)
	}
	sea := themes.Color{Kind: themes.RGB, R: 0x10, G: 0x20, B: 0x30}
	text := themes.Value{Foreground: sea, Background: themes.Color{Kind: themes.Indexed, Index: 15}, Bold: true}
	accent := themes.Value{Foreground: themes.Color{Kind: themes.Indexed, Index: 12}}
	for role, want := range map[themes.Role]themes.Value{
		themes.Text:        text,
		themes.Critical:    text, // By inheritance.
		themes.Score1:      text, // By inheritance over two steps.
		themes.BorderFocus: accent,
		themes.OK:          {},
		themes.Notice:      {},
	} {
		if got := theme.Value(role); got != want {
			t.Errorf("role %s is %+v, want %+v", role, got, want)
		}
	}
	if theme.Name != "own" || theme.Dark || theme.Ground.Index != 255 {
		t.Errorf("theme is %+v", theme)
	}
}

func TestParseErrors(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		yaml string
		want []string
	}{
		"unknown role":    {"roles:\n  text: red\n  texts: red\n", []string{`own.yaml: line 3: unknown role "texts"`}},
		"unknown colour":  {"roles:\n  text: rde\n", []string{`line 2: role text: unknown colour "rde"`}},
		"bad hexadecimal": {"palette:\n  a: \"#12345\"\n", []string{`line 2: bad colour "#12345"`}},
		"number too big":  {"roles:\n  text: 256\n", []string{`line 2: role text: bad colour "256"`}},
		"two colours":     {"roles:\n  text: red blue\n", []string{`"blue" is a second colour`}},
		"on without":      {"roles:\n  text: red on\n", []string{`a colour must follow "on"`}},
		"twice":           {"palette:\n  a: red\n  a: blue\n", []string{`line 3: "a" is given twice`}},
		"attribute":       {"palette:\n  a: red bold\n", []string{`no attribute`}},
		"reserved name":   {"palette:\n  bold: red\n", []string{`bad name "bold"`}},
		"not a mapping":   {"roles: [a]\n", []string{"line 1: want a mapping"}},
		"not a string":    {"roles:\n  text: [a]\n", []string{"line 2", "must be a plain string"}},
		"unknown field":   {"rolls: {}\n", []string{"own.yaml", "field rolls not found"}},
		"bad ground":      {"ground: rde\n", []string{`ground: unknown colour "rde"`}},
		"all at once":     {"roles:\n  a: red\n  b: red\n", []string{`line 2: unknown role "a"`, `line 3: unknown role "b"`}},
		"no yaml":         {"{", []string{"reading theme own/own.yaml"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := read(t, own(map[string]string{"own.yaml": test.yaml})).Load("own")
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error is %q, want it to contain %q", err, want)
				}
			}
		})
	}
}

func TestLoadUnknown(t *testing.T) {
	t.Parallel()
	_, err := (*themes.Library)(nil).Load("neon")
	if err == nil || !strings.Contains(err.Error(), "mono") {
		t.Errorf("error is %v, want one that lists the themes", err)
	}
}
