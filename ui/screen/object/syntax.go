package object

import (
	"strings"
	"unicode/utf8"

	"github.com/seaworthy-dev/seaworthy/ui/style"
)

// mostDrawn is how many bytes of a line are looked at for each cell that it has: no
// character that people write takes more.
const mostDrawn = 16

// clip cuts a line to what a number of cells may need, before it is cleaned: it may have
// a megabyte.
func clip(line string, cells int) string {
	most := max(cells, 1) * mostDrawn
	if len(line) <= most {
		return line
	}
	for most > 0 && !utf8.RuneStart(line[most]) {
		most--
	}
	return line[:most]
}

// appendYAML draws a line of YAML: keys, texts, numbers and comments. It goes by the line
// alone, which is right for all but what is not YAML (plain).
func appendYAML(b *strings.Builder, st *style.Styles, line string, plain bool) {
	line = strings.ReplaceAll(line, "\t", "  ")
	if plain {
		st.Text.Append(b, line)
		return
	}
	rest := strings.TrimLeft(line, " ")
	b.WriteString(line[:len(line)-len(rest)])
	for strings.HasPrefix(rest, "- ") || rest == "-" {
		n := len(rest) - len(strings.TrimLeft(rest[1:], " "))
		st.Muted.Append(b, rest[:n])
		rest = rest[n:]
	}
	if rest == "" {
		return
	}
	if rest[0] == '#' || strings.HasPrefix(rest, "---") {
		st.Muted.Append(b, rest)
		return
	}
	if end := keyEnd(rest); end > 0 {
		st.Key.Append(b, rest[:end])
		st.Muted.Append(b, ":")
		rest = rest[end+1:]
	}
	value, comment := cutComment(rest)
	valueStyle(st, strings.TrimSpace(value)).Append(b, value)
	st.Muted.Append(b, comment)
}

// keyEnd returns where the colon behind a key stands, 0 if there is none.
func keyEnd(text string) int {
	if text[0] == '"' || text[0] == '\'' {
		end := strings.IndexByte(text[1:], text[0])
		if end < 0 || !strings.HasPrefix(text[end+2:], ":") {
			return 0
		}
		return end + 2
	}
	if strings.IndexByte("{[|>&*!%@`", text[0]) >= 0 {
		return 0
	}
	if strings.HasSuffix(text, ":") && !strings.Contains(text, ": ") {
		return len(text) - 1
	}
	return max(0, strings.Index(text, ": "))
}

// cutComment takes a comment off the end of a value.
func cutComment(text string) (value, comment string) {
	if trimmed := strings.TrimSpace(text); trimmed != "" && (trimmed[0] == '"' || trimmed[0] == '\'') {
		return text, ""
	}
	if at := strings.Index(text, " #"); at >= 0 {
		return text[:at], text[at:]
	}
	return text, ""
}

// valueStyle is the look of a value: numbers and switches differ from texts.
func valueStyle(st *style.Styles, value string) style.Style {
	switch value {
	case "true", "false", "null", "~", "{}", "[]":
		return st.Spark
	case "":
		return st.Text
	}
	if strings.Trim(value, "0123456789.-+e") == "" {
		return st.Spark
	}
	return st.Text
}
