package themes_test

import (
	"image/color"
	"math"
	"slices"
	"testing"

	"github.com/charmbracelet/colorprofile"

	"github.com/seaworthy-dev/seaworthy/themes"
)

func severityRoles() []themes.Role {
	return []themes.Role{themes.Critical, themes.High, themes.Medium, themes.Low, themes.Info}
}

func scoreRoles() []themes.Role {
	return []themes.Role{themes.Score0, themes.Score1, themes.Score2, themes.Score3, themes.Score4}
}

// colored are the embedded themes with colours of their own.
func colored(t *testing.T) []*themes.Theme {
	t.Helper()
	var found []*themes.Theme
	for _, name := range themes.Names() {
		if theme := load(t, name); theme.Ground.Kind == themes.RGB {
			found = append(found, theme)
		}
	}
	if len(found) < 12 {
		t.Fatalf("only %d themes have colours", len(found))
	}
	return found
}

func distance(theme *themes.Theme, a, b themes.Role) float64 {
	return 100 * rgb(theme.Value(a).Foreground).DistanceCIEDE2000(rgb(theme.Value(b).Foreground))
}

// TestScalesCanBeToldApart asks of every theme with colours that no two severities,
// and no two steps of the score, look alike to full vision.
func TestScalesCanBeToldApart(t *testing.T) {
	t.Parallel()
	for _, theme := range colored(t) {
		for _, scale := range [][]themes.Role{severityRoles(), scoreRoles(), {themes.DiffAdd, themes.DiffRemove}} {
			for i, a := range scale {
				for _, b := range scale[i+1:] {
					if got := distance(theme, a, b); got < 8 {
						t.Errorf("theme %s: %s and %s are %.1f apart, want at least 8", theme.Name, a, b, got)
					}
				}
			}
		}
	}
}

// TestGroundsOfTheirOwn: the row under the cursor is a bar that can be seen, and what is
// added, removed, or called production is read on whatever it stands on.
func TestGroundsOfTheirOwn(t *testing.T) {
	t.Parallel()
	for _, theme := range colored(t) {
		for _, role := range []themes.Role{themes.Selection, themes.Context, themes.DiffAdd, themes.DiffRemove} {
			value := theme.Value(role)
			letters, behind := value.Foreground, value.Background
			if letters.Kind == themes.None {
				letters = theme.Value(themes.Text).Foreground
			}
			if behind.Kind == themes.None {
				behind = theme.Ground
			}
			if value.Reverse {
				letters, behind = behind, letters
			}
			if got := themes.Contrast(letters, behind); got < themes.Readable {
				t.Errorf("theme %s: the letters of %s have a contrast of %.1f", theme.Name, role, got)
			}
			bar := role == themes.Selection || role == themes.Context
			if got := themes.Contrast(behind, theme.Ground); bar && got < 2.5 {
				t.Errorf("theme %s: %s is a bar with a contrast of %.1f to the ground", theme.Name, role, got)
			}
		}
	}
}

// TestTerminalsOwnColors: on a ground that nobody knows only some of the sixteen
// colours can be seen, and severities need different ones.
func TestTerminalsOwnColors(t *testing.T) {
	t.Parallel()
	theme := load(t, "ansi")
	if theme.Ground.Kind != themes.None {
		t.Errorf("the ground is %+v, want the terminal's", theme.Ground)
	}
	for _, role := range themes.Roles() {
		value := theme.Value(role)
		if c := value.Foreground; c.Kind != themes.None && (c.Kind != themes.Indexed || !slices.Contains([]uint8{1, 2, 3, 5, 6}, c.Index)) {
			t.Errorf("role %s has %+v, want the terminal's own letters, or red, green, yellow, magenta or cyan", role, c)
		}
		if value.Background.Kind != themes.None {
			t.Errorf("role %s has a ground of its own", role)
		}
	}
	for _, scale := range [][]themes.Role{severityRoles(), scoreRoles(), {themes.DiffAdd, themes.DiffRemove}} {
		for i, a := range scale {
			for _, b := range scale[i+1:] {
				if theme.Value(a).Foreground == theme.Value(b).Foreground {
					t.Errorf("%s and %s have the same colour", a, b)
				}
			}
		}
	}
}

// TestContrastByHand compares with ratios that WCAG's own examples give.
func TestContrastByHand(t *testing.T) {
	t.Parallel()
	gray := func(v uint8) themes.Color { return themes.Color{Kind: themes.RGB, R: v, G: v, B: v} }
	for _, tt := range []struct {
		a, b themes.Color
		want float64
	}{
		{gray(0), gray(255), 21},
		{gray(255), gray(0), 21},
		{gray(0x76), gray(255), 4.54}, // the lightest gray that passes on white
		{gray(9), gray(9), 1},
		{gray(9), themes.Color{Kind: themes.Indexed, Index: 9}, 0},
	} {
		if got := themes.Contrast(tt.a, tt.b); math.Abs(got-tt.want) > 0.01 {
			t.Errorf("contrast of %v and %v is %.3f, want %.2f", tt.a, tt.b, got, tt.want)
		}
	}
}

// TestReads: dark letters do not read on a dark terminal, whatever the theme is called.
func TestReads(t *testing.T) {
	t.Parallel()
	paper, night := load(t, "light").Ground, load(t, "dark").Ground
	for name, want := range map[string][2]bool{"dark": {false, true}, "light": {true, false}, "mono": {true, true}} {
		theme := load(t, name)
		if got := [2]bool{theme.Reads(paper), theme.Reads(night)}; got != want {
			t.Errorf("theme %s reads on paper and night: %v, want %v", name, got, want)
		}
	}
}

// TestIn256Colors: a terminal of 256 colours shows the nearest of them. The scales stay
// apart, and letters stay nearly as readable as they were meant to be.
func TestIn256Colors(t *testing.T) {
	t.Parallel()
	near := func(c themes.Color) themes.Color {
		r, g, b, _ := colorprofile.ANSI256.Convert(color.RGBA{R: c.R, G: c.G, B: c.B, A: 255}).RGBA()
		return themes.Color{Kind: themes.RGB, R: uint8(r >> 8), G: uint8(g >> 8), B: uint8(b >> 8)}
	}
	for _, theme := range colored(t) {
		for _, scale := range [][]themes.Role{severityRoles(), scoreRoles(), {themes.DiffAdd, themes.DiffRemove}} {
			for i, a := range scale {
				first := near(theme.Value(a).Foreground)
				if got := themes.Contrast(first, theme.Ground); got < 3.5 {
					t.Errorf("theme %s: %s has a contrast of %.2f, want 3.5 at least", theme.Name, a, got)
				}
				for _, b := range scale[i+1:] {
					if first == near(theme.Value(b).Foreground) {
						t.Errorf("theme %s: %s and %s are one colour", theme.Name, a, b)
					}
				}
			}
		}
	}
}
