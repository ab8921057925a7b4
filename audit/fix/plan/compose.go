package plan

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fix"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/document"
)

// errNoName is the fault of a new object that does not say what it is.
var errNoName = errors.New("the new object has no kind or no name")

// draft is a set of changes of one view that are independent of each other.
type draft struct {
	edits   map[kube.Ref][]step
	created map[kube.Ref]string // the encoded objects
	deleted map[kube.Ref]bool
	// serves is what created objects of kinds are for of which two would get into
	// each other's way.
	serves map[purpose]kube.Ref
	fix    audit.Fix
}

// step is an edit whose path and value are read.
type step struct {
	op    audit.Op
	path  document.Path
	value string // encoded
}

// purpose is what an object of a kind is for: the subject of its finding, or what
// it names or selects.
type purpose struct{ kind, namespace, of string }

func newDraft() *draft {
	return &draft{
		edits: map[kube.Ref][]step{}, created: map[kube.Ref]string{}, deleted: map[kube.Ref]bool{},
		serves: map[purpose]kube.Ref{},
	}
}

func (d *draft) empty() bool {
	return len(d.fix.Edits) == 0 && len(d.fix.New) == 0 && len(d.fix.Delete) == 0
}

// objects returns what is changed, created or deleted.
func (d *draft) objects() map[kube.Ref]bool {
	all := maps.Clone(d.deleted)
	for ref := range d.edits {
		all[ref] = true
	}
	for ref := range d.created {
		all[ref] = true
	}
	return all
}

// add takes a fix into the draft, without what is in it already; false, and nothing
// is changed, if the fix is not independent of the rest. The error is of a path or a
// value that makes no sense.
func (d *draft) add(subject kube.Ref, f audit.Fix) (bool, error) {
	fresh := newDraft()
	if ok, err := d.addEdits(fresh, subject, f.Edits); !ok || err != nil {
		return false, err
	}
	if ok, err := d.addNew(fresh, subject, f.New); !ok || err != nil {
		return false, err
	}
	for _, ref := range f.Delete {
		if len(d.edits[ref]) > 0 || d.created[ref] != "" {
			return false, nil
		}
		if !d.deleted[ref] {
			fresh.deleted[ref] = true
			fresh.fix.Delete = append(fresh.fix.Delete, ref)
		}
	}
	d.take(fresh)
	return true, nil
}

// addEdits takes edits into fresh, but for those that the draft has, unless one
// changes what an edit of the draft is about.
func (d *draft) addEdits(fresh *draft, subject kube.Ref, edits []audit.Edit) (bool, error) {
	for _, e := range edits {
		if e.Object.IsZero() {
			e.Object = subject
		}
		s, err := stepOf(e)
		if err != nil {
			return false, err
		}
		known := false
		for _, other := range d.edits[e.Object] {
			r := compare(s, other)
			if r == contrary {
				return false, nil
			}
			known = known || r == same
		}
		if d.deleted[e.Object] || d.created[e.Object] != "" {
			return false, nil
		}
		if !known {
			fresh.edits[e.Object] = append(fresh.edits[e.Object], s)
			fresh.fix.Edits = append(fresh.fix.Edits, e)
		}
	}
	return true, nil
}

// addNew takes objects to create into fresh, unless the draft has something that is
// not the same in their place.
func (d *draft) addNew(fresh *draft, subject kube.Ref, objects []audit.Object) (bool, error) {
	for _, o := range objects {
		encoded, err := json.Marshal(o)
		if err != nil {
			return false, err
		}
		ref, ok := fix.RefOf(o)
		switch {
		case !ok:
			return false, errNoName
		case d.created[ref] == string(encoded):
			continue
		case d.created[ref] != "" || d.deleted[ref]:
			return false, nil
		}
		for _, p := range purposesOf(subject, ref, encoded) {
			if _, taken := d.serves[p]; taken {
				return false, nil
			}
			fresh.serves[p] = ref
		}
		fresh.created[ref] = string(encoded)
		fresh.fix.New = append(fresh.fix.New, o)
	}
	return true, nil
}

// take takes another draft over.
func (d *draft) take(fresh *draft) {
	for ref, steps := range fresh.edits {
		d.edits[ref] = append(d.edits[ref], steps...)
	}
	maps.Copy(d.created, fresh.created)
	maps.Copy(d.deleted, fresh.deleted)
	maps.Copy(d.serves, fresh.serves)
	d.fix.Edits = append(d.fix.Edits, fresh.fix.Edits...)
	d.fix.New = append(d.fix.New, fresh.fix.New...)
	d.fix.Delete = append(d.fix.Delete, fresh.fix.Delete...)
}

// purposesOf returns what a new object is for, if there may be only one for it: the
// API refuses evictions of pods of two budgets, and two autoscalers of one workload
// fight (kubernetes.io/docs/tasks/run-application/configure-pdb, KEP-853).
func purposesOf(subject, ref kube.Ref, encoded []byte) []purpose {
	var object struct {
		Spec struct {
			Selector       json.RawMessage `json:"selector"`
			ScaleTargetRef json.RawMessage `json:"scaleTargetRef"`
		} `json:"spec"`
	}
	if err := json.Unmarshal(encoded, &object); err != nil {
		return nil
	}
	of := object.Spec.Selector
	switch ref.Kind {
	case kube.PodDisruptionBudgets.Kind:
	case kube.HorizontalPodAutoscalers.Kind:
		of = object.Spec.ScaleTargetRef
	default:
		return nil
	}
	return []purpose{{ref.Kind, ref.Namespace, subject.String()}, {ref.Kind, ref.Namespace, string(of)}}
}

func stepOf(e audit.Edit) (step, error) {
	path, err := document.ParsePath(e.Path)
	if err != nil {
		return step{}, err
	}
	s := step{op: e.Op, path: path}
	if e.Op == audit.Remove {
		return s, nil
	}
	encoded, err := json.Marshal(e.Value)
	s.value = string(encoded)
	return s, err
}

// relation is how two edits of the same object stand to each other.
type relation int

const (
	apart    relation = iota // both can be made, in whichever order
	same                     // one of them is enough
	contrary                 // each changes what the other one is about
)

func compare(a, b step) relation {
	common := 0
	for common < min(len(a.path), len(b.path)) && a.path[common] == b.path[common] {
		common++
	}
	switch {
	case common == len(a.path) && common == len(b.path):
		switch {
		case a.op == b.op && a.value == b.value:
			return same
		case a.op == audit.Append && b.op == audit.Append:
			return apart
		}
		return contrary
	case common == len(a.path) || common == len(b.path):
		return contrary
	case a.moves(common) || b.moves(common):
		return contrary
	}
	return apart
}

// moves reports whether an edit takes an element out of a list, at a step of its
// path: those behind it move then.
func (s step) moves(at int) bool {
	return s.op == audit.Remove && at == len(s.path)-1 && s.path[at].IsIndex()
}

// touches reports whether two fixes change the same field, or one a part of what
// the other one changes. The deletion of an object touches all of it.
func touches(a, b *draft) bool {
	for ref, steps := range a.edits {
		if b.deleted[ref] || b.created[ref] != "" {
			return true
		}
		for _, s := range steps {
			if slices.ContainsFunc(b.edits[ref], func(other step) bool { return compare(s, other) != apart }) {
				return true
			}
		}
	}
	for ref := range a.deleted {
		if b.deleted[ref] || b.created[ref] != "" || len(b.edits[ref]) > 0 {
			return true
		}
	}
	for ref := range a.created {
		if b.deleted[ref] || b.created[ref] != "" || len(b.edits[ref]) > 0 {
			return true
		}
	}
	return false
}
