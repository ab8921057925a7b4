package style_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/charmbracelet/x/ansi"

	"github.com/seaworthy-dev/seaworthy/themes"
	"github.com/seaworthy-dev/seaworthy/ui/style"
)

func parse(t *testing.T, yaml string) *themes.Theme {
	t.Helper()
	library, err := themes.Read(themes.Folder{Files: fstest.MapFS{"own.yaml": {Data: []byte(yaml)}}})
	if err != nil {
		t.Fatal(err)
	}
	theme, err := library.Load("own")
	if err != nil {
		t.Fatal(err)
	}
	return theme
}

func TestRender(t *testing.T) {
	t.Parallel()
	theme := parse(t, "ground: \"#000001\"\nroles:\n  text: ''\n  title: \"#010203 bold\"\n  accent: 9 on 12 underline\n  selection: reverse bold\n")
	tests := map[string]struct {
		noColor bool
		of      func(*style.Styles) style.Style
		want    string
	}{
		"plain":                 {false, func(s *style.Styles) style.Style { return s.Text }, "x"},
		"RGB":                   {false, func(s *style.Styles) style.Style { return s.Title }, "\x1b[1;38;2;1;2;3mx\x1b[m"},
		"indexed":               {false, func(s *style.Styles) style.Style { return s.Accent }, "\x1b[4;38;5;9;48;5;12;4mx\x1b[m"},
		"RGB, no colour":        {true, func(s *style.Styles) style.Style { return s.Title }, "\x1b[1mx\x1b[m"},
		"background, no colour": {true, func(s *style.Styles) style.Style { return s.Accent }, "\x1b[4;7;4mx\x1b[m"},
		"selection, no colour":  {true, func(s *style.Styles) style.Style { return s.Selection }, "\x1b[1;7mx\x1b[m"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			styles := style.New(theme, style.Options{NoColor: test.noColor})
			if got := test.of(styles).Render("x"); got != test.want {
				t.Errorf("Render = %q, want %q", got, test.want)
			}
			if hasGround := styles.Ground != nil; hasGround == test.noColor {
				t.Errorf("ground is %v without colour %v", styles.Ground, test.noColor)
			}
		})
	}
}

// TestNoColorHasNoColor draws every role of every theme.
func TestNoColorHasNoColor(t *testing.T) {
	t.Parallel()
	for _, name := range themes.Names() {
		theme, err := (*themes.Library)(nil).Load(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, noColor := range []bool{true, false} {
			styles := style.New(theme, style.Options{NoColor: noColor})
			drawn := strings.Join([]string{
				styles.Text.Render("x"), styles.Selection.Render("x"), styles.Error.Render("x"),
				styles.Severity(style.Critical).Render("x"), styles.Score(12).Render("x"), styles.DiffAdd.Render("x"),
			}, "")
			if colored := strings.Contains(drawn, "38;"); colored != (!noColor && name != "mono") {
				t.Errorf("theme %s, no colour %v: drawn %q", name, noColor, drawn)
			}
		}
	}
}

// TestBecome: who holds on to styles draws in another theme, and can tell that he does.
func TestBecome(t *testing.T) {
	t.Parallel()
	styles := style.New(parse(t, "roles: {text: 1}"), style.Options{})
	other := style.New(parse(t, "label: CARE\nroles: {text: 2}"), style.Options{})
	before := styles.Changes()
	styles.Become(other)
	if got := styles.Text.Render("x"); got != other.Text.Render("x") || styles.Label != "CARE" {
		t.Errorf("the styles draw %q and have the label %q", got, styles.Label)
	}
	if styles.Changes() == before {
		t.Error("nobody can tell that the styles have changed")
	}
}

// TestPainted draws on the theme's own ground, as a sample beside those of other themes.
func TestPainted(t *testing.T) {
	t.Parallel()
	theme := parse(t, "ground: \"#010203\"\nroles: {text: \"#040506\", accent: \"#040506 on #070809\", context: \"#040506\"}")
	painted := style.New(theme, style.Options{Painted: true})
	for got, want := range map[string]string{
		painted.Text.Render("x"):                              "\x1b[38;2;4;5;6;48;2;1;2;3mx\x1b[m",
		painted.Accent.Render("x"):                            "\x1b[38;2;4;5;6;48;2;7;8;9mx\x1b[m",
		painted.Context.Render("x"):                           "\x1b[38;2;4;5;6;48;2;1;2;3mx\x1b[m",
		style.New(theme, style.Options{}).Context.Render("x"): "\x1b[7;38;2;4;5;6mx\x1b[m",
		style.New(theme, style.Options{Painted: true, NoColor: true}).Text.Render("x"):   "x",
		style.New(theme, style.Options{Painted: true, NoColor: true}).Accent.Render("x"): "\x1b[7mx\x1b[m",
	} {
		if got != want {
			t.Errorf("drawn %q, want %q", got, want)
		}
	}
}

// TestGlyphsAreOneCell also keeps the ASCII tier to ASCII.
func TestGlyphsAreOneCell(t *testing.T) {
	t.Parallel()
	theme := parse(t, "title: plain")
	for _, tier := range []style.Tier{style.Unicode, style.ASCII} {
		glyphs := style.New(theme, style.Options{Tier: tier}).Glyphs
		all := append([]string{
			glyphs.Tick, glyphs.Cursor, glyphs.Mark, glyphs.Ascending, glyphs.Descending, glyphs.Ellipsis,
			glyphs.GaugeFull, glyphs.GaugeHalf, glyphs.GaugeTrack, glyphs.Separator, glyphs.Live, glyphs.Still,
			glyphs.Branch, glyphs.LastBranch, glyphs.Trunk, glyphs.Arrow,
		}, glyphs.Spark...)
		all = append(all, glyphs.Severity[:]...)
		for _, frame := range []style.Frame{glyphs.Frame, glyphs.Focus} {
			all = append(all, frame.TopLeft, frame.TopRight, frame.BottomLeft, frame.BottomRight, frame.Horizontal, frame.Vertical)
		}
		for _, glyph := range all {
			if ansi.StringWidth(glyph) != 1 || ansi.StringWidthWc(glyph) != 1 || style.Clean(glyph) != glyph {
				t.Errorf("tier %v: glyph %q is not one clean cell", tier, glyph)
			}
			if tier == style.ASCII && (len(glyph) != 1 || glyph[0] > '~') {
				t.Errorf("glyph %q of the ASCII tier is not ASCII", glyph)
			}
		}
	}
}

func TestMarks(t *testing.T) {
	t.Parallel()
	theme := parse(t, "title: plain")
	rich, poor := style.New(theme, style.Options{}), style.New(theme, style.Options{Tier: style.ASCII})
	var got, ascii []string
	for severity := style.Info; severity <= style.Critical; severity++ {
		got, ascii = append(got, rich.SeverityMark(severity)), append(ascii, poor.SeverityMark(severity))
	}
	if want := "I ·,L ○,M ■,H ▲,C ✖"; strings.Join(got, ",") != want {
		t.Errorf("marks are %q, want %q", got, want)
	}
	if want := "I .,L o,M #,H ^,C X"; strings.Join(ascii, ",") != want {
		t.Errorf("marks are %q, want %q", ascii, want)
	}
	var grades string
	for _, grade := range []string{"A", "B?", "C", "D", "E", "F", "n/a", ""} {
		grades += rich.GradeMark(grade)
	}
	if want := "✔○■▲✖✖  "; grades != want {
		t.Errorf("grade marks are %q, want %q", grades, want)
	}
	if rich.SeverityMark(99) != "C ✖" || rich.SeverityMark(-1) != "I ·" {
		t.Errorf("severities out of range are %q and %q", rich.SeverityMark(99), rich.SeverityMark(-1))
	}
}

func TestScoreRamp(t *testing.T) {
	t.Parallel()
	styles := style.New(parse(t, "roles: {score-0: 1, score-1: 2, score-2: 3, score-3: 4, score-4: 5}"), style.Options{})
	for score, want := range map[float64]string{
		-1: "5;1m", 59.99: "5;1m", 60: "5;2m", 70: "5;3m", 80: "5;4m", 89.99: "5;4m", 90: "5;5m", 100: "5;5m",
	} {
		if got := styles.Score(score).Render("x"); !strings.Contains(got, want) {
			t.Errorf("score %v is drawn %q, want %q", score, got, want)
		}
	}
}

func TestFit(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text  string
		width int
		align style.Align
		want  string
	}{
		{"abc", 5, style.Left, "abc  "},
		{"abc", 5, style.Right, "  abc"},
		{"abc", 3, style.Left, "abc"},
		{"abcd", 3, style.Left, "ab…"},
		{"abcd", 3, style.Right, "ab…"},
		{"abcd", 1, style.Left, "…"},
		{"abcd", 0, style.Left, ""},
		{"abcd", -3, style.Left, ""},
		{"支付宝", 4, style.Left, "支… "},
		{"支付宝", 5, style.Right, "支付…"},
		{"", 2, style.Left, "  "},
		{"\x1b[1mabcd\x1b[m", 3, style.Left, "\x1b[1mab…\x1b[m"},
	}
	for _, test := range tests {
		if got := style.Fit(test.text, test.width, test.align, "…"); got != test.want {
			t.Errorf("Fit(%q, %d, %v) = %q, want %q", test.text, test.width, test.align, got, test.want)
		}
		var b strings.Builder
		(style.Style{}).AppendFit(&b, test.text, test.width, test.align, "…")
		if want := style.Fit(style.Clean(test.text), test.width, test.align, "…"); b.String() != want {
			t.Errorf("AppendFit(%q, %d, %v) wrote %q, want %q", test.text, test.width, test.align, b.String(), want)
		}
	}
}

func FuzzFit(f *testing.F) {
	f.Add("支付宝 checkout", 7)
	f.Add("e\u0301e\u0301", 1)
	f.Fuzz(func(t *testing.T, text string, width int) {
		width = max(-2, min(width, 300))
		got := style.Fit(style.Clean(text), width, style.Left, "…")
		var b strings.Builder
		(style.Style{}).AppendFit(&b, text, width, style.Left, "…")
		if b.String() != got {
			t.Errorf("AppendFit(%q, %d) wrote %q, Fit gives %q", text, width, b.String(), got)
		}
		if cells := ansi.StringWidth(got); cells != max(width, 0) {
			t.Errorf("Fit(%q, %d) = %q has %d cells", text, width, got, cells)
		}
	})
}

func TestWrap(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"A privileged container has every kernel capability.\n\nSee\tspec.template.spec.containers": "A privileged|container has every|kernel capability.||See|spec.template.spec.|containers",
		"":                                       "",
		"a Role of cert-manager-cainjector":      "a Role of|cert-manager-cainjec|tor",
		"bound to cert-manager and kube-system":  "bound to|cert-manager and|kube-system",
		"verbs get,list,watch,deletecollection,": "verbs get,list,|watch,|deletecollection,",
		"exactly twenty cells and more":          "exactly twenty cells|and more",
		"two  blanks  stay":                      "two  blanks  stay",
		"wide 世界世界世界世界世界世":                       "wide|世界世界世界世界世界|世",
	} {
		if got := strings.Join(style.Wrap(text, 20), "|"); got != want {
			t.Errorf("Wrap(%q) = %q, want %q", text, got, want)
		}
	}
	if got := strings.Join(style.Wrap("世 a世", 0), "|"); got != "世|a|世" {
		t.Errorf("in no width: %q", got)
	}
}

// Wrapping loses nothing but blanks, and makes no line too wide.
func FuzzWrap(f *testing.F) {
	f.Add("a Role of cert-manager, which 世界 knows", 9)
	f.Add(" x\n\n  y.z/]", 1)
	f.Fuzz(func(t *testing.T, text string, width int) {
		if len(text) > 2000 {
			return
		}
		width = max(width%200, 1)
		without := strings.NewReplacer(" ", "")
		for name, lines := range map[string][]string{"Wrap": style.Wrap(text, width), "WrapPath": style.WrapPath(text, width)} {
			if got, want := without.Replace(strings.Join(lines, "")), without.Replace(strings.Join(style.Lines(text), "")); got != want {
				t.Errorf("%s(%q, %d) has %q, want %q", name, text, width, got, want)
			}
			for _, line := range lines {
				if style.Width(line) > max(width, 2) {
					t.Errorf("%s(%q, %d) has the line %q of %d cells", name, text, width, line, style.Width(line))
				}
			}
		}
	})
}

// TestWrapKeepsToItsWidth also where a comma comes last, and with words that are too
// long for a line.
func TestWrapKeepsToItsWidth(t *testing.T) {
	t.Parallel()
	text := "get,list,watch pods, pods/log, pods/exec, ServiceAccounts (RoleBinding ci/operators), 支付宝, deletecollection"
	for width := 2; width < 60; width++ {
		for _, lines := range [][]string{style.Wrap(text, width), style.WrapPath(text, width)} {
			for _, line := range lines {
				if style.Width(line) > width {
					t.Errorf("at width %d there is the line %q", width, line)
				}
			}
			if got, want := strings.Join(strings.Fields(strings.Join(lines, "")), ""), strings.Join(strings.Fields(text), ""); got != want {
				t.Errorf("at width %d the text has become %q", width, got)
			}
		}
	}
}

func TestWrapPath(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"spec.template.spec.containers[0].securityContext": "spec.template.spec.|containers[0].|securityContext",
		"deploy/base/shop/payments.yaml:12":                "deploy/base/shop/|payments.yaml:12",
		"spec":                                             "spec",
		"x\x1b.y":                                          "x␛.y",
	} {
		if got := strings.Join(style.WrapPath(path, 20), "|"); got != want {
			t.Errorf("WrapPath(%q) = %q, want %q", path, got, want)
		}
	}
}
