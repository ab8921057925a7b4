package cause

import (
	"fmt"
	"strings"
)

// quoted writes one argument as a word of a shell. Plain ones stand for themselves;
// what is not printable ASCII is written in dollar quotes, so that nothing of it
// reaches a terminal. A NUL, which no argument can hold, is left out.
func quoted(arg string) string {
	plain, printable := arg != "", true
	for i := range len(arg) {
		b := arg[i]
		plain = plain && isPlain(b)
		printable = printable && b >= ' ' && b <= '~'
	}
	switch {
	case plain:
		return arg
	case printable:
		return "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'"
	}
	var b strings.Builder
	b.WriteString("$'")
	for i := range len(arg) {
		switch c := arg[i]; {
		case c == 0:
		case c == '\'' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < ' ' || c > '~':
			fmt.Fprintf(&b, `\%03o`, c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('\'')
	return b.String()
}

// isPlain reports whether no shell gives a byte a meaning, wherever it stands.
func isPlain(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || strings.IndexByte("@%+=:,./_-", b) >= 0
}

// sentence writes arguments as a command line.
func sentence(args []string) string {
	words := make([]string, len(args))
	for i, arg := range args {
		words[i] = quoted(arg)
	}
	return strings.Join(words, " ")
}
