package custom

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube/document"
)

// fixes reads the fix of a rule: its edits are of the object that expressions see.
func (r *reader) fixes() []audit.Fix {
	if r.Fix == nil {
		return nil
	}
	f := audit.Fix{Title: strings.TrimSpace(r.Fix.Title.value), Risk: strings.TrimSpace(r.Fix.Risk.value)}
	if f.Title == "" {
		r.fault(r.at(r.Fix.Title), "the fix has no title: say what it does, as in \"drop all capabilities\"")
	}
	if len(r.Fix.Patch) == 0 {
		r.fault(r.at(r.Fix.Title), "the fix has no patch")
	}
	for _, o := range r.Fix.Patch {
		edit, err := o.edit()
		if err != nil {
			r.fault(r.at(o.Path), "reading the patch: %v", err)
			continue
		}
		f.Edits = append(f.Edits, edit)
	}
	return []audit.Fix{f}
}

// edit returns what an operation does. Of the operations of RFC 6902 it takes
// those that say what becomes of one field; a number in a path is the index of an
// element.
func (o *operation) edit() (audit.Edit, error) {
	path, atEnd, err := pointer(o.Path.value)
	if err != nil {
		return audit.Edit{}, err
	}
	last := path[len(path)-1]
	switch {
	case o.Op.value == "remove" && !atEnd:
		return audit.Edit{Op: audit.Remove, Path: path.String()}, nil
	case o.Op.value == "add" && last.IsIndex() && !atEnd:
		return audit.Edit{}, fmt.Errorf("an element can be added at the end of a list only: %s/-", o.Path.value[:strings.LastIndexByte(o.Path.value, '/')])
	case o.Op.value == "replace" && atEnd:
		return audit.Edit{}, fmt.Errorf("there is nothing at the end of a list that could be replaced")
	case o.Op.value != "add" && o.Op.value != "replace":
		return audit.Edit{}, fmt.Errorf("%q is none of add, replace, remove", o.Op.value)
	case o.Value.IsZero():
		return audit.Edit{}, fmt.Errorf("%s of %s has no value", o.Op.value, o.Path.value)
	}
	value, err := values(&o.Value)
	if err != nil {
		return audit.Edit{}, err
	}
	if atEnd {
		return audit.Edit{Op: audit.Append, Path: path.String(), Value: value}, nil
	}
	return audit.Edit{Op: audit.Set, Path: path.String(), Value: value}, nil
}

// pointer reads a JSON pointer (RFC 6901); atEnd is set where it ends in "-".
func pointer(written string) (path document.Path, atEnd bool, err error) {
	rest, ok := strings.CutPrefix(written, "/")
	if !ok {
		return nil, false, fmt.Errorf("the path %q does not begin with a slash", written)
	}
	unescape := strings.NewReplacer("~1", "/", "~0", "~")
	steps := strings.Split(rest, "/")
	if last := len(steps) - 1; steps[last] == "-" && last > 0 {
		atEnd, steps = true, steps[:last]
	}
	for _, step := range steps {
		if i, err := strconv.Atoi(step); err == nil && i >= 0 && strconv.Itoa(i) == step {
			path = append(path, document.Index(i))
			continue
		}
		path = append(path, document.Key(unescape.Replace(step)))
	}
	return path, atEnd, nil
}

// placed returns fixes with the paths of the subject's object.
func placed(fixes []audit.Fix, place func(path string) string) []audit.Fix {
	var moved []audit.Fix
	for _, f := range fixes {
		edits := make([]audit.Edit, len(f.Edits))
		for i, e := range f.Edits {
			e.Path = place(e.Path)
			edits[i] = e
		}
		f.Edits = edits
		moved = append(moved, f)
	}
	return moved
}
