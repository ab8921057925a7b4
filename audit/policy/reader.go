package policy

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"time"

	"go.yaml.in/yaml/v3"
)

// reader reads YAML that people wrote and collects what is wrong with it, each
// fault with its line.
type reader struct {
	file   string
	faults []error
}

func (r *reader) fault(n *yaml.Node, format string, args ...any) {
	r.faults = append(r.faults, fmt.Errorf("%s:%d: %w", r.file, n.Line, fmt.Errorf(format, args...)))
}

// lineOf finds the line in an error of the YAML library.
var lineOf = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)`)

// document returns the one document of a text, nil if it is empty.
func (r *reader) document(text []byte) *yaml.Node {
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
		r.fault(&second, "a second document begins; there may be one")
		return nil
	}
	line, message := 1, err.Error()
	if parts := lineOf.FindStringSubmatch(message); parts != nil {
		message = parts[2]
		if at, err := strconv.Atoi(parts[1]); err == nil {
			line = at
		}
	}
	r.fault(&yaml.Node{Line: line}, "%s", message)
	return nil
}

// fields are the keys that a mapping may have, and what reads their values.
type fields map[string]func(key, value *yaml.Node)

// mapping reads a mapping of which the keys are known.
func (r *reader) mapping(n *yaml.Node, what string, known fields) {
	var names []string
	for name := range known {
		names = append(names, name)
	}
	r.pairs(n, what, func(key, value *yaml.Node) {
		read, ok := known[key.Value]
		if !ok {
			r.fault(key, "%s has no key %q%s", what, key.Value, Nearest(key.Value, sorted(names)))
			return
		}
		read(key, value)
	})
}

// pairs reads a mapping of any keys. Without a value it is empty.
func (r *reader) pairs(n *yaml.Node, what string, each func(key, value *yaml.Node)) {
	n = resolved(n)
	if n.Tag == "!!null" {
		return
	}
	if n.Kind != yaml.MappingNode {
		r.fault(n, "%s is a mapping, not %s", what, describe(n))
		return
	}
	lines := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Kind != yaml.ScalarNode {
			r.fault(key, "%s has a key that is no text", what)
			continue
		}
		if line, twice := lines[key.Value]; twice {
			r.fault(key, "%s has the key %q already, in line %d", what, key.Value, line)
			continue
		}
		lines[key.Value] = key.Line
		each(key, resolved(value))
	}
}

// list reads the elements of a list. Without a value it is empty.
func (r *reader) list(n *yaml.Node, what string, each func(*yaml.Node)) {
	n = resolved(n)
	if n.Tag == "!!null" {
		return
	}
	if n.Kind != yaml.SequenceNode {
		r.fault(n, "%s is a list, not %s", what, describe(n))
		return
	}
	for _, element := range n.Content {
		each(resolved(element))
	}
}

func (r *reader) text(n *yaml.Node, what string) string {
	n = resolved(n)
	if n.Kind != yaml.ScalarNode || n.Tag != "!!str" {
		r.fault(n, "%s is a text, not %s", what, describe(n))
		return ""
	}
	if n.Value == "" {
		r.fault(n, "%s is empty", what)
	}
	return n.Value
}

func (r *reader) texts(n *yaml.Node, what string) []string {
	texts := []string{}
	r.list(n, what, func(n *yaml.Node) { texts = append(texts, r.text(n, "each of "+what)) })
	return texts
}

func (r *reader) boolean(n *yaml.Node, what string) (value bool) {
	if n.Kind != yaml.ScalarNode || n.Tag != "!!bool" || n.Decode(&value) != nil {
		r.fault(n, "%s is true or false, not %s", what, describe(n))
	}
	return value
}

func (r *reader) whole(n *yaml.Node, what string) (value int) {
	if n.Kind != yaml.ScalarNode || n.Tag != "!!int" || n.Decode(&value) != nil {
		r.fault(n, "%s is a whole number, not %s", what, describe(n))
	}
	return value
}

// percent reads a number from 0 to 100.
func (r *reader) percent(n *yaml.Node, what string) (value float64) {
	number := n.Kind == yaml.ScalarNode && (n.Tag == "!!int" || n.Tag == "!!float") && n.Decode(&value) == nil
	if !number || !(value >= 0 && value <= 100) {
		r.fault(n, "%s is a number from 0 to 100, not %s", what, describe(n))
		return 0
	}
	return value
}

// day reads a date, and returns its start in UTC.
func (r *reader) day(n *yaml.Node, what string) time.Time {
	day, err := time.Parse(time.DateOnly, n.Value)
	if err != nil || n.Kind != yaml.ScalarNode {
		r.fault(n, "%s is a day such as 2027-01-31, not %s", what, describe(n))
		return time.Time{}
	}
	return day
}

// labels reads a mapping of texts to texts.
func (r *reader) labels(n *yaml.Node, what string) map[string]string {
	labels := map[string]string{}
	r.pairs(n, what, func(key, value *yaml.Node) {
		if value.Kind != yaml.ScalarNode || value.Tag != "!!str" {
			r.fault(value, "the label %s is a text, not %s", key.Value, describe(value))
		}
		labels[key.Value] = value.Value // which may be empty
	})
	return labels
}

// resolved returns what an alias stands for.
func resolved(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

// describe names what stands where something else should.
func describe(n *yaml.Node) string {
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
