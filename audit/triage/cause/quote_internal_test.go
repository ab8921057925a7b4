package cause

import (
	"strings"
	"testing"
)

func TestQuoted(t *testing.T) {
	t.Parallel()
	for arg, want := range map[string]string{
		"":               "''",
		"web":            "web",
		"deployment/web": "deployment/web",
		"a b":            "'a b'",
		"it's":           `'it'\''s'`,
		"$(rm -rf ~)":    "'$(rm -rf ~)'",
		"~":              "'~'",
		"{a,b}":          "'{a,b}'",
		"a\nb":           `$'a\012b'`,
		"\x1b[0m'\\":     `$'\033[0m\'\\'`,
		"ü1":             `$'\303\2741'`,
		"a\x00b\n":       `$'ab\012'`,
	} {
		if got := quoted(arg); got != want {
			t.Errorf("%q is quoted as %s, want %s", arg, got, want)
		}
	}
}

func FuzzQuoted(f *testing.F) {
	for _, seed := range []string{"", "web", "it's", "a\nb", "\x00", "$'x'", `\`, "'", "\u202e", "-n", "*", "!!"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, arg string) {
		word := quoted(arg)
		if strings.ContainsFunc(word, func(r rune) bool { return r < ' ' || r > '~' }) {
			t.Errorf("%q is quoted as %q, which is not printable ASCII", arg, word)
		}
		if got, ok := unquoted(word); !ok || got != strings.ReplaceAll(arg, "\x00", "") && got != arg {
			t.Errorf("%q is quoted as %s, which a shell reads as %q", arg, word, got)
		}
	})
}

// unquoted reads one word as a shell does, false if it is more than one, or a part of
// it is not quoted that has to be.
func unquoted(word string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(word); i++ {
		switch {
		case strings.HasPrefix(word[i:], `\'`):
			b.WriteByte('\'')
			i++
		case strings.HasPrefix(word[i:], "$'"):
			for i += 2; ; i++ {
				if i >= len(word) {
					return "", false
				}
				if word[i] == '\'' {
					break
				}
				if word[i] != '\\' {
					b.WriteByte(word[i])
					continue
				}
				if i++; word[i] == '\'' || word[i] == '\\' {
					b.WriteByte(word[i])
					continue
				}
				b.WriteByte((word[i]-'0')<<6 | (word[i+1]-'0')<<3 | (word[i+2] - '0'))
				i += 2
			}
		case word[i] == '\'':
			end := strings.IndexByte(word[i+1:], '\'')
			if end < 0 {
				return "", false
			}
			b.WriteString(word[i+1 : i+1+end])
			i += end + 1
		case !isPlain(word[i]):
			return "", false
		default:
			b.WriteByte(word[i])
		}
	}
	return b.String(), true
}
