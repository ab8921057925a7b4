package form

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"time"

	"go.yaml.in/yaml/v3"
)

// Reader reads the parts of such a file, each named in faults by what it is, and collects what is wrong with it, each
// Fault with its line.
type Reader struct {
	// File is what the text is called in faults.
	File string

	faults []error
}

// Err returns all faults so far together, a line each; nil if there are none.
func (r *Reader) Err() error { return errors.Join(r.faults...) }

// Fault takes in that something is wrong at a node.
func (r *Reader) Fault(n *yaml.Node, format string, args ...any) {
	r.faults = append(r.faults, fmt.Errorf("%s:%d: %w", r.File, n.Line, fmt.Errorf(format, args...)))
}

// lineOf finds the line in an error of the YAML library.
var lineOf = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)`)

// Document returns the one document of a text, nil if it is empty.
func (r *Reader) Document(text []byte) *yaml.Node {
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var first, second yaml.Node
	err := decoder.Decode(&first)
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err == nil {
		if err = decoder.Decode(&second); errors.Is(err, io.EOF) {
			return first.Content[0]
		}
	}
	if err == nil {
		r.Fault(&second, "a second document begins; there may be one")
		return nil
	}
	line, message := 1, err.Error()
	if parts := lineOf.FindStringSubmatch(message); parts != nil {
		message = parts[2]
		if at, err := strconv.Atoi(parts[1]); err == nil {
			line = at
		}
	}
	r.Fault(&yaml.Node{Line: line}, "%s", message)
	return nil
}

// Fields are the keys that a mapping may have, and what reads their values.
type Fields map[string]func(key, value *yaml.Node)

// Mapping reads a mapping of which the keys are known.
func (r *Reader) Mapping(n *yaml.Node, what string, known Fields) {
	var names []string
	for name := range known {
		names = append(names, name)
	}
	r.Pairs(n, what, func(key, value *yaml.Node) {
		read, ok := known[key.Value]
		if !ok {
			r.Fault(key, "%s has no key %q%s", what, key.Value, Nearest(key.Value, slices.Sorted(slices.Values(names))))
			return
		}
		read(key, value)
	})
}

// Pairs reads a mapping of any keys. Without a value it is empty.
func (r *Reader) Pairs(n *yaml.Node, what string, each func(key, value *yaml.Node)) {
	n = resolved(n)
	if n.Tag == "!!null" {
		return
	}
	if n.Kind != yaml.MappingNode {
		r.Fault(n, "%s is a mapping, not %s", what, Describe(n))
		return
	}
	lines := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Kind != yaml.ScalarNode {
			r.Fault(key, "%s has a key that is no text", what)
			continue
		}
		if line, twice := lines[key.Value]; twice {
			r.Fault(key, "%s has the key %q already, in line %d", what, key.Value, line)
			continue
		}
		lines[key.Value] = key.Line
		each(key, resolved(value))
	}
}

// List reads the elements of a list. Without a value it is empty.
func (r *Reader) List(n *yaml.Node, what string, each func(*yaml.Node)) {
	n = resolved(n)
	if n.Tag == "!!null" {
		return
	}
	if n.Kind != yaml.SequenceNode {
		r.Fault(n, "%s is a list, not %s", what, Describe(n))
		return
	}
	for _, element := range n.Content {
		each(resolved(element))
	}
}

// Text reads a text, which may not be empty.
func (r *Reader) Text(n *yaml.Node, what string) string {
	n = resolved(n)
	if n.Kind != yaml.ScalarNode || n.Tag != "!!str" {
		r.Fault(n, "%s is a text, not %s", what, Describe(n))
		return ""
	}
	if n.Value == "" {
		r.Fault(n, "%s is empty", what)
	}
	return n.Value
}

// Texts reads a list of texts.
func (r *Reader) Texts(n *yaml.Node, what string) []string {
	texts := []string{}
	r.List(n, what, func(n *yaml.Node) { texts = append(texts, r.Text(n, "each of "+what)) })
	return texts
}

// Boolean reads true or false.
func (r *Reader) Boolean(n *yaml.Node, what string) (value bool) {
	if n.Kind != yaml.ScalarNode || n.Tag != "!!bool" || n.Decode(&value) != nil {
		r.Fault(n, "%s is true or false, not %s", what, Describe(n))
	}
	return value
}

// Whole reads a whole number.
func (r *Reader) Whole(n *yaml.Node, what string) (value int) {
	if n.Kind != yaml.ScalarNode || n.Tag != "!!int" || n.Decode(&value) != nil {
		r.Fault(n, "%s is a whole number, not %s", what, Describe(n))
	}
	return value
}

// Percent reads a number from 0 to 100.
func (r *Reader) Percent(n *yaml.Node, what string) (value float64) {
	number := n.Kind == yaml.ScalarNode && (n.Tag == "!!int" || n.Tag == "!!float") && n.Decode(&value) == nil
	if !number || !(value >= 0 && value <= 100) {
		r.Fault(n, "%s is a number from 0 to 100, not %s", what, Describe(n))
		return 0
	}
	return value
}

// Day reads a date, and returns its start in UTC.
func (r *Reader) Day(n *yaml.Node, what string) time.Time {
	day, err := time.Parse(time.DateOnly, n.Value)
	if err != nil || n.Kind != yaml.ScalarNode {
		r.Fault(n, "%s is a day such as 2027-01-31, not %s", what, Describe(n))
		return time.Time{}
	}
	return day
}

// Labels reads a mapping of texts to texts.
func (r *Reader) Labels(n *yaml.Node, what string) map[string]string {
	labels := map[string]string{}
	r.Pairs(n, what, func(key, value *yaml.Node) {
		if value.Kind != yaml.ScalarNode || value.Tag != "!!str" {
			r.Fault(value, "the label %s is a text, not %s", key.Value, Describe(value))
		}
		labels[key.Value] = value.Value // which may be empty
	})
	return labels
}

// HasKey reports whether a mapping has a key.
func HasKey(n *yaml.Node, key string) bool {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return true
		}
	}
	return false
}

// resolved returns what an alias stands for.
func resolved(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

// Describe names what stands where something else should.
func Describe(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Tag == "!!null":
		return "nothing"
	case n.Tag == "!!str":
		return strconv.Quote(n.Value)
	}
	return n.Value
}
