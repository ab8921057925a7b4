// Package keymap holds every key binding of the program once. What a key does,
// the help, the hints in the footer, the palette and the documentation all
// read the same list, in bindings.go, so that none of them can be out of date.
//
// The package only says which binding a key means; it must never act on one.
// To add a key, add a constant and a line in bindings.go; the tests refuse a
// key that is taken and one that some terminals cannot send.
package keymap

import (
	"fmt"
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
	byKey    map[Scope]map[string]ID
	byID     map[ID]int
}

// New checks bindings and makes a Map of them, keeping their order. It reports
// together: a binding without id, scope, key, help or group; an id given twice;
// a key that clashes (see Clashes); a key that some terminals cannot send.
func New(bindings []Binding) (*Map, error) {
	m := &Map{bindings: slices.Clone(bindings), byKey: map[Scope]map[string]ID{}, byID: map[ID]int{}}
	var problems []string
	for i, b := range m.bindings {
		if b.ID == "" || b.Scope == "" || b.Help == "" || b.Group == "" || len(b.Keys) == 0 {
			problems = append(problems, fmt.Sprintf("binding %q: id, scope, keys, help and group must all be given", b.ID))
		}
		if _, twice := m.byID[b.ID]; twice {
			problems = append(problems, fmt.Sprintf("binding %q is given twice", b.ID))
		}
		m.byID[b.ID] = i
		for _, key := range b.Keys {
			if reason := unsendable(key); reason != "" {
				problems = append(problems, fmt.Sprintf("binding %q: key %q %s", b.ID, key, reason))
			}
			if other, taken := m.taken(b.Scope, key); taken {
				problems = append(problems, fmt.Sprintf("binding %q: key %q already means %q in scope %s", b.ID, key, other, b.Scope))
				continue
			}
			if m.byKey[b.Scope] == nil {
				m.byKey[b.Scope] = map[string]ID{}
			}
			m.byKey[b.Scope][key] = b.ID
		}
	}
	if len(problems) > 0 {
		return nil, fmt.Errorf("checking key bindings: %s", strings.Join(problems, "; "))
	}
	return m, nil
}

// taken returns what the key already means where a binding of that scope would
// hold. Global and Table hold together with each screen; Prompt stands alone;
// two screens never hold together.
func (m *Map) taken(scope Scope, key string) (ID, bool) {
	for other, keys := range m.byKey {
		together := other == scope
		if scope != Prompt && other != Prompt {
			together = together || shared(scope) || shared(other)
		}
		if id, ok := keys[key]; ok && together && !m.sideways(scope, key) && !m.sideways(other, key) {
			return id, true
		}
	}
	return "", false
}

// sideways reports whether a key of a scope goes left or right in a grid.
func (m *Map) sideways(scope Scope, key string) bool {
	return scope == Grid && slices.Contains([]string{"left", "right", "h", "l"}, key)
}

// shared reports whether the scope holds beside that of a screen.
func shared(scope Scope) bool {
	return scope == Global || scope == Table
}

// Rebind returns a Map with other keys for some bindings, checked like any.
// An id that does not exist is an error.
func (m *Map) Rebind(keys map[ID][]string) (*Map, error) {
	bindings := slices.Clone(m.bindings)
	for id, own := range keys {
		i, ok := m.byID[id]
		if !ok {
			return nil, fmt.Errorf("rebinding keys: there is no binding %q", id)
		}
		bindings[i].Keys = slices.Clone(own)
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
	return m.bindings[i], true
}

// Bindings returns the bindings that hold in any of the scopes, in the order
// of the registry; without a scope, all.
func (m *Map) Bindings(scopes ...Scope) []Binding {
	var found []Binding
	for _, b := range m.bindings {
		if len(scopes) == 0 || slices.Contains(scopes, b.Scope) {
			found = append(found, b)
		}
	}
	return found
}
