package fix

import (
	"bytes"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube/document"
)

// splicer makes one edit in a text.
type splicer struct {
	*source
	layout
	top    *yaml.Node // what the document holds
	values any        // of the whole document
	op     audit.Op
	path   document.Path
	value  any
}

// splice makes one edit in what is parsed. The path of a Remove exists.
func splice(d draft, op audit.Op, path document.Path, value any) ([]byte, error) {
	if d.root == nil || len(d.root.Content) == 0 || isEmpty(d.root.Content[0]) {
		return startDocument(d.text, op, path, value)
	}
	s := &splicer{source: newSource(d.text), top: d.root.Content[0], values: d.values, op: op, path: path, value: value}
	s.layout = layoutOf(s.source, d.root)
	return s.walk(s.top)
}

// startDocument makes an edit in a text that holds nothing, or only comments.
func startDocument(text []byte, op audit.Op, path document.Path, value any) ([]byte, error) {
	if op == audit.Remove {
		return text, nil
	}
	whole, err := edited(nil, op, path, value)
	if err != nil {
		return nil, err
	}
	l := layout{newline: lineBreak(text), step: 2}
	if len(text) > 0 && text[len(text)-1] != '\n' {
		text = append(slices.Clip(text), l.newline...)
	}
	return append(slices.Clip(text), block(whole, l, 0)+l.newline...), nil
}

// walk follows the path as far as the text itself goes, and edits there.
func (s *splicer) walk(node *yaml.Node) ([]byte, error) {
	var parent *yaml.Node
	at := 0 // of node in the parent's Content
	for i, step := range s.path {
		if node.Kind == yaml.AliasNode || node.Kind == yaml.ScalarNode {
			return s.rewrite(parent, at, i)
		}
		child := own(node, step)
		last := i == len(s.path)-1
		switch {
		case child < 0 && s.op == audit.Remove:
			return s.rewrite(parent, at, i) // the map merges it in
		case child < 0:
			return s.add(parent, at, node, i)
		case last && s.op == audit.Set:
			return s.replace(node, child, s.value)
		case last && s.op == audit.Remove && isSingle(node):
			return s.rewrite(parent, at, i)
		case last && s.op == audit.Remove:
			return s.remove(node, child)
		case last:
			return s.appendTo(node, child)
		}
		parent, at, node = node, child, node.Content[child]
	}
	return nil, ErrEntangled
}

// own returns where in a collection's Content the value of a step is, -1 if the
// collection itself does not have it.
func own(node *yaml.Node, step document.Step) int {
	if node.Kind == yaml.SequenceNode {
		if step.IsIndex() && step.Index < len(node.Content) {
			return step.Index
		}
		return -1
	}
	for i := 0; i+1 < len(node.Content) && !step.IsIndex(); i += 2 {
		if key := node.Content[i]; key.Kind == yaml.ScalarNode && key.Value == step.Key && key.ShortTag() != "!!merge" {
			return i + 1
		}
	}
	return -1
}

func isSingle(node *yaml.Node) bool {
	return node.Kind == yaml.SequenceNode && len(node.Content) == 1 || node.Kind == yaml.MappingNode && len(node.Content) == 2
}

// rewrite writes the value at the first i steps of the path anew, with the edit
// in it: where the text has an alias, a null or an element that is the last of
// its kind.
func (s *splicer) rewrite(parent *yaml.Node, at, i int) ([]byte, error) {
	value, err := edited(copyAt(s.values, s.path[:i]), s.op, s.path[i:], s.value)
	if err != nil {
		return nil, err
	}
	switch {
	case parent != nil:
		return s.replace(parent, at, value)
	case isInline(value):
		return s.cut(s.start(s.top), s.end(s.top, -1), flow(value, s.layout)), nil
	}
	return nil, ErrEntangled
}

// add inserts what the path names below a collection that does not have it.
func (s *splicer) add(parent *yaml.Node, at int, node *yaml.Node, i int) ([]byte, error) {
	value, err := edited(copyAt(s.values, s.path[:i+1]), s.op, s.path[i+1:], s.value)
	if err != nil {
		return nil, err
	}
	if len(node.Content) == 0 && parent != nil && parent.Style&yaml.FlowStyle == 0 {
		return s.rewrite(parent, at, i) // "{}" below a key becomes a block
	}
	return s.insert(node, s.path[i], value)
}

func (s *splicer) appendTo(node *yaml.Node, child int) ([]byte, error) {
	list := node.Content[child]
	if list.Kind == yaml.SequenceNode && len(list.Content) > 0 {
		return s.insert(list, document.Index(len(list.Content)), s.value)
	}
	value, err := edited(copyAt(s.values, s.path), audit.Append, nil, s.value)
	if err != nil {
		return nil, err
	}
	return s.replace(node, child, value)
}

// copyAt is a copy of what a path leads to: values are edited in place.
func copyAt(values any, path document.Path) any {
	return copied(at(values, path))
}

// cut returns the text with a part of it replaced.
func (s *splicer) cut(from, to int, by string) []byte {
	from, to = min(from, len(s.text)), min(max(from, to), len(s.text))
	return slices.Concat(s.text[:from], []byte(by), s.text[to:])
}

// insert puts an entry or element after the last of a collection.
func (s *splicer) insert(node *yaml.Node, step document.Step, value any) ([]byte, error) {
	if node.Style&yaml.FlowStyle != 0 {
		return s.insertFlow(node, step, value), nil
	}
	at := s.lineEnd(s.lastEnd(node))
	indent := s.indentOf(node)
	if step.IsIndex() {
		return s.cut(at, at, s.newline+pad(indent)+"- "+afterDash(value, s.layout, indent)), nil
	}
	return s.cut(at, at, s.newline+pad(indent)+scalar(step.Key, s.layout, false)+":"+afterColon(value, s.layout, indent)), nil
}

func (s *splicer) insertFlow(node *yaml.Node, step document.Step, value any) []byte {
	l := s.layout
	entry := flow(value, l)
	if !step.IsIndex() {
		l.json = l.json || len(node.Content) > 0 && node.Content[0].Style&yaml.DoubleQuotedStyle != 0
		entry = scalar(step.Key, l, true) + ": " + flow(value, l)
	}
	if len(node.Content) == 0 {
		at := s.content(node) + 1
		return s.cut(at, at, entry)
	}
	last := len(node.Content) - 1
	if node.Kind == yaml.MappingNode {
		last--
	}
	before := ", "
	if start := s.start(node.Content[last]); s.isFirst(start) {
		before = "," + s.newline + string(s.text[s.lineStart(start):start])
	}
	at := s.lastEnd(node)
	return s.cut(at, at, before+entry)
}

// replace writes another value in the place of one that is there.
func (s *splicer) replace(parent *yaml.Node, child int, value any) ([]byte, error) {
	old := parent.Content[child]
	if parent.Kind == yaml.SequenceNode {
		return s.replaceElement(parent, child, value), nil
	}
	key := parent.Content[child-1]
	colon := s.colon(key)
	inFlow := parent.Style&yaml.FlowStyle != 0
	if colon < 0 {
		if !inFlow || !isEmpty(old) {
			return nil, ErrEntangled
		}
		at := s.end(key, 0)
		return s.cut(at, at, ": "+flow(value, s.layout)), nil
	}
	end := s.entryEnd(parent, child-1)
	lineEnd := s.lineEnd(colon)
	if inFlow || isInline(value) || isFlow(old) {
		text := s.inline(old, value)
		start := s.start(old)
		switch {
		case !isEmpty(old) && s.lineStart(start) == s.lineStart(colon):
			return s.cut(start, end, text), nil
		case start > lineEnd: // a comment stays on the line of the key
			return s.cut(colon+1, end, " "+text+string(s.text[colon+1:lineEnd])), nil
		}
		return s.cut(colon+1, end, " "+text), nil
	}
	body := afterColon(value, s.layout, s.column(s.start(key)))
	if s.start(old) >= lineEnd { // a comment of the key is on its line already
		return s.cut(lineEnd, s.lineEnd(end), body), nil
	}
	return s.cut(colon+1, s.lineEnd(end), s.remark(old, end)+body), nil
}

// remark returns the comment after a value that ends at an offset; "" if there
// is none, or if it is about the last thing within the value.
func (s *splicer) remark(n *yaml.Node, end int) string {
	if len(n.Content) > 0 && n.Style&yaml.FlowStyle == 0 {
		return ""
	}
	return strings.TrimRight(string(s.text[end:s.lineEnd(end)]), " \t")
}

func (s *splicer) replaceElement(parent *yaml.Node, child int, value any) []byte {
	old := parent.Content[child]
	if parent.Style&yaml.FlowStyle != 0 {
		return s.cut(s.start(old), s.end(old, 0), s.inline(old, value))
	}
	end := s.elementEnd(parent, child)
	dash := s.dash(parent, child)
	start, lineEnd := s.start(old), s.lineEnd(dash)
	switch {
	case !isInline(value):
	case !isEmpty(old) && start <= lineEnd:
		return s.cut(start, end, s.inline(old, value))
	case isEmpty(old):
		return s.cut(dash+1, end, " "+s.inline(old, value))
	default: // a comment stays on the line of the dash
		return s.cut(dash+1, end, " "+s.inline(old, value)+string(s.text[dash+1:lineEnd]))
	}
	indent := s.column(dash)
	comment := strings.TrimRight(string(s.text[dash+1:lineEnd]), " \t")
	if start <= lineEnd {
		comment = s.remark(old, end)
	}
	body := " "
	if comment != "" {
		body = comment + s.newline + pad(indent+2)
	}
	return s.cut(dash+1, s.lineEnd(end), body+afterDash(value, s.layout, indent))
}

func isFlow(n *yaml.Node) bool {
	return n.Style&yaml.FlowStyle != 0 && len(n.Content) > 0
}

// inline writes a value on one line, a text in the quotes that the old one had.
func (s *splicer) inline(old *yaml.Node, value any) string {
	text, isText := value.(string)
	written := flow(value, s.layout)
	switch {
	case !isText || written[0] == '"' || old.Kind != yaml.ScalarNode:
	case old.Style&yaml.DoubleQuotedStyle != 0:
		return quoted(text)
	case old.Style&yaml.SingleQuotedStyle != 0 && written == text:
		return "'" + strings.ReplaceAll(text, "'", "''") + "'"
	}
	return written
}

// remove deletes an entry or element of a collection that has others.
func (s *splicer) remove(node *yaml.Node, child int) ([]byte, error) {
	first, stride := child, 1
	if node.Kind == yaml.MappingNode {
		first, stride = child-1, 2
	}
	isLast := first+stride >= len(node.Content)
	if node.Style&yaml.FlowStyle != 0 {
		return s.removeFlow(node, first, stride), nil
	}
	start := s.startOf(node, first)
	if s.isFirst(start) {
		return s.cut(s.lineStart(start), s.nextLine(s.endOf(node, first)), ""), nil
	}
	if isLast {
		return nil, ErrEntangled
	}
	// It shares its line with a dash, which the next one takes if no comment
	// stands between them.
	end, next := s.endOf(node, first), s.startOf(node, first+stride)
	if line := s.lineEnd(end); line < next && bytes.IndexByte(s.text[line:next], '#') >= 0 {
		return s.cut(len(bytes.TrimRight(s.text[:start], " \t")), line, ""), nil
	}
	return s.cut(start, next, ""), nil
}

// removeFlow deletes an entry or element between braces or brackets, with one
// comma. Comments about its neighbours stay.
func (s *splicer) removeFlow(node *yaml.Node, first, stride int) []byte {
	start, end := s.start(node.Content[first]), s.endOf(node, first)
	if first+stride < len(node.Content) {
		next := s.start(node.Content[first+stride])
		if line := s.nextLine(s.skip(end, "")); s.isFirst(start) && s.isFirst(next) && line <= next {
			return s.cut(s.lineStart(start), line, "")
		}
		return s.cut(start, next, "")
	}
	before := s.endOf(node, first-stride)
	comma := s.skip(before, "")
	between := string(s.text[comma+1 : start])
	if !strings.Contains(between, "#") {
		return s.cut(before, end, "")
	}
	if s.isFirst(start) && s.lineEnd(end) == end {
		between = strings.TrimRight(between, " \t\r\n")
	}
	return s.cut(before, end, string(s.text[before:comma])+between)
}

// startOf returns where an entry, or the dash of an element, begins.
func (s *splicer) startOf(node *yaml.Node, i int) int {
	if node.Kind == yaml.SequenceNode {
		return s.dash(node, i)
	}
	return s.start(node.Content[i])
}

// endOf returns where an entry or element ends.
func (s *splicer) endOf(node *yaml.Node, i int) int {
	if node.Kind == yaml.SequenceNode {
		return s.elementEnd(node, i)
	}
	return s.entryEnd(node, i)
}
