package document

import (
	"fmt"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// Parse returns the node tree of the first document in a text, nil if there is
// none: only comments, or nothing. Node positions count from the text's first
// line.
func Parse(text []byte) (*yaml.Node, error) {
	var root yaml.Node
	if err := yaml.Unmarshal(text, &root); err != nil {
		return nil, err
	}
	if root.Kind == 0 {
		return nil, nil
	}
	return &root, nil
}

// Values returns a parsed document as JSON-like values, with the types that
// Kubernetes gives to scalars, which is by YAML 1.1: "yes" and "on" are
// booleans, timestamps are strings, and every key is a string (as in
// sigs.k8s.io/yaml, which kubectl reads with; but a key "yes" stays one, so that
// its path finds it). It writes these types into the nodes. The error is also of a
// document whose aliases stand for far more than is written there.
func Values(root *yaml.Node) (any, error) {
	if written, meant := sizes(root); meant-written > mostRepeated {
		return nil, fmt.Errorf("the aliases of the document stand for more than %d MiB", mostRepeated>>20)
	}
	likeJSON(root)
	var value any
	err := root.Decode(&value)
	return value, err
}

func likeJSON(node *yaml.Node) {
	for i, child := range node.Content {
		isKey := node.Kind == yaml.MappingNode && i%2 == 0
		if isKey && child.Kind == yaml.AliasNode && child.Alias.Kind == yaml.ScalarNode {
			child = ownScalar(child) // what it stands for may be a number elsewhere
			node.Content[i] = child
		}
		switch {
		case child.Kind != yaml.ScalarNode:
			likeJSON(child)
		case isKey && child.ShortTag() == "!!merge":
		case isKey:
			child.Tag = "!!str"
		default:
			scalarLikeJSON(child)
		}
	}
}

// ownScalar turns an alias of a scalar into a scalar in its place.
func ownScalar(alias *yaml.Node) *yaml.Node {
	scalar := *alias.Alias
	scalar.Anchor, scalar.Line, scalar.Column = "", alias.Line, alias.Column
	return &scalar
}

func scalarLikeJSON(node *yaml.Node) {
	if node.ShortTag() == "!!timestamp" {
		node.Tag = "!!str"
		return
	}
	if node.ShortTag() != "!!str" {
		return
	}
	if value, ok := oldBoolean(node); ok {
		node.Tag, node.Value = "!!bool", strconv.FormatBool(value)
	}
}

// oldBoolean returns what a text means that is a boolean by YAML 1.1, false for any
// other.
func oldBoolean(node *yaml.Node) (value, ok bool) {
	if node.Style != 0 {
		return false, false
	}
	switch node.Value {
	case "y", "Y", "yes", "Yes", "YES", "on", "On", "ON":
		return true, true
	case "n", "N", "no", "No", "NO", "off", "Off", "OFF":
		return false, true
	}
	return false, false
}
