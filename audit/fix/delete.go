package fix

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/document"
)

// without returns documents as one text without some objects: a document that is
// one of them goes as a whole, with the comments above it, and of a List the
// element.
func without(documents []document.Document, gone []kube.Ref, find func(kube.Ref) (Place, bool)) ([]byte, error) {
	places := make([]Place, len(gone))
	for i, ref := range gone {
		place, ok := find(ref)
		if !ok || place.Document < 0 || place.Document >= len(documents) {
			return nil, fmt.Errorf("deleting %s: %w", ref, ErrNotHere)
		}
		places[i] = place
	}
	slices.SortFunc(places, func(a, b Place) int { // elements from the end, so that indexes stay true
		return cmp.Or(cmp.Compare(b.Document, a.Document), cmp.Compare(len(b.Path), len(a.Path)), cmp.Compare(b.Path, a.Path))
	})
	opened := len(documents) > 0 && bytes.HasPrefix(documents[0].Text, []byte("---"))
	for _, place := range slices.Compact(places) {
		d := &documents[place.Document]
		if place.Path == "" {
			d.Text = preface(d.Text, place.Document)
			continue
		}
		path, err := document.ParsePath(place.Path)
		if err == nil {
			var after draft
			after, err = unread(d.Text).edit(audit.Remove, path, nil)
			d.Text = after.text
		}
		if err != nil {
			return nil, fmt.Errorf("deleting %s, document at line %d: %w", place.Path, d.Line, err)
		}
	}
	var whole []byte
	for _, d := range documents {
		text := d.Text
		if len(bytes.TrimSpace(whole)) == 0 && !opened && len(gone) > 0 {
			text = unopened(text)
		}
		whole = append(whole, text...)
	}
	return whole, nil
}

// preface is what stays of a document that goes: of the first one, the comments at
// the top of the file that a blank line parts from the object.
func preface(text []byte, number int) []byte {
	if number > 0 {
		return nil
	}
	end, at := 0, 0
	for line := range bytes.Lines(text) {
		content := bytes.TrimSpace(line)
		if len(content) > 0 && content[0] != '#' {
			break
		}
		at += len(line)
		if len(content) == 0 {
			end = at
		}
	}
	return text[:end:end]
}

// unopened is a document without the line "---" that parts it from the one before.
func unopened(text []byte) []byte {
	line, rest, _ := bytes.Cut(text, []byte("\n"))
	if string(bytes.TrimRight(line, " \r")) == "---" {
		return rest
	}
	return text
}
