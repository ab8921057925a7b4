package printable_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"

	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

var tests = map[string]struct{ in, want string }{
	"empty":                  {"", ""},
	"ascii":                  {"deploy/checkout-api", "deploy/checkout-api"},
	"accents":                {"café Größe", "café Größe"},
	"combining accent":       {"cafe\u0301", "cafe\u0301"},
	"wide letters":           {"支付 한글", "支付 한글"},
	"colour":                 {"\x1b[31mred\x1b[0m", "␛[31mred␛[0m"},
	"title by OSC":           {"\x1b]0;owned\x07", "␛]0;owned␇"},
	"clipboard by OSC 52":    {"\x1b]52;c;cm0gLXJm\x1b\\", "␛]52;c;cm0gLXJm␛\\"},
	"DCS":                    {"\x1bP$q\"p\x1b\\", "␛P$q\"p␛\\"},
	"CSI of one byte, raw":   {"a\x9b31mb", "a\uFFFD31mb"},
	"CSI of one byte, UTF-8": {"a\u009b31mb", "a\uFFFD31mb"},
	"next line of C1":        {"a\u0085b", "a b"},
	"tab and line breaks":    {"a\tb\nc\rd", "a b c d"},
	"line separators":        {"a\u2028b\u2029c", "a b c"},
	"backspace and delete":   {"a\bb\x7f", "a␈b␡"},
	"NUL":                    {"a\x00b", "a␀b"},
	"bidi override":          {"txt\u202Eexe", "txt\uFFFDexe"},
	"bidi isolate":           {"\u2066a\u2069", "\uFFFDa\uFFFD"},
	"zero width":             {"ad\u200Bmin\uFEFF", "ad\uFFFDmin\uFFFD"},
	"tag characters":         {"a\U000E0041", "a\uFFFD"},
	"soft hyphen":            {"a\u00ADb", "a\uFFFDb"},
	"variation selector":     {"✖\uFE0F", "✖\uFFFD"},
	"Hangul filler":          {"a\u3164b", "a\uFFFDb"},
	"private use":            {"\uE0B0", "\uFFFD"},
	"invalid UTF-8":          {"a\xffb\xc3", "a\uFFFDb\uFFFD"},
	"no-break space":         {"a\u00A0b", "a b"},
	"mark at the start":      {"\u0301a", "\uFFFDa"},
	"pile of marks":          {"a\u0301\u0302\u0303\u0304b", "a\u0301\u0302\u0303\uFFFDb"},
	"joined emoji":           {"👨\u200D👩", "👨\uFFFD👩"},
	"skin tone":              {"👍🏽!", "👍\uFFFD!"},
	"joins forward":          {"a\u0D4Eb\U000111C2c", "a\uFFFDb\uFFFDc"},
	"vowel sign beside":      {"कि", "क\uFFFD"},
}

func TestText(t *testing.T) {
	t.Parallel()
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := printable.Text(test.in); got != test.want {
				t.Errorf("Text(%q) = %q, want %q", test.in, got, test.want)
			}
			checkText(t, test.in)
		})
	}
}

// checkText holds the cleaned text to its promises.
func checkText(t *testing.T, in string) {
	t.Helper()
	got := printable.Text(in)
	if !utf8.ValidString(got) {
		t.Errorf("Text(%q) = %q is not valid UTF-8", in, got)
	}
	for _, r := range got {
		if !unicode.IsPrint(r) || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) {
			t.Errorf("Text(%q) = %q has %U", in, got, r)
		}
	}
	if again := printable.Text(got); again != got {
		t.Errorf("Text(%q) = %q, cleaned again %q", in, got, again)
	}
	if ansi.Strip(got) != got {
		t.Errorf("Text(%q) = %q has an escape sequence", in, got)
	}
	width := ansi.StringWidth(got)
	if wide := ansi.StringWidthWc(got); wide != width {
		t.Errorf("Text(%q) = %q has %d cells by clusters and %d by characters", in, got, width, wide)
	}
	if cells := renderedCells(got); cells != width {
		t.Errorf("Text(%q) = %q is drawn into %d cells, measured as %d", in, got, cells, width)
	}
}

// renderedCells draws the text into the cell buffer that Bubble Tea draws
// into, after a letter and before a stop, and counts the cells between them.
func renderedCells(text string) int {
	const stop = "\u2588"
	if strings.Contains(text, stop) {
		return ansi.StringWidth(text)
	}
	width := 2*len(text) + 4
	buffer := uv.NewScreenBuffer(width, 1)
	uv.NewStyledString("x"+text+stop).Draw(buffer, buffer.Bounds())
	for x := range width {
		if cell := buffer.CellAt(x, 0); cell != nil && cell.Content == stop {
			return x - 1
		}
	}
	return -1
}

func FuzzText(f *testing.F) {
	for _, test := range tests {
		f.Add(test.in)
	}
	f.Fuzz(func(t *testing.T, in string) { checkText(t, in) })
}

//nolint:paralleltest // AllocsPerRun refuses to count among parallel tests.
func TestTextAllocatesNothingForASCII(t *testing.T) {
	text := strings.Repeat("registry.example.com/shop/checkout:1.42 ", 5)
	if got := testing.AllocsPerRun(100, func() { printable.Text(text) }); got != 0 {
		t.Errorf("Text allocates %v times for printable ASCII, want 0", got)
	}
}

func TestLines(t *testing.T) {
	t.Parallel()
	got := strings.Join(printable.Lines("spec:\r\n\ta: \x1b[1m\n\nb\n"), "|")
	if want := "spec:|  a: ␛[1m||b"; got != want {
		t.Errorf("Lines = %q, want %q", got, want)
	}
}

func BenchmarkText(b *testing.B) {
	text := strings.Repeat("registry.example.com/shop/checkout:1.42 ", 5)
	b.ReportAllocs()
	for b.Loop() {
		printable.Text(text)
	}
}
