package isolation

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// calicoSelector reports whether an object is selected of which it can look up
// labels.
type calicoSelector func(lookup func(key string) (string, bool)) bool

var errCalicoSelector = errors.New("not a selector of Calico")

// parseCalico reads a selector in the language of Calico:
//
//	(app == 'web' || has(tier)) && zone not in {'a', 'b'} && !(name starts with 'x')
//
// The empty selector is all(). Keys are those of the labels that it looks up. The
// error is of anything else.
func parseCalico(text string) (s calicoSelector, keys []string, err error) {
	p := &calicoParser{rest: text}
	if p.peek() == "" {
		return func(func(string) (string, bool)) bool { return true }, nil, nil
	}
	s, err = p.either()
	if err == nil && p.peek() != "" {
		err = p.unexpected()
	}
	return s, p.keys, err
}

// calicoParser is a parser by recursive descent.
type calicoParser struct {
	rest  string
	depth int // of brackets and negations
	keys  []string
}

// deepest is how deep a selector may be nested: nobody's is, but the text is the
// cluster's, and could be made to exhaust the stack.
const deepest = 100

// peek returns the next token, "" at the end. A text is returned with its
// opening quote.
func (p *calicoParser) peek() string {
	p.rest = strings.TrimLeft(p.rest, " \t\n\r")
	for _, symbol := range []string{"&&", "||", "==", "!=", "(", ")", "{", "}", ",", "!"} {
		if strings.HasPrefix(p.rest, symbol) {
			return symbol
		}
	}
	if p.rest == "" {
		return ""
	}
	if quote := p.rest[0]; quote == '\'' || quote == '"' {
		end := strings.IndexByte(p.rest[1:], quote)
		if end < 0 {
			return p.rest
		}
		return p.rest[:end+1]
	}
	end := strings.IndexAny(p.rest, " \t\n\r&|=!(){},'\"")
	if end < 0 {
		return p.rest
	}
	return p.rest[:max(end, 1)]
}

// next takes the next token.
func (p *calicoParser) next() string {
	token := p.peek()
	p.rest = p.rest[len(token):]
	if quoted(token) {
		p.rest = strings.TrimPrefix(p.rest, token[:1]) // the closing quote
	}
	return token
}

func quoted(token string) bool { return token != "" && (token[0] == '\'' || token[0] == '"') }

// take takes a token if it is the next one.
func (p *calicoParser) take(token string) bool {
	if p.peek() != token {
		return false
	}
	p.next()
	return true
}

// expect takes a token that has to come.
func (p *calicoParser) expect(token string) error {
	if !p.take(token) {
		return p.unexpected()
	}
	return nil
}

func (p *calicoParser) unexpected() error {
	return fmt.Errorf("parsing %q: %w", p.rest, errCalicoSelector)
}

// either parses alternatives.
func (p *calicoParser) either() (calicoSelector, error) {
	first, err := p.both()
	for err == nil && p.take("||") {
		var second calicoSelector
		left := first
		second, err = p.both()
		first = func(lookup func(string) (string, bool)) bool { return left(lookup) || second(lookup) }
	}
	return first, err
}

// both parses what has to hold together.
func (p *calicoParser) both() (calicoSelector, error) {
	first, err := p.one()
	for err == nil && p.take("&&") {
		var second calicoSelector
		left := first
		second, err = p.one()
		first = func(lookup func(string) (string, bool)) bool { return left(lookup) && second(lookup) }
	}
	return first, err
}

// one parses a negation, a bracket, a function or a comparison.
func (p *calicoParser) one() (calicoSelector, error) {
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > deepest {
		return nil, p.unexpected()
	}
	switch token := p.next(); {
	case token == "!":
		s, err := p.one()
		return func(lookup func(string) (string, bool)) bool { return !s(lookup) }, err
	case token == "(":
		s, err := p.either()
		if err != nil {
			return nil, err
		}
		return s, p.expect(")")
	case token == "" || quoted(token) || strings.ContainsAny(token, "&|=!(){},"):
		return nil, fmt.Errorf("parsing a selector at %q: %w", token+p.rest, errCalicoSelector)
	case p.take("("):
		return p.function(token)
	default:
		return p.comparison(token)
	}
}

// function parses what follows all(, global( and has(.
func (p *calicoParser) function(name string) (calicoSelector, error) {
	switch name {
	case "all":
		return func(func(string) (string, bool)) bool { return true }, p.expect(")")
	case "global":
		return func(func(string) (string, bool)) bool { return false }, p.expect(")")
	case "has":
		key := p.next()
		p.keys = append(p.keys, key)
		return func(lookup func(string) (string, bool)) bool {
			_, ok := lookup(key)
			return ok
		}, p.expect(")")
	}
	return nil, fmt.Errorf("parsing function %s: %w", name, errCalicoSelector)
}

// comparison parses what follows a label. A label that is missing is not equal
// to any value, and so is other than all.
func (p *calicoParser) comparison(key string) (calicoSelector, error) {
	p.keys = append(p.keys, key)
	operator := p.next()
	switch operator {
	case "not":
		if err := p.expect("in"); err != nil {
			return nil, err
		}
		operator = "not in"
	case "starts", "ends":
		if err := p.expect("with"); err != nil {
			return nil, err
		}
	}
	compare := map[string]func(value string, values []string) bool{
		"==":       func(value string, values []string) bool { return value == values[0] },
		"!=":       func(value string, values []string) bool { return value != values[0] },
		"in":       func(value string, values []string) bool { return slices.Contains(values, value) },
		"not in":   func(value string, values []string) bool { return !slices.Contains(values, value) },
		"contains": func(value string, values []string) bool { return strings.Contains(value, values[0]) },
		"starts":   func(value string, values []string) bool { return strings.HasPrefix(value, values[0]) },
		"ends":     func(value string, values []string) bool { return strings.HasSuffix(value, values[0]) },
	}[operator]
	if compare == nil {
		return nil, fmt.Errorf("parsing operator %q: %w", operator, errCalicoSelector)
	}
	values, err := p.values(operator == "in" || operator == "not in")
	if err != nil {
		return nil, err
	}
	missing := operator == "!=" || operator == "not in"
	return func(lookup func(string) (string, bool)) bool {
		value, ok := lookup(key)
		if !ok {
			return missing
		}
		return compare(value, values)
	}, nil
}

// values parses one text, or a set of them.
func (p *calicoParser) values(several bool) ([]string, error) {
	if !several {
		token := p.peek()
		if !quoted(token) || len(token) == len(p.rest) { // no closing quote
			return nil, p.unexpected()
		}
		p.next()
		return []string{token[1:]}, nil
	}
	if err := p.expect("{"); err != nil {
		return nil, err
	}
	var values []string
	for !p.take("}") {
		one, err := p.values(false)
		if err != nil {
			return nil, err
		}
		values = append(values, one...)
		if !p.take(",") && p.peek() != "}" {
			return nil, p.unexpected()
		}
	}
	return values, nil
}
