package style

import (
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// TestPlainRunes compares the fast way with the long one for every character,
// alone and between others.
func TestPlainRunes(t *testing.T) {
	t.Parallel()
	count := 0
	for r := rune(0); r <= 0x10FFFF; r++ {
		if !plainRune(r) {
			continue
		}
		count++
		for _, text := range []string{string(r), string(r) + string(r), "a" + string(r) + "b", "✖" + string(r) + "é"} {
			cells, plain := plainCells(text, false)
			if !plain || cells != ansi.StringWidth(text) || cells != ansi.StringWidthWc(text) {
				t.Errorf("%U in %q: %d cells, plain %v; by clusters %d, by characters %d",
					r, text, cells, plain, ansi.StringWidth(text), ansi.StringWidthWc(text))
			}
			if got := cleaned(text); got != text {
				t.Errorf("%U in %q is cleaned to %q", r, text, got)
			}
		}
	}
	if count < 500 {
		t.Errorf("only %d characters are plain", count)
	}
}

func TestPlainCells(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text   string
		styles bool
		cells  int
		plain  bool
	}{
		"nothing":              {"", false, 0, true},
		"ascii":                {"abc", false, 3, true},
		"marks":                {"C ✖", false, 3, true},
		"style":                {"\x1b[1;38;2;1;2;3mab\x1b[m", true, 2, true},
		"style in a text":      {"\x1b[1mab", false, 0, false},
		"clear screen":         {"\x1b[2Jab", true, 0, false},
		"style cut off":        {"ab\x1b[1", true, 0, false},
		"escape alone":         {"ab\x1b", true, 0, false},
		"private style":        {"\x1b[>1mab", true, 0, false},
		"wide":                 {"支付", true, 0, false},
		"combining":            {"e\u0301", true, 0, false},
		"tab":                  {"a\tb", true, 0, false},
		"delete":               {"a\x7f", true, 0, false},
		"C1":                   {"a\u009b", true, 0, false},
		"invalid UTF-8":        {"a\xff", true, 0, false},
		"replacement, as such": {"\uFFFD", true, 0, false},
		"soft hyphen":          {"\u00AD", true, 0, false},
		"no-break space":       {"\u00A0", true, 0, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cells, plain := plainCells(test.text, test.styles)
			if cells != test.cells || plain != test.plain {
				t.Errorf("plainCells = %d, %v, want %d, %v", cells, plain, test.cells, test.plain)
			}
			if plain && cells != ansi.StringWidth(test.text) {
				t.Errorf("plainCells = %d, measured %d", cells, ansi.StringWidth(test.text))
			}
		})
	}
}
