package document

import (
	"encoding/json"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// AppendJSON appends a parsed document as JSON, by which it has the values that
// [Values] gives, in a fraction of the time. It reports false for a document that is
// for Values: one with aliases, merged maps, a key given twice or a tag that JSON does
// not know. The nodes are not changed.
func AppendJSON(to []byte, node *yaml.Node) ([]byte, bool) {
	switch node.Kind {
	case yaml.DocumentNode:
		return AppendJSON(to, node.Content[0])
	case yaml.MappingNode:
		return appendMapping(to, node)
	case yaml.SequenceNode:
		to = append(to, '[')
		for i, element := range node.Content {
			if i > 0 {
				to = append(to, ',')
			}
			var ok bool
			if to, ok = AppendJSON(to, element); !ok {
				return to, false
			}
		}
		return append(to, ']'), true
	case yaml.ScalarNode:
		return appendScalar(to, node)
	case yaml.AliasNode:
	}
	return to, false
}

func appendMapping(to []byte, node *yaml.Node) ([]byte, bool) {
	if hasTwins(node.Content) {
		return to, false
	}
	to = append(to, '{')
	for i := 0; i+1 < len(node.Content); i += 2 {
		key := node.Content[i]
		if key.Kind != yaml.ScalarNode || key.ShortTag() == "!!merge" {
			return to, false
		}
		if i > 0 {
			to = append(to, ',')
		}
		to = append(appendText(to, key.Value), ':')
		var ok bool
		if to, ok = AppendJSON(to, node.Content[i+1]); !ok {
			return to, false
		}
	}
	return append(to, '}'), true
}

// few keys are compared with each other, more are put into a map.
const few = 16

// hasTwins reports whether a key of a mapping is there twice.
func hasTwins(content []*yaml.Node) bool {
	if len(content) > 2*few {
		seen := make(map[string]bool, len(content)/2)
		for i := 0; i < len(content); i += 2 {
			if seen[content[i].Value] {
				return true
			}
			seen[content[i].Value] = true
		}
		return false
	}
	for i := 2; i < len(content); i += 2 {
		for j := 0; j < i; j += 2 {
			if content[i].Value == content[j].Value {
				return true
			}
		}
	}
	return false
}

func appendScalar(to []byte, node *yaml.Node) ([]byte, bool) {
	switch tag := node.ShortTag(); tag {
	case "!!null":
		return append(to, "null"...), true
	case "!!timestamp":
		return appendText(to, node.Value), true
	case "!!str":
		if value, ok := oldBoolean(node); ok {
			return strconv.AppendBool(to, value), true
		}
		return appendText(to, node.Value), true
	case "!!int":
		if isPlainNumber(node.Value) {
			return append(to, node.Value...), true
		}
		return appendDecoded(to, node)
	case "!!bool", "!!float":
		return appendDecoded(to, node)
	}
	return to, false
}

// longest is the most digits that surely are no more than an int64 holds.
const longest = 18

// isPlainNumber reports whether a whole number is written in YAML as in JSON.
func isPlainNumber(text string) bool {
	if len(text) == 0 || len(text) > longest || text[0] == '0' && len(text) > 1 {
		return false
	}
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return true
}

// appendDecoded appends a scalar as the YAML library understands it.
func appendDecoded(to []byte, node *yaml.Node) ([]byte, bool) {
	var value any
	if node.Decode(&value) != nil {
		return to, false
	}
	text, err := json.Marshal(value)
	return append(to, text...), err == nil
}

func appendText(to []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			quoted, _ := json.Marshal(text) // a string is always one in JSON
			return append(to, quoted...)
		}
	}
	to = append(to, '"')
	to = append(to, text...)
	return append(to, '"')
}
