package document

import (
	"go.yaml.in/yaml/v3"
)

// Locate walks a path as far as it exists below a node, through anchors,
// aliases and merged maps. It returns the deepest node, the key that leads to
// it (nil for an element of a list, and if no step was taken) and how many
// steps of the path it took.
func Locate(node *yaml.Node, path Path) (found, key *yaml.Node, steps int) {
	found = content(node)
	for _, step := range path {
		nextKey, next := child(found, step, 0)
		if next == nil {
			return found, key, steps
		}
		found, key, steps = content(next), nextKey, steps+1
	}
	return found, key, steps
}

// LineOf returns the line, from 1 within the document, of the deepest part of
// a path that exists: of its key, or of an element of a list.
func LineOf(node *yaml.Node, path Path) int {
	found, key, _ := Locate(node, path)
	switch {
	case key != nil:
		return key.Line
	case found != nil:
		return found.Line
	}
	return 1
}

// content is the node itself, or what a document or an alias stands for.
func content(node *yaml.Node) *yaml.Node {
	for node != nil {
		switch {
		case node.Kind == yaml.DocumentNode && len(node.Content) == 1:
			node = node.Content[0]
		case node.Kind == yaml.AliasNode:
			node = node.Alias
		default:
			return node
		}
	}
	return nil
}

// mergeDepth bounds merges of merges, which may form a circle.
const mergeDepth = 16

// child returns what a step leads to. A key of the map itself goes before one
// that it merges in.
func child(node *yaml.Node, step Step, depth int) (key, value *yaml.Node) {
	switch {
	case node == nil || depth > mergeDepth:
		return nil, nil
	case step.IsIndex():
		if node.Kind != yaml.SequenceNode || step.Index >= len(node.Content) {
			return nil, nil
		}
		return nil, node.Content[step.Index]
	case node.Kind != yaml.MappingNode:
		return nil, nil
	}
	var merged []*yaml.Node
	for i := 0; i+1 < len(node.Content); i += 2 {
		k, v := node.Content[i], node.Content[i+1]
		if k.ShortTag() == "!!merge" {
			merged = append(merged, v)
		} else if content(k).Value == step.Key {
			return k, v
		}
	}
	for _, m := range merged {
		if key, value = mergedChild(content(m), step, depth+1); value != nil {
			return key, value
		}
	}
	return nil, nil
}

// mergedChild looks a key up in the value of "<<": a map or a list of maps.
func mergedChild(node *yaml.Node, step Step, depth int) (key, value *yaml.Node) {
	if node == nil || node.Kind != yaml.SequenceNode {
		return child(node, step, depth)
	}
	for _, m := range node.Content {
		if key, value = child(content(m), step, depth); value != nil {
			return key, value
		}
	}
	return nil, nil
}
