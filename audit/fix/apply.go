package fix

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/document"
)

// ErrEntangled is returned for an edit that cannot be made without changing
// something else, above all through an anchor that is used elsewhere.
var ErrEntangled = errors.New("it cannot be edited without changing something else")

// ErrNotHere is returned for an edit of an object that the file does not hold.
var ErrNotHere = errors.New("the file does not hold the object")

// Apply applies edits, in order, to the first YAML document of a text and
// returns the new text. Which object an edit names is not looked at: all of them
// are of this document. A path that needs a new element may name the one after
// the last. Removing the only field of a map removes the map as well, unless it
// is an element of a list or its being empty says something (a selector).
//
// The error names the path, and the line where there is one; the text is as
// before it then. It is [ErrEntangled] where YAML leaves no way.
func Apply(text []byte, edits []audit.Edit) ([]byte, error) {
	d := unread(text)
	for _, e := range edits {
		path, err := document.ParsePath(e.Path)
		if err != nil {
			return nil, fmt.Errorf("editing: %w", err)
		}
		if d, err = d.edit(e.Op, path, e.Value); err != nil {
			return nil, err
		}
	}
	return d.text, nil
}

// Place says where in a file an object is written.
type Place struct {
	Document int    // the number of the YAML document, from 0
	Path     string // of the object in it: "" or, in a List, "items[3]"
}

// File applies a fix to the text of a file. Subject is the object that the
// finding is about, find says where an object is in this file. Objects that the
// fix deletes go with their documents; new ones are put at the end as documents of
// their own. The error is of [Apply], or [ErrNotHere].
func File(text []byte, subject kube.Ref, f audit.Fix, find func(kube.Ref) (Place, bool)) ([]byte, error) {
	return new(Memory).File(text, subject, f, find)
}

func joined(parent, field string) (document.Path, error) {
	path, err := document.ParsePath(parent)
	if err != nil {
		return nil, fmt.Errorf("editing: %w", err)
	}
	rest, err := document.ParsePath(field)
	if err != nil {
		return nil, fmt.Errorf("editing: %w", err)
	}
	return append(path, rest...), nil
}

// appendObjects adds objects as documents at the end.
func appendObjects(text []byte, objects []audit.Object) ([]byte, error) {
	for _, o := range objects {
		value, err := plain(o)
		if err != nil {
			return nil, err
		}
		newline := lineBreak(text)
		if len(bytes.TrimSpace(text)) > 0 {
			if !bytes.HasSuffix(text, []byte("\n")) {
				text = append(text, newline...)
			}
			text = append(text, "---"+newline...)
		}
		text = append(text, block(value, layout{newline: newline, step: 2}, 0)...)
		text = append(text, newline...)
	}
	return text, nil
}
