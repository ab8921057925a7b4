package document

import (
	"fmt"

	"sigs.k8s.io/yaml"
)

// FromJSON writes a JSON value as YAML in block style, its keys by name, as kubectl
// prints what a server sends.
func FromJSON(text []byte) ([]byte, error) {
	converted, err := yaml.JSONToYAML(text)
	if err != nil {
		return nil, fmt.Errorf("writing JSON as YAML: %w", err)
	}
	return converted, nil
}

// Lines returns a text's lines without their breaks, counted as the parser counts
// them. A final line break opens no further line.
func Lines(text []byte) []string {
	var lines []string
	for len(text) > 0 {
		end, after := len(text), len(text)
		for i := range text {
			if n := LineBreak(text, i); n > 0 {
				end, after = i, i+n
				break
			}
		}
		lines = append(lines, string(text[:end]))
		text = text[after:]
	}
	return lines
}
