// Package keymap holds every key binding of the program once. What a key does,
// the help, the hints in the footer, the palette and the documentation all
// read the same list, in bindings.go, so that none of them can be out of date.
//
// The package only says which binding a key means; it must never act on one.
// To add a key, add a constant and a line in bindings.go; the tests refuse a
// key that is taken and one that some terminals cannot send.
package keymap

//go:generate go run ./internal/document

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// ID names what a binding does, for the code that acts on it. It is stable:
// a configuration file rebinds keys by it.
type ID string

// Scope says where a binding holds. Beside the scopes named here, each screen
// may have one, named after the screen.
type Scope string

// The scopes that do not belong to one screen.
const (
	// Global holds on every screen.
	Global Scope = "global"
	// Table holds where a list or a long text has the focus.
	Table Scope = "table"
	// Prompt holds while a line is typed. It is exclusive: letters are text
	// then, so no other scope counts.
	Prompt Scope = "prompt"
	// Grid holds where a cursor moves in two dimensions. The keys that go sideways are
	// its own there, and do not open or go back.
	Grid Scope = "grid"
)

// Binding is one thing that can be done by a key.
type Binding struct {
	// ID is what the binding does.
	ID ID
	// Scope is where it holds.
	Scope Scope
	// Keys are the keys, as tea.KeyPressMsg.String names them. The first is
	// the one shown where there is room for one only.
	Keys []string
	// Help says in a few words, without a capital, what happens.
	Help string
	// Hint is the word for the footer, shorter than Help.
	Hint string
	// Group is the heading in the help under which the binding stands.
	Group string
}

// Map is a checked set of bindings. It does not change.
type Map struct {
	bindings []Binding
	shown    []Binding // the same, with the keys that the help texts name
	byKey    map[Scope]map[string]ID
	byID     map[ID]int
}

// Problem is what is wrong with one binding.
type Problem struct {
	// ID is the binding.
	ID ID
	// Other is the binding that has the key already, "" if that is not the matter.
	Other ID
	// Key is the key that it is about, "" for none.
	Key string
	// Text says what is wrong, in a sentence that names the binding.
	Text string
}

// Error is what is wrong with a set of bindings. It has one problem or more.
type Error struct {
	Problems []Problem
}

// Error tells all of it.
func (e *Error) Error() string {
	texts := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		texts[i] = p.Text
	}
	return "checking key bindings: " + strings.Join(texts, "; ")
}

// New checks bindings and makes a Map of them, keeping their order. It reports
// together, as an [*Error]: a binding without id, scope, key, help or group; an
// id given twice; a key that clashes; a key that some terminals cannot send.
//
// A help text may name the key of another binding by its id, as in {filter}:
// what people read is then true whatever they have bound.
func New(bindings []Binding) (*Map, error) {
	m := &Map{bindings: slices.Clone(bindings), byKey: map[Scope]map[string]ID{}, byID: map[ID]int{}}
	var problems []Problem
	report := func(id, other ID, key, format string, args ...any) {
		problems = append(problems, Problem{id, other, key, fmt.Sprintf("binding %q: ", id) + fmt.Sprintf(format, args...)})
	}
	for i, b := range m.bindings {
		if b.ID == "" || b.Scope == "" || b.Help == "" || b.Group == "" || len(b.Keys) == 0 {
			report(b.ID, "", "", "id, scope, keys, help and group must all be given")
		}
		if _, twice := m.byID[b.ID]; twice {
			report(b.ID, "", "", "it is given twice")
		}
		m.byID[b.ID] = i
		for _, key := range b.Keys {
			if reason := unsendable(b.ID, key); reason != "" {
				report(b.ID, "", key, "key %q %s", key, reason)
			}
			if other, taken := m.taken(i, key); taken {
				report(b.ID, other.ID, key, "key %q already means %q in scope %s", key, other.ID, other.Scope)
				continue
			}
			if m.byKey[b.Scope] == nil {
				m.byKey[b.Scope] = map[string]ID{}
			}
			m.byKey[b.Scope][key] = b.ID
		}
	}
	if len(problems) > 0 {
		return nil, &Error{problems}
	}
	m.nameKeys()
	return m, nil
}

// nameKeys puts the keys of bindings into the help texts that name them.
func (m *Map) nameKeys() {
	var names []string
	for _, b := range m.bindings {
		names = append(names, "{"+string(b.ID)+"}", Label(b.Keys[0]))
	}
	replacer := strings.NewReplacer(names...)
	m.shown = slices.Clone(m.bindings)
	for i := range m.shown {
		m.shown[i].Help = replacer.Replace(m.shown[i].Help)
	}
}

// taken returns the first binding, of those up to that one, which has the key where
// that one would hold. Global and Table hold together with each screen; Prompt stands
// alone; two screens never hold together.
func (m *Map) taken(i int, key string) (Binding, bool) {
	scope := m.bindings[i].Scope
	for _, other := range m.bindings[:i+1] {
		together := other.Scope == scope
		if scope != Prompt && other.Scope != Prompt {
			together = together || shared(scope) || shared(other.Scope)
		}
		if together && m.byKey[other.Scope][key] == other.ID && !apart(scope, key) && !apart(other.Scope, key) {
			return other, true
		}
	}
	return Binding{}, false
}

// apart reports whether a key of a scope may mean something else elsewhere, also where both
// hold: what goes left or right in a grid, and what marks rows where there are no marks.
func apart(scope Scope, key string) bool {
	return scope == Grid && slices.Contains([]string{"left", "right", "h", "l"}, key) || scope == InTriage && key == freezeKey
}

// shared reports whether the scope holds beside that of a screen.
func shared(scope Scope) bool {
	return scope == Global || scope == Table || scope == Replay
}

// Rebind returns a Map with other keys for some bindings, checked like any. The
// error is an [*Error], also for an id that does not exist.
func (m *Map) Rebind(keys map[ID][]string) (*Map, error) {
	bindings := slices.Clone(m.bindings)
	var unknown []Problem
	for _, id := range slices.Sorted(maps.Keys(keys)) {
		i, ok := m.byID[id]
		if !ok {
			unknown = append(unknown, Problem{ID: id, Text: fmt.Sprintf("there is no binding %q", id)})
			continue
		}
		bindings[i].Keys = slices.Clone(keys[id])
	}
	if len(unknown) > 0 {
		return nil, &Error{unknown}
	}
	return New(bindings)
}

// Lookup returns what a key, as tea.KeyPressMsg.String names it, means in the
// first of the scopes that knows it. It is empty if none does. Callers name
// the scopes from the inside out: screen, Table, Global.
func (m *Map) Lookup(key string, scopes ...Scope) ID {
	for _, scope := range scopes {
		if id, ok := m.byKey[scope][key]; ok {
			return id
		}
	}
	return ""
}

// Binding returns the binding of an id, and whether there is one.
func (m *Map) Binding(id ID) (Binding, bool) {
	i, ok := m.byID[id]
	if !ok {
		return Binding{}, false
	}
	return m.shown[i], true
}

// Bindings returns the bindings that hold in any of the scopes, in the order
// of the registry; without a scope, all.
func (m *Map) Bindings(scopes ...Scope) []Binding {
	var found []Binding
	for _, b := range m.shown {
		if len(scopes) == 0 || slices.Contains(scopes, b.Scope) {
			found = append(found, b)
		}
	}
	return found
}
