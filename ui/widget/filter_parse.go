package widget

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"

	"k8s.io/apimachinery/pkg/labels"
)

// operators are tried in this order, so that ">=" is not taken for ">".
var operators = []struct {
	sign string
	operator
}{
	{">=", atLeast}, {"<=", atMost}, {"!=", isNot}, {">", more}, {"<", less}, {"=", is}, {":", has},
}

// ParseFilter reads a filter (the grammar stands at Filter) over rows with
// these fields. A text of blanks is the nil Filter. The error, one line for
// the user, names an unknown field, a comparison of what has no order, or what
// is incomplete.
func ParseFilter(text string, fields []Field) (*Filter, error) {
	words, err := splitFilter(text)
	if err != nil || len(words) == 0 {
		return nil, err
	}
	filter := &Filter{fields: len(fields)}
	for i := 0; i < len(words); i++ {
		var t term
		var err error
		if word := words[i]; word == selectorSign || word == "!"+selectorSign {
			t, err = parseSelector(word, words[i+1:min(i+2, len(words))], fields)
			i++
		} else {
			t, err = parseTerm(word, fields)
		}
		if err != nil {
			return nil, err
		}
		filter.terms = append(filter.terms, t)
	}
	return filter, nil
}

// selectorSign stands before a selector of labels, as with kubectl.
const selectorSign = "-l"

// parseSelector reads a selector of labels, which is the word after the sign.
func parseSelector(sign string, after []string, fields []Field) (term, error) {
	if !slices.ContainsFunc(fields, func(f Field) bool { return f.Labels }) {
		return term{}, fmt.Errorf("the rows have no labels to select by; put %s in quotation marks to look for the text", selectorSign)
	}
	if len(after) == 0 {
		return term{}, errIncomplete
	}
	text := unquoted(after[0])
	selector, err := labels.Parse(text)
	if err != nil {
		return term{}, fmt.Errorf("reading the selector: %w", err)
	}
	a := atom{field: -1, operator: selected, text: text, exact: true, number: math.NaN(), selector: selector}
	return term{not: sign != selectorSign, alternatives: []atom{a}}, nil
}

// errIncomplete is said of a filter that is still being typed.
var errIncomplete = errors.New("the filter is not complete")

// unquoted takes the marks of quotation out of a word.
func unquoted(word string) string {
	return strings.NewReplacer(string(quoteStart), "", string(quoteEnd), "").Replace(word)
}

// quoteStart and quoteEnd mark where a quoted text began and ended, inside of a word. Both are
// control characters, which nobody types.
const (
	quoteStart = '\x02'
	quoteEnd   = '\x03'
)

// splitFilter cuts a text at blanks outside of quotes.
func splitFilter(text string) ([]string, error) {
	var words []string
	var word strings.Builder
	inQuotes := false
	end := func() {
		if word.Len() > 0 {
			words = append(words, word.String())
			word.Reset()
		}
	}
	for _, r := range text {
		switch {
		case r == quoteStart || r == quoteEnd:
		case r == '"' && inQuotes:
			word.WriteRune(quoteEnd)
			inQuotes = false
		case r == '"':
			word.WriteRune(quoteStart)
			inQuotes = true
		case unicode.IsSpace(r) && !inQuotes:
			end()
		default:
			word.WriteRune(r)
		}
	}
	if inQuotes {
		return nil, errors.New("a quotation mark is missing")
	}
	end()
	return words, nil
}

// parseTerm reads one term. A field before the first alternative holds for
// those after it too: ns:a|b is ns:a|ns:b.
func parseTerm(word string, fields []Field) (term, error) {
	rest, not := strings.CutPrefix(word, "!")
	t := term{not: not}
	var last atom
	for i, text := range splitAlternatives(rest) {
		a, named, err := parseAtom(text, fields)
		if err == nil && i > 0 && !named && last.field >= 0 {
			a, err = newAtom(last.field, last.operator, text, fields)
		}
		if err != nil {
			return term{}, err
		}
		t.alternatives, last = append(t.alternatives, a), a
	}
	return t, nil
}

// splitAlternatives cuts a word at bars outside of quotes.
func splitAlternatives(word string) []string {
	var parts []string
	start, inQuotes := 0, false
	for i, r := range word {
		switch {
		case r == quoteStart:
			inQuotes = true
		case r == quoteEnd:
			inQuotes = false
		case r == '|' && !inQuotes:
			parts = append(parts, word[start:i])
			start = i + 1
		}
	}
	return append(parts, word[start:])
}

// parseAtom reads a single test and reports whether it names a field.
func parseAtom(text string, fields []Field) (a atom, named bool, err error) {
	head := text
	if quote := strings.IndexRune(text, quoteStart); quote >= 0 {
		head = text[:quote]
	}
	at := strings.IndexAny(head, ":=<>!")
	if at <= 0 {
		a, err = newAtom(-1, has, text, fields)
		return a, false, err
	}
	name := strings.ToLower(head[:at])
	for _, candidate := range operators {
		value, ok := strings.CutPrefix(text[at:], candidate.sign)
		if !ok {
			continue
		}
		field := slices.IndexFunc(fields, func(f Field) bool { return f.Name == name && !f.Labels })
		if field < 0 {
			return atom{}, true, fmt.Errorf("unknown column %q (there are: %s; put other text in quotation marks)", name, describe(fields))
		}
		a, err = newAtom(field, candidate.operator, value, fields)
		return a, true, err
	}
	a, err = newAtom(-1, has, text, fields)
	return a, false, err
}

// ranks reports whether a test of the field compares numbers or ranks, and not text.
func (f Field) ranks(op operator, exact bool) bool {
	switch op {
	case has:
		return f.Scale != nil && !exact
	case is, isNot:
		return f.Number || f.Scale != nil
	default: // comparisons
		return true
	}
}

// newLike makes a test for letters in their order.
func newLike(field int, text string) (atom, error) {
	a := atom{field: field, operator: like, text: strings.ToLower(unquoted(text)), number: math.NaN()}
	if a.text == "" {
		return atom{}, errIncomplete
	}
	return a, nil
}

// newAtom makes a test of a field, or of any for -1.
func newAtom(field int, op operator, text string, fields []Field) (atom, error) {
	if rest, ok := strings.CutPrefix(text, "~"); ok && op == has && (field < 0 || fields[field].Scale == nil) {
		return newLike(field, rest)
	}
	plain := unquoted(text)
	a := atom{field: field, operator: op, text: plain, exact: plain != text, number: math.NaN()}
	if plain == "" {
		return atom{}, errIncomplete
	}
	if !a.exact {
		a.text = strings.ToLower(plain)
	}
	if field < 0 || !fields[field].ranks(op, a.exact) {
		return a, nil
	}
	number, err := fields[field].rank(strings.ToLower(plain))
	if err != nil {
		return atom{}, err
	}
	a.number = number
	return a, nil
}
