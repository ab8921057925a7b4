package fix

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/seaworthy-dev/seaworthy/kube/document"
)

// source is a text with the offsets of its lines, to find nodes in it. YAML
// counts columns in characters; a byte order mark counts for nothing.
type source struct {
	text  []byte
	lines []int // offset of each line
}

func newSource(text []byte) *source {
	s := &source{text: text, lines: []int{len(text) - len(bytes.TrimPrefix(text, []byte("\ufeff")))}}
	for i := 0; i < len(text); i++ {
		if n := document.LineBreak(text, i); n > 0 {
			i += n - 1
			s.lines = append(s.lines, i+1)
		}
	}
	return s
}

// start returns the offset of a node: of its anchor or tag if it has one.
func (s *source) start(n *yaml.Node) int {
	if n.Line < 1 || n.Line > len(s.lines) {
		return len(s.text)
	}
	at := s.lines[n.Line-1]
	for column := 1; column < n.Column && at < len(s.text); column++ {
		_, size := utf8.DecodeRune(s.text[at:])
		at += size
	}
	return at
}

// content returns the offset of what a node holds, after its anchor and tag.
func (s *source) content(n *yaml.Node) int {
	at := s.start(n)
	for at < len(s.text) && n.Kind != yaml.AliasNode && (s.text[at] == '&' || s.text[at] == '!') {
		for at < len(s.text) && !isBlank(s.text[at]) {
			at++
		}
		after := s.skip(at, "")
		if after < len(s.text) && (s.text[after] == '&' || s.text[after] == '!') || !isEmpty(n) {
			at = after
		} else {
			break
		}
	}
	return at
}

// skip passes over blanks, line breaks, comments and the characters of also.
func (s *source) skip(at int, also string) int {
	for at < len(s.text) {
		switch c := s.text[at]; {
		case isBlank(c) || strings.IndexByte(also, c) >= 0:
			at++
		case c == '#' && (at == 0 || isBlank(s.text[at-1]) || strings.IndexByte(",[{", s.text[at-1]) >= 0):
			at = s.lineEnd(at)
		default:
			return at
		}
	}
	return at
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// isEmpty reports whether a node is a null that is written as nothing.
func isEmpty(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Value == "" && n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0
}

// lineStart returns the offset of the line that an offset is on.
func (s *source) lineStart(at int) int {
	line, _ := slices.BinarySearch(s.lines, at+1)
	return s.lines[max(line-1, 0)]
}

// lineEnd returns the offset of the break that ends the line of an offset.
func (s *source) lineEnd(at int) int {
	for at < len(s.text) && document.LineBreak(s.text, at) == 0 {
		at++
	}
	return at
}

// nextLine returns the offset of the line after that of an offset.
func (s *source) nextLine(at int) int {
	at = s.lineEnd(at)
	if at < len(s.text) {
		at += document.LineBreak(s.text, at)
	}
	return at
}

// column returns how far an offset is from the start of its line, in bytes.
func (s *source) column(at int) int { return at - s.lineStart(at) }

// isFirst reports whether nothing but blanks stands before an offset on its line.
func (s *source) isFirst(at int) bool {
	return len(bytes.TrimLeft(s.text[s.lineStart(at):at], " \t")) == 0
}

// end returns the offset after a node. Indent is the column of the collection
// that holds it, by which a block scalar ends; -1 for a document's root.
func (s *source) end(n *yaml.Node, indent int) int {
	if isEmpty(n) {
		return s.content(n)
	}
	switch n.Kind {
	case yaml.DocumentNode:
		return s.end(n.Content[0], indent)
	case yaml.AliasNode:
		return s.start(n) + 1 + len(n.Value)
	case yaml.MappingNode, yaml.SequenceNode:
		return s.collectionEnd(n)
	default:
		return s.scalarEnd(n, indent)
	}
}

func (s *source) scalarEnd(n *yaml.Node, indent int) int {
	at := s.content(n)
	switch {
	case n.Style&yaml.DoubleQuotedStyle != 0:
		return s.quoteEnd(at, '"')
	case n.Style&yaml.SingleQuotedStyle != 0:
		return s.quoteEnd(at, '\'')
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return s.blockScalarEnd(at, indent)
	}
	return s.plainEnd(at, n.Value)
}

func (s *source) collectionEnd(n *yaml.Node) int {
	begin := s.content(n)
	at := begin + 1
	if len(n.Content) > 0 {
		at = s.lastEnd(n)
	}
	// A pair within brackets is a map without braces of its own: [a: b].
	bare := begin < len(s.text) && s.text[begin] != '{' && s.text[begin] != '['
	if n.Style&yaml.FlowStyle == 0 || bare {
		return at
	}
	for at < len(s.text) {
		at = s.skip(at, ",:?")
		if at < len(s.text) && (s.text[at] == '}' || s.text[at] == ']') {
			return at + 1
		}
		at++
	}
	return at
}

// lastEnd returns the offset after the last element or entry of a collection.
func (s *source) lastEnd(n *yaml.Node) int {
	last := len(n.Content) - 1
	if n.Kind == yaml.MappingNode {
		return s.entryEnd(n, last-1)
	}
	return s.elementEnd(n, last)
}

// elementEnd returns the offset after an element of a list.
func (s *source) elementEnd(n *yaml.Node, i int) int {
	if isEmpty(n.Content[i]) && n.Content[i].Anchor == "" && n.Style&yaml.FlowStyle == 0 {
		return s.dash(n, i) + 1
	}
	return s.end(n.Content[i], s.indentOf(n))
}

// entryEnd returns the offset after an entry of a map, whose key is Content[i].
func (s *source) entryEnd(n *yaml.Node, i int) int {
	value := n.Content[i+1]
	if !isEmpty(value) || value.Anchor != "" {
		return s.end(value, s.indentOf(n))
	}
	if colon := s.colon(n.Content[i]); colon >= 0 {
		return colon + 1
	}
	return s.end(n.Content[i], s.indentOf(n))
}

// indentOf returns the column of a block collection.
func (s *source) indentOf(n *yaml.Node) int {
	if n.Kind == yaml.MappingNode && n.Style&yaml.FlowStyle == 0 {
		return s.column(s.start(n.Content[0]))
	}
	return s.column(s.content(n))
}

// colon returns the offset of the colon after a key, -1 if there is none.
func (s *source) colon(key *yaml.Node) int {
	at := s.skip(s.end(key, 0), "")
	if at < len(s.text) && s.text[at] == ':' {
		return at
	}
	return -1
}

// dash returns the offset of the dash of an element of a block list.
func (s *source) dash(n *yaml.Node, i int) int {
	if i == 0 {
		return s.content(n)
	}
	return s.skip(s.elementEnd(n, i-1), "")
}

func (s *source) quoteEnd(at int, quote byte) int {
	for at++; at < len(s.text); at++ {
		switch {
		case quote == '"' && s.text[at] == '\\':
			at++
		case s.text[at] != quote:
		case quote == '\'' && at+1 < len(s.text) && s.text[at+1] == quote:
			at++
		default:
			return at + 1
		}
	}
	return at
}

// plainEnd follows the words of a plain scalar, which may go over several lines.
func (s *source) plainEnd(at int, value string) int {
	for word := range strings.FieldsSeq(value) {
		if i := bytes.Index(s.text[min(at, len(s.text)):], []byte(word)); i >= 0 {
			at += i + len(word)
		}
	}
	return at
}

// blockScalarEnd returns the end of the last line of a block scalar: before its
// break, so that all nodes end alike. A scalar that keeps its blank lines ("|+")
// ends after them.
func (s *source) blockScalarEnd(at, indent int) int {
	header := s.text[at:s.lineEnd(at)]
	header, _, _ = bytes.Cut(header, []byte("#"))
	keeps := bytes.Contains(header, []byte("+"))
	end := s.lineEnd(at)
	for next := s.nextLine(at); next < len(s.text); next = s.nextLine(next) {
		line := s.text[next:s.lineEnd(next)]
		content := bytes.TrimLeft(line, " ")
		switch {
		case len(bytes.TrimSpace(line)) == 0:
			if keeps {
				end = s.lineEnd(next)
			}
			continue
		case len(line)-len(content) <= indent:
			return end
		}
		end = s.lineEnd(next)
	}
	return end
}
