package fix_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fix"
	"github.com/seaworthy-dev/seaworthy/kube/document"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
)

// tree reads a document as JSON-like values.
func tree(t *testing.T, text []byte) any {
	t.Helper()
	root, err := document.Parse(text)
	if err != nil {
		t.Fatalf("parsing: %v\n%s", err, text)
	}
	if root == nil {
		return nil
	}
	value, err := document.Values(root)
	if err != nil {
		t.Fatalf("parsing: %v\n%s", err, text)
	}
	return copied(value)
}

// copied returns a value of its own with the types of encoding/json. A number
// that JSON does not have (.nan, .inf) makes the value a text as a whole.
func copied(value any) any {
	encoded, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	var result any
	if err := json.Unmarshal(encoded, &result); err != nil {
		panic(err)
	}
	return result
}

func same(a, b any) bool { return cmp.Equal(copied(a), copied(b)) }

// errInvalid marks an edit that makes no sense for a value.
var errInvalid = errors.New("it makes no sense")

// meant is what an edit means, said once more and in another way than package
// fix does: it builds the new value from the old one.
func meant(old any, e audit.Edit, path document.Path) (any, error) {
	if len(path) == 0 {
		if e.Op == audit.Set {
			return e.Value, nil
		}
		if list, ok := old.([]any); ok || old == nil {
			return append(slices.Clip(list), e.Value), nil
		}
		return nil, errInvalid
	}
	if path[0].IsIndex() {
		list, ok := old.([]any)
		i := path[0].Index
		if !ok && old != nil || i > len(list) {
			return nil, errInvalid
		}
		result := append([]any{}, list...)
		if i == len(list) {
			result = append(result, nil)
		}
		child, err := meant(result[i], e, path[1:])
		result[i] = child
		return result, err
	}
	m, ok := old.(map[string]any)
	if !ok && old != nil {
		return nil, errInvalid
	}
	result := map[string]any{}
	maps.Copy(result, m)
	child, err := meant(m[path[0].Key], e, path[1:])
	result[path[0].Key] = child
	return result, err
}

// without is what a removal means, and what of the path it takes away.
func without(old any, path document.Path) (any, document.Path) {
	parent, ok := found(old, path[:len(path)-1])
	if _, there := found(old, path); !ok || !there {
		return old, nil
	}
	last := path[len(path)-1]
	if last.IsIndex() {
		list := parent.([]any)
		rest := append([]any{}, list[:last.Index]...)
		return put(old, path[:len(path)-1], append(rest, list[last.Index+1:]...)), path
	}
	m := parent.(map[string]any)
	keeps := []string{"selector", "podSelector", "namespaceSelector", "labelSelector", "emptyDir", "metadata", "spec"}
	if len(m) == 1 && len(path) > 1 && !path[len(path)-2].IsIndex() && !slices.Contains(keeps, path[len(path)-2].Key) {
		return without(old, path[:len(path)-1])
	}
	rest := map[string]any{}
	for key, value := range m {
		if key != last.Key {
			rest[key] = value
		}
	}
	return put(old, path[:len(path)-1], rest), path
}

func put(old any, path document.Path, value any) any {
	result, err := meant(old, audit.Edit{Op: audit.Set, Value: value}, path)
	if err != nil {
		panic(err)
	}
	return result
}

func found(value any, path document.Path) (any, bool) {
	for _, step := range path {
		switch v := value.(type) {
		case map[string]any:
			child, ok := v[step.Key]
			if !ok || step.IsIndex() {
				return nil, false
			}
			value = child
		case []any:
			if !step.IsIndex() || step.Index >= len(v) {
				return nil, false
			}
			value = v[step.Index]
		default:
			return nil, false
		}
	}
	return value, true
}

// paths lists every path of a value but the first.
func paths(value any, at document.Path) []document.Path {
	var all []document.Path
	add := func(step document.Step, child any) {
		path := append(slices.Clone(at), step)
		all = append(append(all, path), paths(child, path)...)
	}
	switch v := value.(type) {
	case map[string]any:
		keys := make([]string, 0, len(v))
		for key := range v {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		for _, key := range keys {
			add(document.Key(key), v[key])
		}
	case []any:
		for i, element := range v {
			add(document.Index(i), element)
		}
	}
	return all
}

// randomEdit returns an edit of a place that is there, or of one that is not.
func randomEdit(r *rand.Rand, value any) (audit.Edit, document.Path) {
	path := document.Path{document.Key(randomKey(r))}
	if all := paths(value, nil); len(all) > 0 && r.IntN(8) > 0 {
		path = pick(r, all...)
	}
	for r.IntN(3) == 0 {
		step := document.Key(randomKey(r))
		if held, _ := found(value, path); r.IntN(3) == 0 {
			list, _ := held.([]any)
			step = document.Index(len(list))
		} else if list, ok := held.([]any); ok {
			step = document.Index(len(list) + r.IntN(2))
		}
		path = append(slices.Clone(path), step)
	}
	e := audit.Edit{Op: pick(r, audit.Set, audit.Remove, audit.Append), Path: path.String()}
	if e.Op != audit.Remove {
		e.Value = copied(randomValue(r, 2))
	}
	return e, path
}

// touches reports whether an edit may take a comment away.
func touches(e audit.Edit, path document.Path, c comment) bool {
	if len(c.path) == 1 && c.path[0].Key == "anchored" {
		return true // written anew, it loses the anchor and what is beside it
	}
	within := len(c.path) >= len(path) && slices.Equal(c.path[:len(path)], path)
	switch e.Op {
	case audit.Append:
		return false
	case audit.Set:
		return within && (len(c.path) > len(path) || !c.head)
	default:
		return within
	}
}

// Random edits of random documents in random styles: what the edit means is what
// the text says then, and what it does not touch keeps its comments.
func TestApplyRandomEdits(t *testing.T) {
	t.Parallel()
	faults := 0
	for seed := range kubetest.Rounds(uint64(3000)) {
		if !checkSeed(t, seed) {
			if faults++; faults > 4 {
				t.FailNow()
			}
		}
	}
}

func FuzzRandomEdits(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(func(t *testing.T, seed uint64) { checkSeed(t, seed) })
}

func checkSeed(t *testing.T, seed uint64) bool {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	var shared any
	value := randomMap(r, 4, 1+r.IntN(4))
	if seed%5 == 4 {
		shared = randomValue(r, 2)
		value["anchored"] = shared
		value["other"] = map[string]any{"a": shared, "b": []any{shared, shared}}
	}
	w := written(r, value, shared)
	text := []byte(w.text.String())
	if diff := cmp.Diff(copied(value), tree(t, text)); diff != "" {
		t.Fatalf("seed %d: the test writes what it does not mean (-meant +written):\n%s\n%s", seed, diff, text)
	}
	comments := w.comments
	for range 3 {
		e, path := randomEdit(r, tree(t, text))
		got, gone, err := expectEdit(t, text, e, path)
		switch {
		case shared != nil && errors.Is(err, fix.ErrEntangled):
			continue
		case err != nil:
			t.Errorf("seed %d: %v in\n%s", seed, err, text)
			return false
		case got == nil:
			continue
		}
		for _, c := range comments {
			if (gone == nil || !touches(e, gone, c)) && !strings.Contains(string(got), c.text) {
				t.Errorf("seed %d: %v %s to %#v loses %q of %s:\n%s\nbecame\n%s", seed, e.Op, e.Path, e.Value, c.text, c.path, text, got)
				return false
			}
		}
		text, comments = got, nil // the paths of the comments are those of the first text
	}
	return true
}

// expectEdit makes an edit and compares what the text then says with what the
// edit means. It returns the new text, nil where the edit makes no sense, and
// the path of what is gone or new.
func expectEdit(t *testing.T, text []byte, e audit.Edit, path document.Path) (got []byte, gone document.Path, err error) {
	t.Helper()
	want, gone, invalid := outcome(tree(t, text), e, path)
	got, err = fix.Apply(text, []audit.Edit{e})
	switch {
	case invalid != nil && err == nil:
		return nil, nil, fmt.Errorf("%v %s is not refused", e.Op, e.Path)
	case invalid != nil:
		return nil, nil, nil
	case err != nil:
		return nil, nil, fmt.Errorf("%v %s to %#v: %w", e.Op, e.Path, e.Value, err)
	}
	if diff := cmp.Diff(copied(want), tree(t, got)); diff != "" {
		return nil, nil, fmt.Errorf("%v %s to %#v (-want +got):\n%s\nbecame\n%s", e.Op, e.Path, e.Value, diff, got)
	}
	if bytes.HasSuffix(text, []byte("\n")) && !bytes.HasSuffix(got, []byte("\n")) { // the next document begins here
		return nil, nil, fmt.Errorf("%v %s to %#v takes the last line break away:\n%s", e.Op, e.Path, e.Value, got)
	}
	return got, gone, nil
}

// outcome is what an edit means, and what of its path is gone or new.
func outcome(before any, e audit.Edit, path document.Path) (any, document.Path, error) {
	if e.Op == audit.Remove {
		after, gone := without(before, path)
		return after, gone, nil
	}
	after, err := meant(before, e, path)
	return after, path, err
}

// Whatever the text, an edit that is made is the one that was meant.
func FuzzApply(f *testing.F) {
	for _, path := range []string{"spec.replicas", "spec.template.spec.containers[0].ports[0].name", "metadata.labels.a", "b[1]"} {
		for op := range 3 {
			f.Add([]byte(deployment), op, path, `{"a": [1, "x\ny\n"]}`)
			f.Add([]byte("metadata: &m {labels: {<<: {a: b}}, a: [1,2,]}\nb: [*m, ? x, y: ]\n"), op, path, `":"`)
			f.Add([]byte("? metadata\n: - a\n  - !!str b\nb: >-\n  x\n\n---\nc: 1"), op, path, `null`)
		}
	}
	f.Fuzz(func(t *testing.T, text []byte, op int, field, encoded string) {
		var value any
		path, err := document.ParsePath(field)
		if err != nil || len(path) == 0 || json.Unmarshal([]byte(encoded), &value) != nil {
			return
		}
		e := audit.Edit{Op: audit.Op(uint(op) % 3), Path: field, Value: value}
		if _, err := fix.Apply(text, []audit.Edit{e}); err != nil {
			return // what is refused is not looked at: it may not even be YAML
		}
		if _, _, err := expectEdit(t, text, e, path); err != nil {
			t.Errorf("%v in\n%s", err, text)
		}
	})
}
