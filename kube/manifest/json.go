package manifest

import "go.yaml.in/yaml/v3"

// likeJSON gives the scalars of a document the types that Kubernetes gives
// them, which is by YAML 1.1: "yes" and "on" are booleans, timestamps are
// strings, and every key is a string (sigs.k8s.io/yaml, which kubectl reads
// with).
func likeJSON(node *yaml.Node) {
	for i, child := range node.Content {
		isKey := node.Kind == yaml.MappingNode && i%2 == 0
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

func scalarLikeJSON(node *yaml.Node) {
	if node.ShortTag() == "!!timestamp" {
		node.Tag = "!!str"
		return
	}
	if node.Style != 0 || node.ShortTag() != "!!str" {
		return
	}
	switch node.Value {
	case "y", "Y", "yes", "Yes", "YES", "on", "On", "ON":
		node.Tag, node.Value = "!!bool", "true"
	case "n", "N", "no", "No", "NO", "off", "Off", "OFF":
		node.Tag, node.Value = "!!bool", "false"
	}
}
