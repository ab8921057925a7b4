package audittest

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/document"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

// Noon is the time of the view of an example that does not set its own.
var Noon = time.Date(2026, time.January, 1, 12, 0, 0, 0, time.UTC)

// want is one mark: a finding that is expected on a line.
type want struct {
	line    int
	message *regexp.Regexp
}

// example is one file of examples.
type example struct {
	file  string
	text  []byte
	wants []want
	info  *kube.Info // nil for a view of manifests
	time  time.Time
	given map[string]string // the parameters of the rule that it sets, by name
}

// readExample reads a file with its marks and what it says of its view.
func readExample(file string) (*example, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading example: %w", err)
	}
	return parseExample(file, text)
}

func parseExample(file string, text []byte) (*example, error) {
	e := &example{file: file, text: text, time: Noon}
	for number, line := range strings.Split(string(text), "\n") {
		if number == 0 {
			if err := e.parseView(strings.TrimSpace(line)); err != nil {
				return nil, fmt.Errorf("reading %s:1: %w", file, err)
			}
		}
		if number < 2 {
			e.parseGiven(strings.TrimSpace(line))
		}
		_, marks, found := cutWant(line)
		if !found {
			continue
		}
		messages, err := parseWants(marks)
		if err != nil {
			return nil, fmt.Errorf("reading %s:%d: %w", file, number+1, err)
		}
		for _, message := range messages {
			e.wants = append(e.wants, want{number + 1, message})
		}
	}
	return e, nil
}

// parseView reads the comment by which an example sets its view.
func (e *example) parseView(line string) error {
	settings, found := strings.CutPrefix(line, "# view:")
	if !found {
		return nil
	}
	info := kube.Info{Offline: true, Name: e.file}
	for setting := range strings.FieldsSeq(settings) {
		key, value, _ := strings.Cut(setting, "=")
		var err error
		switch key {
		case "offline":
			info.Offline, err = strconv.ParseBool(value)
		case "version":
			info.Version = value
		case "time":
			e.time, err = time.Parse(time.RFC3339, value)
		default:
			err = fmt.Errorf("%q is none of offline, version, time", key)
		}
		if err != nil {
			return fmt.Errorf("parsing the view comment: %w", err)
		}
	}
	e.info = &info
	return nil
}

// parseGiven reads the comment by which an example sets parameters.
func (e *example) parseGiven(line string) {
	settings, found := strings.CutPrefix(line, "# with:")
	if !found {
		return
	}
	e.given = map[string]string{}
	for setting := range strings.FieldsSeq(settings) {
		name, value, _ := strings.Cut(setting, "=")
		e.given[name] = value
	}
}

// configured returns the rule with the parameters that the example sets.
func (e *example) configured(r *audit.Rule) (*audit.Rule, error) {
	values := make(map[string]any, len(e.given))
	for name, text := range e.given {
		values[name] = text
		for _, parameter := range r.Parameters {
			if parameter.Name != name {
				continue
			}
			value, err := parsedLike(parameter.Value, text)
			if err != nil {
				return nil, fmt.Errorf("%s: reading %s: %w", e.file, name, err)
			}
			values[name] = value
		}
	}
	configured, err := r.With(values)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", e.file, err)
	}
	return configured, nil
}

// parsedLike reads a value of the type that another one has; lists have commas.
func parsedLike(like any, text string) (any, error) {
	switch like.(type) {
	case int:
		return strconv.Atoi(text)
	case bool:
		return strconv.ParseBool(text)
	case []string:
		return strings.Split(text, ","), nil
	}
	return text, nil
}

const mark = "# want "

// cutWant parts a line from its marks.
func cutWant(line string) (before, marks string, found bool) {
	i := strings.LastIndex(line, mark)
	if i < 0 || (i > 0 && line[i-1] != ' ' && line[i-1] != '\t') {
		return line, "", false
	}
	return line[:i], strings.TrimSpace(line[i+len(mark):]), true
}

// parseWants reads regular expressions that are quoted like Go strings.
func parseWants(marks string) ([]*regexp.Regexp, error) {
	var wants []*regexp.Regexp
	for rest := marks; rest != ""; {
		quoted, err := strconv.QuotedPrefix(rest)
		if err != nil {
			return nil, fmt.Errorf("parsing want: expected a quoted regular expression at %s", rest)
		}
		expression, err := strconv.Unquote(quoted)
		if err != nil {
			return nil, fmt.Errorf("parsing want %s: %w", quoted, err)
		}
		message, err := regexp.Compile(expression)
		if err != nil {
			return nil, fmt.Errorf("parsing want: %w", err)
		}
		wants, rest = append(wants, message), strings.TrimSpace(rest[len(quoted):])
	}
	if len(wants) == 0 {
		return nil, fmt.Errorf("parsing want: it names no regular expression")
	}
	return wants, nil
}

// withoutWants is the text of an example as a person would write it: a line that
// holds nothing but marks goes as a whole.
func withoutWants(text []byte) []byte {
	var kept []string
	for line := range strings.SplitAfterSeq(string(text), "\n") {
		before, _, found := cutWant(line)
		if found {
			before = strings.TrimRight(before, " \t")
			if before == "" {
				continue
			}
			before += line[len(strings.TrimRight(line, "\r\n")):]
		}
		kept = append(kept, before)
	}
	return []byte(strings.Join(kept, ""))
}

// with is the same example with another text.
func (e *example) with(text []byte) *example {
	return &example{file: e.file, text: text, info: e.info, time: e.time, given: e.given}
}

// View loads a file of examples as the tests of rules do, with what its first line says of
// the view.
func View(file string) (*kube.Cluster, error) {
	e, err := readExample(file)
	if err != nil {
		return nil, err
	}
	c, _, err := e.view()
	return c, err
}

// view loads the example. What cannot be read of it is an error, and so is an
// object of a kind that no rule sees: it would say nothing.
func (e *example) view() (*kube.Cluster, *manifest.Source, error) {
	source := manifest.New([]string{manifest.Stdin}, manifest.Options{
		Stdin: bytes.NewReader(e.text), Info: e.info, Now: func() time.Time { return e.time },
	})
	c, err := kube.Load(context.Background(), source, nil)
	if err != nil {
		return nil, nil, fmt.Errorf("loading %s: %w", e.file, err)
	}
	for _, problem := range source.Problems() {
		return nil, nil, fmt.Errorf("loading %s:%d: %w", e.file, problem.Line, problem.Err)
	}
	for _, skipped := range source.Skipped() {
		return nil, nil, fmt.Errorf("loading %s: %s %q is a kind that is not audited", e.file, skipped.APIVersion, skipped.Kind)
	}
	return c, source, nil
}

// reversed is the example with its documents in the opposite order.
func (e *example) reversed() *example {
	var text []byte
	for _, d := range slices.Backward(document.Split(e.text)) {
		if !bytes.HasPrefix(d.Text, []byte("---")) && !bytes.HasPrefix(d.Text, []byte("%")) {
			text = append(text, "---\n"...)
		}
		text = append(text, d.Text...)
		if !bytes.HasSuffix(d.Text, []byte("\n")) {
			text = append(text, '\n')
		}
	}
	return e.with(text)
}
