package widget

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"k8s.io/apimachinery/pkg/labels"
)

// Field describes a column that a Filter can ask for.
type Field struct {
	// Name is what the user types before the operator, in lower case.
	Name string
	// Number says that the field is compared as a number.
	Number bool
	// Labels says that rows have labels, for selectors: the Row is Labeled then. The
	// field can be asked for in no other way.
	Labels bool
	// Scale lists the values of a field that has an order, lowest first, in
	// lower case: its rank is then its number. Nil for other fields.
	Scale []string
}

// Row is what a Filter reads of a row; fields are numbered as they were given
// to ParseFilter.
type Row interface {
	// Text is what the field shows.
	Text(field int) string
	// Value is the number of a field with Number or the rank of one with
	// Scale. NaN means that there is none; it matches no comparison.
	Value(field int) float64
}

// Labeled is a Row with labels.
type Labeled interface {
	Row
	// Labels are those of the object that the row is about, nil for none.
	Labels() map[string]string
}

// Filter decides which rows to show. Nil matches every row. A Filter does not
// change and may be used by several goroutines.
//
// The grammar: terms stand between blanks, and all must match. A term is
//
//	word        the word is in any field, in whatever case
//	"a word"    the same, exactly as written, blanks and case included
//	a|b         one of the two matches
//	!term       the term does not match
//	ns:pay      the field has the word
//	ns=pay      the field is the word
//	sev>=high   the field compares so (also > < <= and !=)
//	~wrd        the letters are in any field in this order
//	-l app=x    the labels match the selector, as kubectl has it; blanks in it need
//	            quotation marks
type Filter struct {
	terms  []term
	fields int // How many fields a row has.
}

// term is one term of a Filter: alternatives of which one must match, or must
// not if it is inverted.
type term struct {
	not          bool
	alternatives []atom
}

// atom is a single test of a row.
type atom struct {
	field    int // -1 for any field.
	operator operator
	text     string // What to look for; in lower case unless exact.
	exact    bool
	number   float64
	selector labels.Selector // Of a test of labels.
}

type operator int

const (
	has operator = iota
	is
	isNot
	less
	atMost
	more
	atLeast
	like     // The letters stand in this order.
	selected // The labels match.
)

// Match reports whether the row is to be shown.
func (f *Filter) Match(row Row) bool {
	if f == nil {
		return true
	}
	for _, t := range f.terms {
		found := slices.ContainsFunc(t.alternatives, func(a atom) bool { return a.match(row, f.fields) })
		if found == t.not {
			return false
		}
	}
	return true
}

// Asks reports whether a term of the filter asks for a field by its name.
func (f *Filter) Asks(field int) bool {
	return f != nil && slices.ContainsFunc(f.terms, func(t term) bool {
		return slices.ContainsFunc(t.alternatives, func(a atom) bool { return a.field == field })
	})
}

// Narrows reports whether whatever the filter lets through is surely let through
// by an earlier one too, so that only what was left by that one needs a look.
func (f *Filter) Narrows(earlier *Filter) bool {
	if earlier == nil {
		return true
	}
	if f == nil {
		return false
	}
	for _, old := range earlier.terms {
		if !slices.ContainsFunc(f.terms, func(t term) bool { return t.implies(old) }) {
			return false
		}
	}
	return true
}

// implies reports whether every row that matches the term surely matches another.
func (t term) implies(other term) bool {
	if t.not != other.not || len(t.alternatives) != len(other.alternatives) {
		return false
	}
	for i, a := range t.alternatives {
		if t.not && !a.same(other.alternatives[i]) || !t.not && !a.implies(other.alternatives[i]) {
			return false
		}
	}
	return true
}

func (a atom) implies(other atom) bool {
	if a.same(other) {
		return true
	}
	if !math.IsNaN(a.number) || !math.IsNaN(other.number) || other.field >= 0 && other.field != a.field {
		return false
	}
	switch {
	case other.operator == like:
		return (a.operator == has || a.operator == like) && inOrder(a.text, other.text)
	case a.operator != has || other.operator != has:
		return false
	case other.exact:
		return a.exact && strings.Contains(a.text, other.text)
	}
	return strings.Contains(strings.ToLower(a.text), other.text)
}

func (a atom) same(other atom) bool {
	text := math.IsNaN(a.number) && math.IsNaN(other.number) && a.text == other.text && a.exact == other.exact
	return a.field == other.field && a.operator == other.operator && (text || a.number == other.number)
}

func (a atom) match(row Row, fields int) bool {
	if a.operator == selected {
		labeled, ok := row.(Labeled)
		return ok && a.selector.Matches(labels.Set(labeled.Labels()))
	}
	if a.field >= 0 {
		return a.matchField(row)
	}
	for field := range fields {
		a.field = field
		if a.matchField(row) {
			return true
		}
	}
	return false
}

func (a atom) matchField(row Row) bool {
	switch a.operator {
	case less, atMost, more, atLeast:
		return a.compare(row.Value(a.field))
	case has, is, isNot, like, selected:
	}
	if !math.IsNaN(a.number) {
		value := row.Value(a.field)
		return !math.IsNaN(value) && (value == a.number) != (a.operator == isNot)
	}
	text := row.Text(a.field)
	if !a.exact {
		text = strings.ToLower(text)
	}
	switch a.operator {
	case is:
		return text == a.text
	case isNot:
		return text != a.text
	case like:
		return inOrder(text, a.text)
	default:
		return strings.Contains(text, a.text)
	}
}

func (a atom) compare(value float64) bool {
	switch a.operator { // A comparison with NaN is false.
	case less:
		return value < a.number
	case atMost:
		return value <= a.number
	case more:
		return value > a.number
	default:
		return value >= a.number
	}
}

// inOrder reports whether a text has the letters of a pattern in their order. The
// pattern is in lower case.
func inOrder(text, pattern string) bool {
	rest := strings.ToLower(text)
	for _, letter := range pattern {
		at := strings.IndexRune(rest, letter)
		if at < 0 {
			return false
		}
		rest = rest[at+utf8.RuneLen(letter):]
	}
	return true
}

// describe lists the names of the fields, for errors.
func describe(fields []Field) string {
	var names []string
	for _, field := range fields {
		if !field.Labels {
			names = append(names, field.Name)
		}
	}
	return strings.Join(names, ", ")
}

// rank returns the number that a comparison with the field means by a text.
func (f Field) rank(text string) (float64, error) {
	if f.Number {
		number, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(number) {
			return 0, fmt.Errorf("%s compares with a number, not with %q", f.Name, text)
		}
		return number, nil
	}
	if f.Scale == nil {
		return 0, fmt.Errorf("%s has no order", f.Name)
	}
	matches := slices.IndexFunc(f.Scale, func(name string) bool { return strings.HasPrefix(name, text) })
	if matches < 0 || text == "" {
		return 0, fmt.Errorf("%s is one of %s", f.Name, strings.Join(f.Scale, ", "))
	}
	return float64(matches), nil
}
