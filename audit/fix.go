package audit

import "github.com/seaworthy-dev/seaworthy/kube"

// Fix is one way to clear a finding. Package fix applies it.
type Fix struct {
	// Title is a phrase that starts with a verb: "drop all capabilities".
	Title string
	// Edits change existing objects, in order.
	Edits []Edit
	// New are objects to create, as they would be written in a manifest:
	// apiVersion, kind, metadata and spec, of JSON-like values.
	New []Object
	// Delete are objects to delete once the others are as they should be.
	Delete []kube.Ref
	// Risk says what the change may break, in one sentence; "" if nothing is known.
	Risk string
	// Tentative says why only who asked for the fix should make the change, in words
	// that end a sentence: "it rests on 90 min of samples". "" for all others.
	Tentative string
}

// Object is a manifest of JSON-like values: map[string]any, []any, string,
// int64, float64, bool and nil. Parts of it may be of the API's own types.
type Object = map[string]any

// Op is what an [Edit] does.
type Op int

// The operations of an edit.
const (
	// Set gives a field a value, creating the parents that are missing.
	Set Op = iota
	// Remove deletes a field or list element; it is no error if there is none.
	Remove
	// Append adds an element at the end of a list, creating the list if it is missing.
	Append
)

// Edit is one change of one field.
type Edit struct {
	// Object is what is edited; the zero Ref means the finding's subject.
	Object kube.Ref
	Op     Op
	// Path is a field path as in [Finding.Path]. A key that has dots or
	// brackets is written in brackets and quotes: metadata.labels["a.b/c"].
	Path string
	// Value is JSON-like, as in [Object], or of the API's own types, whose encoding
	// counts; ignored by Remove.
	Value any
}

// DeleteSubject is the fix that deletes what the finding is about.
func DeleteSubject(title string, subject kube.Ref) Fix {
	return Fix{Title: title, Delete: []kube.Ref{subject}}
}

// SetField is the fix of one edit: it gives a field of the subject a value.
func SetField(title, path string, value any) Fix {
	return Fix{Title: title, Edits: []Edit{{Op: Set, Path: path, Value: value}}}
}
