package fix

import (
	"bytes"
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube/document"
)

// draft is a YAML document between two edits: its text, and what that says. An edit has
// to parse what it made, to prove it; the next one starts from there. A draft is never
// changed.
type draft struct {
	text   []byte
	read   bool
	root   *yaml.Node // nil for a text that holds nothing
	values any
}

// unread is the draft of a text that nobody has parsed.
func unread(text []byte) draft { return draft{text: text} }

// parsed returns the draft with what its text says.
func (d draft) parsed() (draft, error) {
	if d.read {
		return d, nil
	}
	root, err := document.Parse(d.text)
	if err != nil {
		return d, err
	}
	var values any
	if root != nil {
		if values, err = document.Values(cloned(root, map[*yaml.Node]*yaml.Node{})); err != nil {
			return d, err
		}
	}
	return draft{d.text, true, root, values}, nil
}

// cloned is a copy of a node: reading values writes types into the nodes, and texts are
// edited by nodes as they are written. Anchors come before what stands for them.
func cloned(n *yaml.Node, copies map[*yaml.Node]*yaml.Node) *yaml.Node {
	c := *n
	if n.Anchor != "" {
		copies[n] = &c
	}
	if n.Kind == yaml.AliasNode {
		c.Alias = copies[n.Alias]
	}
	if len(n.Content) > 0 {
		c.Content = make([]*yaml.Node, len(n.Content))
		for i, child := range n.Content {
			c.Content[i] = cloned(child, copies)
		}
	}
	return &c
}

// edit makes one edit and proves that the text then says what it should.
func (d draft) edit(op audit.Op, path document.Path, value any) (draft, error) {
	if len(path) == 0 {
		return d, fmt.Errorf("editing: %w", errNoField)
	}
	value, err := plain(value)
	if err == nil {
		d, err = d.parsed()
	}
	if err != nil {
		return d, fmt.Errorf("editing %s: %w", path, err)
	}
	if op == audit.Remove {
		if !exists(d.values, path) {
			return d, nil
		}
		path = topmost(d.values, path)
	}
	want, err := edited(copied(d.values), op, path, value)
	if err != nil {
		return d, fmt.Errorf("editing %s (line %d): %w", path, d.line(path), err)
	}
	text, err := splice(d, op, path, value)
	if err != nil {
		return d, fmt.Errorf("editing %s (line %d): %w", path, d.line(path), err)
	}
	after, err := proved(d.text, text, want)
	if err != nil {
		return d, fmt.Errorf("editing %s (line %d): %w", path, d.line(path), err)
	}
	return after, nil
}

// line is where the deepest part of a path that is there stands.
func (d draft) line(path document.Path) int {
	if d.root == nil {
		return 1
	}
	return document.LineOf(d.root, path)
}

// proved returns a text that says what it should. It ends with a line break if
// the text before it did, because another document may follow. A text block
// that ends with a line break may need one in any case.
func proved(before, text []byte, want any) (draft, error) {
	ended := append(slices.Clip(text), lineBreak(text)...)
	if bytes.HasSuffix(text, []byte("\n")) {
		return proves(text, want)
	}
	d, err := proves(text, want)
	if err != nil || bytes.HasSuffix(before, []byte("\n")) {
		return proves(ended, want)
	}
	return d, nil
}

// proves parses a text and compares it with what it should say.
func proves(text []byte, want any) (draft, error) {
	d, err := unread(text).parsed()
	if err != nil || !equal(want, d.values) {
		return d, ErrEntangled
	}
	return d, nil
}

// copied is a copy of JSON-like values: some are edited in place.
func copied(value any) any {
	switch v := value.(type) {
	case map[string]any:
		m := make(map[string]any, len(v))
		for key, element := range v {
			m[key] = copied(element)
		}
		return m
	case []any:
		list := make([]any, len(v))
		for i, element := range v {
			list[i] = copied(element)
		}
		return list
	}
	return value
}
