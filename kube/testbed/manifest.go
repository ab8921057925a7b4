package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"
)

// manifest is one object of a file.
type manifest struct {
	object    object
	file      string
	namespace string // for an object that names none, if its kind has namespaces
}

func (m manifest) text(path ...string) string {
	var value any = m.object
	for _, key := range path {
		fields, ok := value.(object)
		if !ok {
			return ""
		}
		value = fields[key]
	}
	text, _ := value.(string)
	return text
}

func (m manifest) apiVersion() string { return m.text("apiVersion") }
func (m manifest) kind() string       { return m.text("kind") }
func (m manifest) name() string       { return m.text("metadata", "name") }

// order is the turn of an object: definitions before what they define, namespaces
// before what is in them, and last what may have the API server refuse the others.
func (m manifest) order() int {
	switch m.kind() {
	case "CustomResourceDefinition":
		return 0
	case "Namespace":
		return 1
	case "APIService", "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration",
		"ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding",
		"MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding":
		return 3
	}
	return 2
}

// readManifests reads files and folders, in the order in which they should be
// applied. A path may be NAMESPACE=PATH, to overrule the default namespace.
func readManifests(paths []string, namespace string) ([]manifest, error) {
	var all []manifest
	for _, path := range paths {
		space := namespace
		if before, after, found := strings.Cut(path, "="); found {
			space, path = before, after
		}
		files, err := manifestFiles(path)
		if err != nil {
			return nil, fmt.Errorf("reading manifests: %w", err)
		}
		for _, file := range files {
			objects, err := readManifest(file)
			if err != nil {
				return nil, err
			}
			for _, o := range objects {
				all = append(all, manifest{o, file, space})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b manifest) int { return a.order() - b.order() })
	return all, nil
}

func manifestFiles(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	var files []string
	err = filepath.WalkDir(path, func(file string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && slices.Contains([]string{".yaml", ".yml", ".json"}, filepath.Ext(file)) {
			files = append(files, file)
		}
		return err
	})
	return files, err
}

// documentMark begins a YAML document. Within a document no line begins so: block
// scalars are indented.
var documentMark = regexp.MustCompile(`(?m)^---(?:[ \t]|$)`)

// readManifest reads the objects of a file, taking Lists apart.
func readManifest(file string) ([]object, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading manifest: %w", err)
	}
	var objects []object
	for i, document := range documentMark.Split(string(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))), -1) {
		var o object
		if err := yaml.Unmarshal([]byte(document), &o); err != nil {
			return nil, fmt.Errorf("reading manifest %s, document %d: %w", file, i+1, err)
		}
		items, isList := o["items"].([]any)
		switch {
		case len(o) == 0: // nothing but comments
		case isList:
			for _, item := range items {
				if part, ok := item.(object); ok {
					objects = append(objects, part)
				}
			}
		default:
			objects = append(objects, o)
		}
	}
	return objects, nil
}
