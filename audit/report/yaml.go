package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"

	"sigs.k8s.io/yaml"
)

// writeYAML writes the document that JSON has, one key after the other in their
// order, and the findings one by one, since they are the last.
func writeYAML(w io.Writer, d *draft) error {
	out := bufio.NewWriterSize(w, 64<<10)
	p := &printer{w: out}
	document := reflect.ValueOf(*d.Document)
	for field := range document.Type().Fields() {
		if !field.IsExported() {
			continue
		}
		key, option, _ := strings.Cut(field.Tag.Get("json"), ",")
		value := document.FieldByIndex(field.Index)
		if option == "omitempty" && value.IsZero() || key == "findings" && len(d.found) > 0 {
			continue
		}
		text, err := encodeYAML(key+": ", value.Interface())
		if err != nil {
			return err
		}
		p.print(text)
	}
	if len(d.found) > 0 {
		p.line("findings:")
	}
	for text, err := range inOrder(d, func(_ int, f Finding) ([]byte, error) { return encodeYAML("- ", f) }) {
		if err != nil {
			return err
		}
		p.print(text)
	}
	return p.flush(out)
}

// encodeYAML returns a value as lines of YAML that begin with a key or a dash. YAML
// takes what nobody can see as it is or not at all, and lets it be escaped only between
// quotes: a value with such a thing is one line of JSON, which YAML includes.
func encodeYAML(begin string, value any) ([]byte, error) {
	var line bytes.Buffer
	line.WriteString(begin)
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, fmt.Errorf("encoding it: %w", err)
	}
	if escaped := escapeInvisible(line.Bytes(), escapeYAML); len(escaped) != line.Len() {
		return escaped, nil
	}
	text, err := yaml.JSONToYAML(line.Bytes())
	if err != nil {
		return nil, fmt.Errorf("encoding it: %w", err)
	}
	return text, nil
}
