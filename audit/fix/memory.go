package fix

import (
	"fmt"
	"reflect"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/document"
)

// Memory makes fixes of files, and remembers what edits made of each document: a fix
// that begins as an earlier one did goes on from there. That is for plans, which grow.
// The zero value remembers nothing yet. A Memory is for one goroutine.
type Memory struct {
	documents map[origin]*past
}

// origin is a document before all edits. Two of a file may have the same text.
type origin struct {
	number int
	text   string
}

// past is what the newest edits made of a document.
type past struct {
	start draft
	steps []remembered
	last  draft // after all steps
	// begunAgain says that other first edits were made before: then what is parsed of
	// the start is worth keeping, and what is parsed of the end is not.
	begunAgain bool
}

// remembered is one edit and the text after it.
type remembered struct {
	op    audit.Op
	path  string
	value any
	text  []byte
}

// File is [File].
func (m *Memory) File(text []byte, subject kube.Ref, f audit.Fix, find func(kube.Ref) (Place, bool)) ([]byte, error) {
	documents := document.Split(text)
	made := map[int]*making{}
	for _, e := range f.Edits {
		object := e.Object
		if object.IsZero() {
			object = subject
		}
		place, ok := find(object)
		if !ok || place.Document < 0 || place.Document >= len(documents) {
			return nil, fmt.Errorf("editing %s %s: %w", object, e.Path, ErrNotHere)
		}
		path, err := joined(place.Path, e.Path)
		if err != nil {
			return nil, err
		}
		d := &documents[place.Document]
		if made[place.Document] == nil {
			made[place.Document] = m.begin(origin{place.Document, string(d.Text)})
		}
		if d.Text, err = made[place.Document].edit(e.Op, path, e.Value); err != nil {
			return nil, fmt.Errorf("editing %s, document at line %d: %w", object, d.Line, err)
		}
	}
	for _, k := range made {
		if k.past.begunAgain {
			k.past.last = unread(k.past.last.text)
		}
	}
	whole, err := without(documents, f.Delete, find)
	if err != nil {
		return nil, err
	}
	return appendObjects(whole, f.New)
}

// making is a document that is being edited, after a number of edits.
type making struct {
	past *past
	done int
}

func (m *Memory) begin(of origin) *making {
	if m.documents == nil {
		m.documents = map[origin]*past{}
	}
	p := m.documents[of]
	if p == nil {
		p = &past{start: unread([]byte(of.text))}
		p.last = p.start
		m.documents[of] = p
	}
	return &making{past: p}
}

// edit makes the next edit, or remembers what it made.
func (k *making) edit(op audit.Op, path document.Path, value any) ([]byte, error) {
	p, written := k.past, path.String()
	if k.done < len(p.steps) {
		s := &p.steps[k.done]
		if s.op == op && s.path == written && reflect.DeepEqual(s.value, value) {
			k.done++
			return s.text, nil
		}
		p.steps = p.steps[:k.done]
		if k.done > 0 {
			p.last = unread(p.steps[k.done-1].text)
		} else {
			p.begunAgain = true
		}
	}
	if k.done == 0 {
		p.last = p.start
		if start, err := p.start.parsed(); err == nil { // an edit says what is wrong
			p.last = start
		}
		if p.begunAgain {
			p.start = p.last
		}
	}
	after, err := p.last.edit(op, path, value)
	if err != nil {
		return nil, err
	}
	p.last = after
	p.steps = append(p.steps, remembered{op, written, value, after.text})
	k.done++
	return after.text, nil
}
