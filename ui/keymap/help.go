package keymap

import (
	"fmt"
	"strings"
)

// Group is a part of the help: bindings under one heading.
type Group struct {
	// Title is the heading.
	Title string
	// Bindings stand under it, in the order of the registry.
	Bindings []Binding
}

// Groups returns the bindings of the scopes, grouped, for the help of a screen.
// Without a scope it returns all. The groups stand in the order of their first
// binding.
func (m *Map) Groups(scopes ...Scope) []Group {
	var groups []Group
	index := map[string]int{}
	for _, b := range m.Bindings(scopes...) {
		i, ok := index[b.Group]
		if !ok {
			i = len(groups)
			index[b.Group] = i
			groups = append(groups, Group{Title: b.Group})
		}
		groups[i].Bindings = append(groups[i].Bindings, b)
	}
	return groups
}

// Hint is what the footer says about a binding.
type Hint struct {
	// Key is its first key, in the short form of Label.
	Key string
	// Text is the word that goes with it.
	Text string
}

// Hints returns what the footer says about each id, in the order given. An id
// without a binding is left out.
func (m *Map) Hints(ids ...ID) []Hint {
	var hints []Hint
	for _, id := range ids {
		if b, ok := m.Binding(id); ok {
			hints = append(hints, Hint{Key: Label(b.Keys[0]), Text: b.Hint})
		}
	}
	return hints
}

// Key returns the first key of a binding, in the short form of Label; "" for an id without
// a binding.
func (m *Map) Key(id ID) string {
	b, ok := m.Binding(id)
	if !ok {
		return ""
	}
	return Label(b.Keys[0])
}

// Label returns the short form of a key for people: "^p" for ctrl+p. It is
// ASCII, so that it can be read in every terminal and by a screen reader.
func Label(key string) string {
	if letter, ok := strings.CutPrefix(key, "ctrl+"); ok {
		return "^" + letter
	}
	return key
}

// Labels returns all keys of a binding in their short form.
func (b Binding) Labels() string {
	labels := make([]string, len(b.Keys))
	for i, key := range b.Keys {
		labels[i] = Label(key)
	}
	return strings.Join(labels, " ")
}

// Markdown returns the whole registry as Markdown tables, one a group, for the
// documentation.
func (m *Map) Markdown() string {
	var out strings.Builder
	for _, group := range m.Groups() {
		fmt.Fprintf(&out, "### %s\n\n| Keys | What happens | Where | Id |\n|---|---|---|---|\n", group.Title)
		for _, b := range group.Bindings {
			keys := make([]string, len(b.Keys))
			for i, key := range b.Keys {
				keys[i] = "`" + key + "`"
			}
			fmt.Fprintf(&out, "| %s | %s | %s | `%s` |\n", strings.Join(keys, " "), b.Help, b.Scope, b.ID)
		}
		out.WriteByte('\n')
	}
	return out.String()
}

// Summary returns one Markdown table of the first key of each binding with its word, a
// line a group, for a page that has no room for more. What is typed in a line is left out.
func (m *Map) Summary() string {
	var out strings.Builder
	out.WriteString("| | |\n|---|---|\n")
	for _, group := range m.Groups() {
		if group.Bindings[0].Scope == Prompt {
			continue
		}
		var words []string
		for _, b := range group.Bindings {
			words = append(words, "`"+b.Keys[0]+"` "+b.Hint)
		}
		fmt.Fprintf(&out, "| %s | %s |\n", group.Title, strings.Join(words, ", "))
	}
	return out.String()
}
