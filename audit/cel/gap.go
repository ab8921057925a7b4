package cel

import (
	"reflect"
	"strconv"

	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
)

// Gaps says what is not known of a value. Nil means that all of it is known.
type Gaps struct {
	// All says that nothing is known, not even whether there is a value.
	All bool
	// Hidden says that there is a value, and not which.
	Hidden bool
	// Fields are gaps below keys of a map, by key.
	Fields map[string]*Gaps
	// Elements are gaps below every element of a list, or below every key of a
	// map that Fields does not name.
	Elements *Gaps
}

// at returns the gaps below a key, nil if there are none.
func (g *Gaps) at(key string) *Gaps {
	if g == nil {
		return nil
	}
	if below, ok := g.Fields[key]; ok {
		return below
	}
	return g.Elements
}

// looks collects the gaps that an expression has looked at.
type looks struct{ paths []string }

// at notes a look at a gap.
func (l *looks) at(path string) ref.Val {
	l.add(path)
	return nothing(path)
}

// nothing is the value of a gap. CEL lets no operation with it succeed.
func nothing(path string) ref.Val { return types.NewUnknown(0, types.NewAttributeTrail(path)) }

func (l *looks) add(paths ...string) {
	for _, path := range paths {
		known := false
		for _, there := range l.paths {
			known = known || there == path
		}
		if !known {
			l.paths = append(l.paths, path)
		}
	}
}

// veil hides the gaps of a value.
func veil(value ref.Val, gaps *Gaps, path string, seen *looks) ref.Val {
	if gaps == nil {
		return value
	}
	if gaps.All || gaps.Hidden {
		return seen.at(path)
	}
	switch value := value.(type) {
	case traits.Mapper:
		return &veiledMap{value, gaps, path, seen}
	case traits.Lister:
		return &veiledList{value, gaps, path, seen}
	}
	return value
}

// veiledMap is a map with gaps below some keys. What it does not override, such
// as its type, is that of the map.
type veiledMap struct {
	traits.Mapper
	gaps *Gaps
	path string
	seen *looks
}

// Find looks a key up; a gap there is found, and unknown.
func (m *veiledMap) Find(key ref.Val) (ref.Val, bool) {
	name, ok := key.(types.String)
	if !ok {
		return m.Mapper.Find(key)
	}
	below, path := m.gaps.at(string(name)), m.path+step(string(name))
	if below != nil && below.All {
		return m.seen.at(path), true
	}
	value, found := m.Mapper.Find(key)
	if !found || value == nil {
		return value, found
	}
	return veil(value, below, path, m.seen), true
}

// Get is Find with an error where there is nothing.
func (m *veiledMap) Get(key ref.Val) ref.Val {
	value, found := m.Find(key)
	switch {
	case found, value != nil && types.IsError(value):
		return value
	}
	return types.ValOrErr(key, "no such key: %v", key)
}

// Contains reports whether there is a key.
func (m *veiledMap) Contains(key ref.Val) ref.Val {
	if name, ok := key.(types.String); ok {
		if below := m.gaps.at(string(name)); below != nil && below.Hidden {
			return m.Mapper.Contains(key)
		}
	}
	value, found := m.Find(key)
	if value != nil && types.IsUnknownOrError(value) {
		return value
	}
	return types.Bool(found)
}

// Size is unknown: nobody knows how many of the gaps there are.
func (m *veiledMap) Size() ref.Val {
	if !m.hides() {
		return m.Mapper.Size()
	}
	return m.seen.at(m.path)
}

// Equal is unknown.
func (m *veiledMap) Equal(ref.Val) ref.Val { return m.seen.at(m.path) }

// Value counts as a look at what it lacks.
func (m *veiledMap) Value() any {
	m.seen.at(m.path)
	return m.Mapper.Value()
}

// ConvertToNative counts as a look at what it lacks.
func (m *veiledMap) ConvertToNative(to reflect.Type) (any, error) {
	m.seen.at(m.path)
	return m.Mapper.ConvertToNative(to)
}

// ConvertToType is how the type of a value is asked for.
func (m *veiledMap) ConvertToType(to ref.Type) ref.Val {
	switch to {
	case types.MapType:
		return m
	case types.TypeType:
		return types.MapType
	}
	return m.Mapper.ConvertToType(to)
}

// Iterator yields the keys that are known and then, if there may be more, one
// that is not. That is no look yet: a comprehension takes a key before it asks
// itself whether it needs another one.
func (m *veiledMap) Iterator() traits.Iterator {
	return &veiledKeys{Iterator: m.Mapper.Iterator(), of: m, more: m.hides()}
}

// hides reports whether there may be keys that are not known.
func (m *veiledMap) hides() bool {
	for _, below := range m.gaps.Fields {
		if below != nil && below.All {
			return true
		}
	}
	return m.gaps.Elements != nil && m.gaps.Elements.All
}

// veiledKeys yields the keys of a map with gaps.
type veiledKeys struct {
	traits.Iterator
	of   *veiledMap
	more bool
}

// HasNext reports whether there is, or may be, another key.
func (k *veiledKeys) HasNext() ref.Val {
	if k.Iterator.HasNext() == types.True {
		return types.True
	}
	return types.Bool(k.more)
}

// Next returns the next key.
func (k *veiledKeys) Next() ref.Val {
	for k.Iterator.HasNext() == types.True {
		return k.Iterator.Next()
	}
	k.more = false
	return nothing(k.of.path)
}

// veiledList is a list whose elements have gaps.
type veiledList struct {
	traits.Lister
	gaps *Gaps
	path string
	seen *looks
}

// Get returns an element.
func (l *veiledList) Get(index ref.Val) ref.Val {
	value := l.Lister.Get(index)
	if types.IsUnknownOrError(value) {
		return value
	}
	return veil(value, l.gaps.Elements, l.path+"["+number(index)+"]", l.seen)
}

// Iterator yields the elements.
func (l *veiledList) Iterator() traits.Iterator {
	return &veiledElements{Iterator: l.Lister.Iterator(), of: l}
}

// Contains counts as a look at what the elements lack.
func (l *veiledList) Contains(ref.Val) ref.Val { return l.seen.at(l.path) }

// Equal is unknown.
func (l *veiledList) Equal(ref.Val) ref.Val { return l.seen.at(l.path) }

// Add puts another list behind this one.
func (l *veiledList) Add(other ref.Val) ref.Val {
	more, ok := other.(traits.Lister)
	if !ok {
		return types.MaybeNoSuchOverloadErr(other)
	}
	var all []ref.Val
	for _, of := range []traits.Iterable{l, more} {
		for it := of.Iterator(); it.HasNext() == types.True; {
			all = append(all, it.Next())
		}
	}
	return types.NewRefValList(types.DefaultTypeAdapter, all)
}

// Value counts as a look at what the elements lack.
func (l *veiledList) Value() any {
	l.seen.at(l.path)
	return l.Lister.Value()
}

// ConvertToNative counts as a look at what the elements lack.
func (l *veiledList) ConvertToNative(to reflect.Type) (any, error) {
	l.seen.at(l.path)
	return l.Lister.ConvertToNative(to)
}

// ConvertToType is how the type of a value is asked for.
func (l *veiledList) ConvertToType(to ref.Type) ref.Val {
	switch to {
	case types.ListType:
		return l
	case types.TypeType:
		return types.ListType
	}
	return l.Lister.ConvertToType(to)
}

// veiledElements yields the elements of a list with gaps.
type veiledElements struct {
	traits.Iterator
	of *veiledList
	at int
}

// Next returns the next element.
func (e *veiledElements) Next() ref.Val {
	value := e.of.Get(types.Int(e.at))
	e.Iterator.Next()
	e.at++
	return value
}

// step writes a key as a step of a field path.
func step(key string) string {
	if identifier(key) {
		return "." + key
	}
	return "[" + strconv.Quote(key) + "]"
}

func number(index ref.Val) string {
	if i, ok := index.(types.Int); ok {
		return strconv.FormatInt(int64(i), 10)
	}
	return "*"
}
