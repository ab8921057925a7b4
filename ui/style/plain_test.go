package style_test

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"github.com/seaworthy-dev/seaworthy/ui/style"
)

// TestEveryCharacter compares the fast way of measuring with the long one, and
// with what Clean does, for every character of the first two planes of
// Unicode.
func TestEveryCharacter(t *testing.T) {
	t.Parallel()
	for r := rune(0); r <= 0x1FFFF; r++ {
		text := "✖" + string(r) + "é" + string(r)
		cleaned := style.Clean(text)
		width := style.Width(cleaned)
		if width != ansi.StringWidth(cleaned) || width != ansi.StringWidthWc(cleaned) {
			t.Errorf("%U in %q: %d cells; by clusters %d, by characters %d",
				r, cleaned, width, ansi.StringWidth(cleaned), ansi.StringWidthWc(cleaned))
		}
		var b strings.Builder
		(style.Style{}).AppendFit(&b, text, width, style.Left, "…")
		if b.String() != cleaned {
			t.Errorf("%U in %q is written as %q and cleaned to %q", r, text, b.String(), cleaned)
		}
	}
}

func TestWidth(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"nothing":         "",
		"ascii":           "abc",
		"marks":           "C ✖",
		"style":           "\x1b[1;38;2;1;2;3mab\x1b[m",
		"style, colons":   "\x1b[4:3mab\x1b[m",
		"clear screen":    "\x1b[2Jab",
		"style cut off":   "ab\x1b[1",
		"escape alone":    "ab\x1b",
		"private style":   "\x1b[>1mab",
		"link":            "\x1b]8;;http://a\x1b\\ab\x1b]8;;\x1b\\",
		"wide":            "支付",
		"wide and style":  "\x1b[1m支付\x1b[m é",
		"combining":       "e\u0301",
		"tab":             "a\tb",
		"delete":          "a\x7f",
		"C1":              "a\u009b",
		"invalid UTF-8":   "a\xff",
		"joined emoji":    "👨\u200D👩",
		"no-break space":  "\u00A0",
		"registered sign": "®\uFE0F",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, want := style.Width(text), ansi.StringWidth(text); got != want {
				t.Errorf("Width(%q) = %d, measured %d", text, got, want)
			}
		})
	}
}
