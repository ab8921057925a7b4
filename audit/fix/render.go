package fix

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// layout is the style in which a document is written.
type layout struct {
	newline string // how lines end
	step    int    // by how many columns a map is indented below its key
	list    int    // by how many columns a list is indented below its key
	json    bool   // keys and strings are in double quotes
}

// layoutOf finds the style of a document by the first collections in it.
func layoutOf(s *source, root *yaml.Node) layout {
	l := layout{newline: lineBreak(s.text), step: 2}
	l.adopt(s, root, &found{})
	if top := root.Content[0]; top.Kind == yaml.MappingNode && top.Style&yaml.FlowStyle != 0 && len(top.Content) > 0 {
		l.json = top.Content[0].Style&yaml.DoubleQuotedStyle != 0
	}
	return l
}

// found says which indentations of a document are known.
type found struct{ step, list bool }

// adopt takes the indentations of the first block collections below a node.
func (l *layout) adopt(s *source, n *yaml.Node, have *found) {
	for i, child := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 1 && isBlock(n) && isBlock(child) {
			l.adoptOne(child, s.indentOf(child)-s.column(s.start(n.Content[i-1])), have)
		}
		l.adopt(s, child, have)
	}
}

// adoptOne takes by how many columns a collection is indented below its key.
func (l *layout) adoptOne(n *yaml.Node, by int, have *found) {
	switch {
	case n.Kind == yaml.MappingNode && !have.step && by > 0:
		l.step, have.step = by, true
	case n.Kind == yaml.SequenceNode && !have.list && by >= 0:
		l.list, have.list = by, true
	}
}

// isBlock reports whether a node is a collection in block style that holds something.
func isBlock(n *yaml.Node) bool { return n.Style&yaml.FlowStyle == 0 && len(n.Content) > 0 }

func lineBreak(text []byte) string {
	if i := bytes.IndexByte(text, '\n'); i > 0 && text[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}

// first lists the keys that people write before the others.
func first() []string {
	return []string{"apiVersion", "kind", "metadata", "name", "namespace", "image"}
}

// keysOf returns the keys of a map in the order in which they are written:
// those that say what it is, then the others by name.
func keysOf(m map[string]any) []string {
	rank := func(key string) int {
		if i := slices.Index(first(), key); i >= 0 {
			return i
		}
		return len(first())
	}
	return slices.SortedFunc(maps.Keys(m), func(a, b string) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), strings.Compare(a, b))
	})
}

func pad(columns int) string { return strings.Repeat(" ", columns) }

// isInline reports whether a value is written on the line of its key.
func isInline(value any) bool {
	switch v := value.(type) {
	case map[string]any:
		return len(v) == 0
	case []any:
		return len(v) == 0
	}
	return true
}

// block writes a value in block style. Its first line begins where the caller
// stands, at column indent; the last line has no break.
func block(value any, l layout, indent int) string {
	var lines []string
	switch v := value.(type) {
	case map[string]any:
		for _, key := range keysOf(v) {
			lines = append(lines, scalar(key, l, false)+":"+afterColon(v[key], l, indent))
		}
	case []any:
		for _, element := range v {
			lines = append(lines, "- "+afterDash(element, l, indent))
		}
	}
	if len(lines) == 0 {
		return flow(value, l)
	}
	return strings.Join(lines, l.newline+pad(indent))
}

// afterColon writes the value of a key at column indent, from the colon on.
func afterColon(value any, l layout, indent int) string {
	switch v := value.(type) {
	case map[string]any:
		if len(v) > 0 {
			return l.newline + pad(indent+l.step) + block(value, l, indent+l.step)
		}
	case []any:
		if len(v) > 0 {
			return l.newline + pad(indent+l.list) + block(value, l, indent+l.list)
		}
	case string:
		if text, ok := literal(v, l, indent+l.step); ok {
			return " " + text
		}
	}
	return " " + flow(value, l)
}

// afterDash writes an element of a list whose dash is at column indent.
func afterDash(value any, l layout, indent int) string {
	if text, ok := value.(string); ok {
		if text, ok := literal(text, l, indent+2); ok {
			return text
		}
	}
	return block(value, l, indent+2)
}

// literal writes a text of several lines as a literal block scalar; false where
// that would not keep it as it is.
func literal(text string, l layout, indent int) (string, bool) {
	body, ends := strings.CutSuffix(text, "\n")
	severalLines := strings.Contains(body, "\n") && !strings.HasSuffix(body, "\n")
	if !severalLines || strings.ContainsAny(body[:1], " \n") || strings.ContainsFunc(body, notLiteral) {
		return "", false
	}
	header := "|"
	if !ends {
		header = "|-"
	}
	for line := range strings.SplitSeq(body, "\n") {
		if strings.TrimSpace(line) == "" && line != "" {
			return "", false
		}
		header += l.newline
		if line != "" {
			header += pad(indent) + line
		}
	}
	return header, true
}

// notLiteral reports whether a literal block scalar would not keep a character.
func notLiteral(r rune) bool {
	control := r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0
	return control || r == '\u2028' || r == '\u2029' || r == '\ufeff'
}

// flow writes a value on one line.
func flow(value any, l layout) string {
	var parts []string
	switch v := value.(type) {
	case map[string]any:
		for _, key := range keysOf(v) {
			parts = append(parts, scalar(key, l, true)+": "+flow(v[key], l))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case []any:
		for _, element := range v {
			parts = append(parts, flow(element, l))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return scalar(value, l, true)
}

// scalar writes a value that is no collection on one line. Text is quoted only
// where it must be, also for readers of YAML 1.1.
func scalar(value any, l layout, inFlow bool) string {
	text, isText := value.(string)
	if !isText || l.json {
		return quoted(value)
	}
	if isWord(text) {
		return text
	}
	encoded, err := yaml.Marshal(text)
	plain := strings.TrimSuffix(string(encoded), "\n")
	if err != nil || plain == "" || strings.ContainsAny(plain, "\r\n\u0085\u2028\u2029") || strings.ContainsAny(plain[:1], "|>") {
		return quoted(value)
	}
	if inFlow && plain[0] != '"' && plain[0] != '\'' && (strings.ContainsAny(plain, ",[]{}") || strings.ContainsAny(plain[:1], ":?")) {
		return quoted(value)
	}
	return plain
}

// isWord reports whether a text is so plain that nobody takes it for anything else:
// most names and keys are.
func isWord(text string) bool {
	for i := range len(text) {
		c := text[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || c != '-' && c != '/' && c != '.' && (c < '0' || c > '9')) {
			return false
		}
	}
	switch strings.ToLower(text) {
	case "", "y", "n", "yes", "no", "on", "off", "true", "false", "null":
		return false
	}
	return true
}

// quoted writes a value as JSON, which YAML includes but for what it takes for a
// line break or does not take at all.
func quoted(value any) string {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return "null" // values come from JSON, so this is not reached; the proof of the edit would refuse it
	}
	return unprintable.ReplaceAllStringFunc(strings.TrimSuffix(b.String(), "\n"), func(s string) string {
		r, _ := utf8.DecodeRuneInString(s)
		return fmt.Sprintf(`\u%04x`, r)
	})
}

var unprintable = regexp.MustCompile("[\u007f-\u009f\ufeff]")

// YAML writes a value as a YAML document. The error is of a value that cannot be
// encoded.
func YAML(value any) ([]byte, error) {
	value, err := plain(value)
	if err != nil {
		return nil, err
	}
	return []byte(block(value, layout{newline: "\n", step: 2}, 0) + "\n"), nil
}
