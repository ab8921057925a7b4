package custom

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// written is a rule as it is written.
type written struct {
	line        int
	partial     bool         // not all of it was understood
	ID          text         `yaml:"id"`
	Title       text         `yaml:"title"`
	Severity    text         `yaml:"severity"`
	Category    text         `yaml:"category"`
	Rationale   text         `yaml:"rationale"`
	Remediation text         `yaml:"remediation"`
	Controls    []string     `yaml:"controls"`
	Params      yaml.Node    `yaml:"params"`
	Match       match        `yaml:"match"`
	Variables   []variable   `yaml:"variables"`
	Validations []validation `yaml:"validations"`
	Fix         *change      `yaml:"fix"`
	Examples    examples     `yaml:"examples"`
}

type match struct {
	Kinds      []text `yaml:"kinds"`
	Namespaces []text `yaml:"namespaces"`
	Labels     text   `yaml:"labels"`
}

type variable struct {
	Name       text `yaml:"name"`
	Expression text `yaml:"expression"`
}

type validation struct {
	Expression        text `yaml:"expression"`
	Message           text `yaml:"message"`
	MessageExpression text `yaml:"messageExpression"`
	Path              text `yaml:"path"`
}

type change struct {
	Title text        `yaml:"title"`
	Risk  text        `yaml:"risk"`
	Patch []operation `yaml:"patch"`
}

// operation is one of a JSON patch (RFC 6902).
type operation struct {
	Op    text      `yaml:"op"`
	Path  text      `yaml:"path"`
	Value yaml.Node `yaml:"value"`
}

type examples struct {
	Pass []yaml.Node `yaml:"pass"`
	Fail []failing   `yaml:"fail"`
}

// failing is an example with parts of the messages of its findings.
type failing struct {
	Manifest yaml.Node `yaml:"manifest"`
	Want     []text    `yaml:"want"`
}

// text is a scalar that knows where it is written.
type text struct {
	value string
	line  int
}

// UnmarshalYAML takes any scalar as text.
func (t *text) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind != yaml.ScalarNode {
		return &yaml.TypeError{Errors: []string{fmt.Sprintf("line %d: expected a text", node.Line)}}
	}
	t.value, t.line = node.Value, node.Line
	return nil
}

// fault is a mistake in a file, and where.
type fault struct {
	line    int
	message string
}

func faultf(line int, format string, args ...any) fault {
	return fault{line, fmt.Sprintf(format, args...)}
}

// documents reads the documents of a file, and what is wrong with it.
func documents(content []byte) ([]*written, []fault) {
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	decoder.KnownFields(true)
	var all []*written
	var faults []fault
	for number, starts := 0, beginnings(content); ; number++ {
		d := &written{line: 1}
		if number < len(starts) {
			d.line = starts[number]
		}
		err := decoder.Decode(d)
		var mistyped *yaml.TypeError
		switch {
		case errors.Is(err, io.EOF):
			return all, faults
		case err == nil:
			all = append(all, d)
		case errors.As(err, &mistyped): // the rest of it was understood
			d.partial = true
			all = append(all, d)
			for _, message := range mistyped.Errors {
				faults = append(faults, located(message, d.line))
			}
		default: // the text is no YAML: nothing can be read after it
			return all, append(faults, located(err.Error(), d.line))
		}
	}
}

// beginnings returns the line of the first content of each document.
func beginnings(content []byte) []int {
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	var lines []int
	for {
		var node yaml.Node
		if err := decoder.Decode(&node); err != nil {
			return lines
		}
		line := node.Line
		if len(node.Content) > 0 {
			line = node.Content[0].Line
		}
		lines = append(lines, line)
	}
}

var (
	yamlLine     = regexp.MustCompile(`line (\d+): (.*)`)
	unknownField = regexp.MustCompile(`^field (\S+) not found in type .*`)
	wrongType    = regexp.MustCompile(`^cannot unmarshal (\S+)(?: .*)? into .*`)
)

// located finds the line in an error of the YAML library, and says in a rule's
// terms what is wrong.
func located(message string, line int) fault {
	if parts := yamlLine.FindStringSubmatch(message); parts != nil {
		line, _ = strconv.Atoi(parts[1])
		message = parts[2]
	}
	if parts := unknownField.FindStringSubmatch(message); parts != nil {
		message = "a rule has no field " + parts[1] + " here"
	}
	if parts := wrongType.FindStringSubmatch(message); parts != nil {
		message = "expected something else than " + parts[1]
	}
	return fault{line, message}
}
