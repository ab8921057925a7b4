package ui_test

import (
	"fmt"
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/themes"
	"github.com/seaworthy-dev/seaworthy/ui"
	"github.com/seaworthy-dev/seaworthy/ui/settings"
)

// drawnIn reports whether the frame has the letters of a theme.
func (u *user) drawnIn(name string) bool {
	u.t.Helper()
	theme, err := (*themes.Library)(nil).Load(name)
	if err != nil {
		u.t.Fatal(err)
	}
	c := theme.Value(themes.Text).Foreground
	return strings.Contains(u.View().Content, fmt.Sprintf("38;2;%d;%d;%dm", c.R, c.G, c.B))
}

// expectTheme fails the test unless the frame is drawn in a theme.
func (u *user) expectTheme(name string) *user {
	u.t.Helper()
	if !u.drawnIn(name) {
		u.t.Fatalf("the frame is not drawn in %s: %q", name, u.View().Content[:200])
	}
	return u
}

// expectGround fails the test unless the terminal gets the background of a theme, or
// keeps its own where the name is empty.
func (u *user) expectGround(name string) *user {
	u.t.Helper()
	var want color.Color
	if name != "" {
		theme, err := (*themes.Library)(nil).Load(name)
		if err != nil {
			u.t.Fatal(err)
		}
		want = color.RGBA{R: theme.Ground.R, G: theme.Ground.G, B: theme.Ground.B, A: 255}
	}
	view := u.View()
	if view.BackgroundColor != want || (view.ForegroundColor == nil) != (want == nil) {
		u.t.Fatalf("the terminal gets the background %v and the letters %v, want the background %v", view.BackgroundColor, view.ForegroundColor, want)
	}
	return u
}

func background(c color.Color) tea.Msg { return tea.BackgroundColorMsg{Color: c} }

// TestAuto goes by what the terminal answers.
func TestAuto(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		theme  string
		answer color.Color
		want   string
		ground string
	}{
		"white":            {ui.AutoTheme, color.White, "light", ""},
		"black":            {ui.AutoTheme, color.Black, "dark", ""},
		"paper":            {"auto:solarized-light/solarized-dark", color.RGBA{0xfd, 0xf6, 0xe3, 255}, "solarized-light", ""},
		"night":            {"auto:solarized-light/solarized-dark", color.Black, "solarized-dark", ""},
		"gray, unreadable": {ui.AutoTheme, color.Gray{Y: 100}, "dark", "dark"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, ui.Options{Theme: tt.theme}, 80, 24, func(u *user) {
				u.Patience = 10 * time.Millisecond // the terminal has not had its time
				u.publish().Expect("Connecting").ExpectNot("Namespaces")
				if strings.Contains(u.View().Content, "38;2;") {
					u.t.Error("there are colours, and the ground is not known")
				}
				u.expectGround("").Send(background(tt.answer)).Expect("Namespaces (6)")
				u.expectTheme(tt.want).expectGround(tt.ground)
				before := u.View().Content
				u.Patience = time.Second
				if u.wait(); u.View().Content != before {
					u.t.Error("the frame changed when the time for an answer was over")
				}
			})
		})
	}
}

// TestAutoWithoutAnswer waits no longer than it takes, goes by COLORFGBG, and takes an
// answer that comes late.
func TestAutoWithoutAnswer(t *testing.T) {
	t.Parallel()
	for hint, want := range map[string]string{
		"": "dark", "15;0": "dark", "0;15": "light", "0;default;15": "light", "12;8": "dark", "0;7": "light",
		"15;default": "dark", "15;-1": "dark", "1;99": "dark", "7": "light",
	} {
		run(t, ui.Options{Theme: ui.AutoTheme, ColorFGBG: hint}, 80, 24, func(u *user) {
			u.Patience = 90 * time.Millisecond // 100 ms have passed
			u.publish().Expect("Connecting")
			u.Patience = 20 * time.Millisecond
			u.wait().Expect("Namespaces (6)")
			if u.expectGround(want); !u.drawnIn(want) {
				u.t.Errorf("with COLORFGBG=%q the program is not drawn in %s", hint, want)
			}
			before := u.View().Content
			u.Send(background(map[string]color.Color{"dark": color.Black, "light": color.White}[want]))
			if u.expectGround(""); u.View().Content != before {
				u.t.Error("a late answer that agrees has changed the frame")
			}
			u.Send(background(color.White)).Expect("Namespaces (6)")
			u.expectTheme("light").Send(background(nil))
			u.expectTheme("light")
		})
	}
}

// TestPoorColors: sixteen colours are the terminal's own, and severities keep different
// ones; without colour nothing is asked.
func TestPoorColors(t *testing.T) {
	t.Parallel()
	for _, theme := range []string{ui.AutoTheme, "nord", "production"} {
		run(t, ui.Options{Theme: theme, Colors: colorprofile.ANSI, At: "findings"}, 140, 40, func(u *user) {
			u.Patience = 10 * time.Millisecond
			u.publish().Expect("Findings").ExpectNot("Connecting")
			content := u.View().Content
			if u.expectGround(""); strings.Contains(content, "38;2;") || strings.Contains(content, "48;2;") {
				u.t.Errorf("theme %s has colours that sixteen lack", theme)
			}
			for severity, code := range map[string]string{"C ✖": "1;38;5;1m", "H ▲": "1;38;5;5m", "M ■": "38;5;3m"} {
				if !strings.Contains(content, "\x1b["+code+severity) {
					u.t.Errorf("theme %s does not draw %s with %s", theme, severity, code)
				}
			}
		})
	}
	run(t, ui.Options{Theme: ui.AutoTheme, NoColor: true}, 80, 24, func(u *user) {
		u.Patience = 10 * time.Millisecond
		u.publish().Expect("Namespaces (6)").Send(background(color.White))
		if u.expectGround(""); strings.Contains(u.View().Content, "38;") {
			u.t.Error("there are colours")
		}
	})
	run(t, ui.Options{Theme: "nord"}, 80, 24, func(u *user) { // the terminal is found to have sixteen
		u.publish()
		u.expectTheme("nord").expectGround("nord").Send(tea.ColorProfileMsg{Profile: colorprofile.ANSI})
		if u.expectGround(""); strings.Contains(u.View().Content, "38;2;") {
			u.t.Error("there are colours that sixteen lack")
		}
		u.Send(tea.ColorProfileMsg{Profile: colorprofile.TrueColor})
		u.expectTheme("nord")
	})
}

// TestProduction looks at other clusters: one that must not break is told by a word and by
// its colours.
func TestProduction(t *testing.T) {
	t.Parallel()
	contexts := []settings.Context{{Match: "prod-*", Theme: "production"}, {Match: "stage-*", Theme: "nord", Label: "STAGE"}, {Match: "*"}}
	for _, noColor := range []bool{false, true} {
		run(t, ui.Options{Looks: contexts, NoColor: noColor}, 80, 24, func(u *user) {
			look := func(context, label, theme string) {
				u.cluster.SetInfo(kube.Info{Name: context})
				u.publish().Expect(context)
				if label != "" {
					u.ExpectLine(" "+label+" ", "seaworthy", context)
				} else {
					u.ExpectNot("PRODUCTION", "STAGE")
				}
				if !noColor {
					u.expectTheme(theme).expectGround(theme)
				} else if first := u.Styled()[0]; label != "" && !strings.Contains(first, "7m "+label) {
					u.t.Errorf("without colour the header is %q", first)
				}
			}
			look("prod-eu-1", "PRODUCTION", "production")
			look("stage-1", "STAGE", "nord")
			look("dev", "", "dark")
			u.Press("T").ExpectSelected("dark").Press("G", "enter") // the last: tritanopia
			look("dev", "", "tritanopia")
			look("prod-eu-1", "PRODUCTION", "production")
			u.Press("T").ExpectSelected("production").Press("k", "enter").ExpectLine("PRODUCTION", "prod-eu-1")
		})
	}
}

// TestPicker tries themes on, keeps one, and goes back to the one before.
func TestPicker(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, "mine.yaml", "title: My own\nextends: nord\n", 1)
	write(t, dir, "auto.yaml", "title: Out of reach\n", 1)
	write(t, dir, "wrong.yaml", "roles:\n  text: rde\n", 1)
	library, err := themes.Read(themes.Folder{Files: os.DirFS(dir), Name: "own"})
	if err != nil {
		t.Fatal(err)
	}
	run(t, ui.Options{Themes: library, SettingsFile: "~/.config/seaworthy/terminal.yaml"}, 100, 30, func(u *user) {
		u.publish().Press("enter", "T").Expect("Themes").ExpectSelected("dark").ExpectLine("mine", "dark, yours", "My own")
		u.ExpectNot("Out of reach")
		before := u.View().Content
		u.Press("j").ExpectSelected("deuteranopia")
		u.expectTheme("deuteranopia").expectGround("deuteranopia")
		u.Press("?").Expect("up one row")
		u.expectTheme("deuteranopia").Press("?", "k").ExpectSelected("dark")
		if u.expectTheme("dark"); u.View().Content != before {
			u.t.Error("the theme before looks otherwise than it did")
		}
		u.Press("j", "j", "j", "esc").Expect("Findings").ExpectNot("Themes")
		u.expectTheme("dark").expectGround("dark")
		u.Press("T", "G").ExpectLine("wrong", "broken", "reading theme own/wrong.yaml").Press("enter").Expect("unknown colour").ExpectSelected("wrong")
		u.Press("esc", ":").Type("themes").Press("enter")
		for range 12 {
			u.Press("j")
		}
		u.Press("enter").ExpectNot("Themes").Expect("for now", "in ~/.config/seaworthy/terminal.yaml keeps it")
		if u.drawnIn("dark") {
			u.t.Error("the theme has not been kept")
		}
		u.Press("T")
		u.Patience = 20 * time.Millisecond // the terminal is asked when it has its own ground back
		u.Press("g").ExpectSelected("auto").Press("enter").Expect("theme auto for now")
		u.expectTheme("dark").expectGround("").Send(background(color.White))
		u.expectTheme("light").expectGround("")
	})
}

// TestPickerKeepsTheTwo: who goes by the background between two themes comes back to them.
func TestPickerKeepsTheTwo(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{Theme: "auto:solarized-light/solarized-dark"}, 80, 24, func(u *user) {
		u.publish().Press("T").ExpectSelected("auto").Press("G")
		u.expectTheme("tritanopia").Press("g", "enter")
		u.expectTheme("solarized-dark").Send(background(color.White))
		u.expectTheme("solarized-light")
	})
}

// TestEveryScreenInEveryTheme turns through the themes on each screen: what a screen keeps
// drawn must not stay in the theme before.
func TestEveryScreenInEveryTheme(t *testing.T) {
	t.Parallel()
	for _, at := range []string{"overview", "ns/payments", "findings", privileged, "plan/payments", "rbac", "paths/ns:payments", "frameworks", "framework/cis-5", "coverage", "diagnostics", "help"} {
		run(t, ui.Options{At: at}, 140, 40, func(u *user) {
			u.publish()
			u.expectTheme("dark").Press("T", "j", "enter", "esc", "]")
			theme, err := (*themes.Library)(nil).Load("dark")
			if err != nil {
				u.t.Fatal(err)
			}
			for _, role := range themes.Roles() {
				c := theme.Value(role).Foreground
				if code := fmt.Sprintf("38;2;%d;%d;%dm", c.R, c.G, c.B); strings.Contains(u.View().Content, code) {
					u.t.Errorf("%s still has the colour of %s of the theme before", at, role)
				}
			}
		})
	}
}

// TestLiveReload changes the file of the theme in force, breaks it and mends it.
func TestLiveReload(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, "mine.yaml", "extends: nord\n", 1)
	folder := themes.Folder{Files: os.DirFS(dir), Name: "own", Only: "mine.yaml"}
	library, err := themes.Read(folder)
	if err != nil {
		t.Fatal(err)
	}
	run(t, ui.Options{Theme: "mine", Themes: library}, 80, 24, func(u *user) {
		u.publish()
		u.expectTheme("nord")
		u.Patience = 3 * time.Second
		write(u.t, dir, "mine.yaml", "extends: dracula\n", 2)
		u.wait()
		u.expectTheme("dracula")
		write(u.t, dir, "mine.yaml", "extends: dracula\nroles:\n  text: rde\n", 3)
		u.wait().Expect("own/mine.yaml: line 3: role text: unknown colour")
		u.expectTheme("dracula")
		write(u.t, dir, "mine.yaml", "extends: one-dark\n", 4)
		u.wait()
		u.expectTheme("one-dark").Press("T", "g", "j", "enter") // another theme: the file is watched no more
		write(u.t, dir, "mine.yaml", "extends: nord\n", 5)
		if u.wait(); u.drawnIn("nord") {
			u.t.Error("the file of a theme that is not in force has changed the look")
		}
	})
}

func write(t *testing.T, dir, name, text string, second int64) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, time.Unix(second, 0), time.Unix(second, 0)); err != nil {
		t.Fatal(err)
	}
}

func TestThemesAreCheckedFirst(t *testing.T) {
	t.Parallel()
	for want, o := range map[string]ui.Options{
		`theme "a"`: {Theme: "auto:a/dark"}, `theme "b"`: {Theme: "auto:light/b"}, `theme "auto:light"`: {Theme: "auto:light"},
		`theme "c"`: {Theme: "dark", Looks: []settings.Context{{Match: "*", Theme: "c"}}},
	} {
		o.At = "overview"
		if err := o.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("theme %q, contexts %v: %v, want %s", o.Theme, o.Looks, err, want)
		}
	}
	if err := (ui.Options{Theme: ui.AutoTheme, At: "themes"}).Validate(); err != nil {
		t.Error(err)
	}
}
