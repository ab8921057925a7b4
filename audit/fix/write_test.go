package fix_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/kube/document"
)

// writer writes a random value as a person might: in many styles at once, and
// with comments, each of which it remembers.
type writer struct {
	*rand.Rand
	text       strings.Builder
	newline    string
	step, list int
	json       bool
	commented  bool
	shared     any // the value that the anchor &s holds
	anchored   bool
	comments   []comment
}

// comment is a comment and what it is about.
type comment struct {
	text string
	path document.Path
	head bool // on a line of its own before what it is about
}

// chance is true once in n times.
func (w *writer) chance(n int) bool { return w.IntN(n) == 0 }

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

// written writes a document that holds a map.
func written(r *rand.Rand, value map[string]any, shared any) *writer {
	w := &writer{
		Rand: r, newline: pick(r, "\n", "\n", "\r\n"), step: pick(r, 2, 2, 4, 3), list: pick(r, 0, 2),
		json: r.IntN(6) == 0, commented: r.IntN(3) > 0, shared: shared,
	}
	if shared != nil {
		w.json = false
	}
	if w.chance(8) {
		w.text.WriteString("\ufeff")
	}
	if w.chance(4) {
		w.text.WriteString("---" + w.newline)
	}
	switch {
	case w.json:
		w.commented = false
		w.flow(value, nil, 0, w.chance(2))
	default:
		w.mapping(value, nil, 0, false)
	}
	switch {
	case w.chance(5) && !strings.Contains(w.text.String(), ": |") && !strings.Contains(w.text.String(), "- |"):
	case w.chance(6):
		w.text.WriteString(w.newline + "...")
		fallthrough
	default:
		w.text.WriteString(w.newline)
	}
	return w
}

func (w *writer) pad(columns int) { w.text.WriteString(strings.Repeat(" ", columns)) }

// remark writes a comment after something on its line.
func (w *writer) remark(path document.Path) {
	if w.commented && w.chance(3) {
		w.text.WriteString(pick(w.Rand, " ", "   ") + w.comment(path, false))
	}
}

func (w *writer) comment(path document.Path, head bool) string {
	text := fmt.Sprintf("# c%d: it's \"so\" ", len(w.comments))
	w.comments = append(w.comments, comment{strings.TrimRight(text, " "), slices.Clone(path), head})
	return strings.TrimRight(text, " ")
}

// above writes blank lines and comments before an entry, each with its break.
func (w *writer) above(path document.Path, indent int) {
	if w.chance(8) {
		w.text.WriteString(w.newline)
	}
	if w.commented && w.chance(5) {
		w.pad(indent)
		w.text.WriteString(w.comment(path, true) + w.newline)
	}
}

func (w *writer) keys(m map[string]any) []string {
	keys := slices.Sorted(maps.Keys(m))
	w.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
	if i := slices.Index(keys, "anchored"); i > 0 { // an anchor comes before its aliases
		keys[0], keys[i] = keys[i], keys[0]
	}
	return keys
}

// mapping writes a map in block style, without the last break. With inline its
// first key stands where the text ends.
func (w *writer) mapping(m map[string]any, path document.Path, indent int, inline bool) {
	for i, key := range w.keys(m) {
		child := append(slices.Clip(path), document.Key(key))
		if i > 0 {
			w.text.WriteString(w.newline)
		}
		if i > 0 || !inline {
			w.above(child, indent)
			w.pad(indent)
		}
		w.text.WriteString(w.scalar(key, false, 0) + ":")
		w.value(m[key], child, indent, true)
	}
}

// value writes what follows the colon of a key, or the dash of an element.
func (w *writer) value(value any, path document.Path, indent int, ofKey bool) {
	if w.anchor(value, path) {
		w.remark(path)
		return
	}
	m, isMap := value.(map[string]any)
	list, isList := value.([]any)
	if len(m)+len(list) == 0 || w.chance(5) {
		w.inline(value, path, indent)
		return
	}
	step := w.step
	switch {
	case !ofKey:
		step = 2
	case isList:
		step = w.list
	}
	inline := !ofKey && !strings.HasSuffix(w.text.String(), "&s") && !w.chance(3)
	if inline {
		w.text.WriteByte(' ')
	} else {
		w.remark(path)
		w.text.WriteString(w.newline)
	}
	if isMap {
		w.mapping(m, path, indent+step, inline)
	} else {
		w.sequence(list, path, indent+step, inline)
	}
}

// inline writes a value that begins on the line of its key or dash.
func (w *writer) inline(value any, path document.Path, indent int) {
	w.text.WriteByte(' ')
	before := w.text.Len()
	switch value.(type) {
	case map[string]any, []any:
		w.flow(value, path, indent+2, w.chance(4))
	default:
		w.text.WriteString(w.scalar(value, false, indent+2))
	}
	if !strings.HasPrefix(w.text.String()[before:], "|") {
		w.remark(path)
	}
}

// anchor writes the anchor of the shared value, or an alias in its stead; true
// if there is nothing more to write.
func (w *writer) anchor(value any, path document.Path) bool {
	if w.shared == nil || !same(value, w.shared) {
		return false
	}
	if !w.anchored && len(path) == 1 && path[0].Key == "anchored" {
		w.anchored = true
		w.text.WriteString(" &s")
		return false
	}
	if w.anchored && w.chance(2) {
		w.text.WriteString(" *s")
		return true
	}
	return false
}

func (w *writer) sequence(list []any, path document.Path, indent int, inline bool) {
	for i, element := range list {
		child := append(slices.Clip(path), document.Index(i))
		if i > 0 {
			w.text.WriteString(w.newline)
		}
		if i > 0 || !inline {
			w.above(child, indent)
			w.pad(indent)
		}
		w.text.WriteByte('-')
		w.value(element, child, indent, false)
	}
}

// flow writes a value in flow style, on one line or one for each element.
func (w *writer) flow(value any, path document.Path, indent int, lines bool) {
	switch v := value.(type) {
	case map[string]any:
		var steps []document.Step
		for _, key := range w.keys(v) {
			steps = append(steps, document.Key(key))
		}
		w.text.WriteByte('{')
		w.flowSteps(value, steps, path, indent, lines)
		w.text.WriteByte('}')
	case []any:
		var steps []document.Step
		for i := range v {
			steps = append(steps, document.Index(i))
		}
		w.text.WriteByte('[')
		w.flowSteps(value, steps, path, indent, lines)
		w.text.WriteByte(']')
	default:
		w.text.WriteString(w.scalar(value, true, 0))
	}
}

// flowSteps writes what stands between braces or brackets.
func (w *writer) flowSteps(value any, steps []document.Step, path document.Path, indent int, lines bool) {
	between := pick(w.Rand, "", " ")
	for i, step := range steps {
		child := append(slices.Clip(path), step)
		switch {
		case lines:
			w.text.WriteString(w.newline)
			w.above(child, indent)
			w.pad(indent)
		case i > 0:
			w.text.WriteByte(' ')
		default:
			w.text.WriteString(between)
		}
		if !step.IsIndex() {
			w.text.WriteString(w.scalar(step.Key, true, 0) + ": ")
		}
		element, _ := found(value, document.Path{step})
		w.flow(element, child, indent+2, lines)
		if i < len(steps)-1 || !w.json && w.chance(8) {
			w.text.WriteByte(',')
		}
		if lines {
			w.remark(child)
		}
	}
	if lines && len(steps) > 0 {
		w.text.WriteString(w.newline)
		w.pad(max(indent-2, 0))
	} else if len(steps) > 0 {
		w.text.WriteString(between)
	}
}

// scalar writes a value that is no collection. A positive indent is where the
// lines of a text of several lines may begin.
func (w *writer) scalar(value any, inFlow bool, indent int) string {
	encoded, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	quoted := string(encoded)
	text, isText := value.(string)
	switch {
	case w.json:
		return quoted
	case value == nil:
		return pick(w.Rand, "null", "~")
	case !isText:
		return quoted
	}
	choices := []string{quoted}
	if !strings.ContainsAny(text, "\n\r\t\u2028") {
		choices = append(choices, "'"+strings.ReplaceAll(text, "'", "''")+"'")
	}
	if slices.Contains(plainTexts(), text) {
		choices = append(choices, text, text, text)
		if a, b, ok := strings.Cut(text, " "); ok && indent > 0 && !inFlow {
			choices = append(choices, a+w.newline+strings.Repeat(" ", indent)+b)
		}
	}
	if body, ends := strings.CutSuffix(text, "\n"); indent > 0 && !inFlow && strings.HasPrefix(body, "line") {
		break1 := w.newline + strings.Repeat(" ", indent)
		header := map[bool]string{true: "|", false: "|-"}[ends]
		literal := header + break1 + strings.ReplaceAll(body, "\n", break1)
		choices = append(choices, literal, literal)
	}
	return pick(w.Rand, choices...)
}

// plainTexts need no quotes anywhere.
func plainTexts() []string {
	return []string{"a", "web", "web:1.2", "some words here", "x-y_z/w", "ü", "日本", "it's"}
}

// oddTexts need quotes or more.
func oddTexts() []string {
	return []string{
		"", "yes", "y", "null", "~", "1", "1e3", "0x1f", "true", " a", "a ", "a: b", "a #b", "# a", "- a", "[a", "{", "*a", "&a",
		"!a", "%a", "@a", "`a", "a, b", "'", "\"", "\\", "2026-01-02", "line\nline", "line\nline\n", "line\n\nline", "line\n  line\n",
		"\n", "a\n", "a\n\n", "\tx", "x\ty", "a\rb", "---", "...", "---\na", "<<", "=", "?", "? a", "a:", "\u2028", "日本: 語", "-", ":a",
	}
}

// randomKey returns a key, often one of those that manifests have.
func randomKey(r *rand.Rand) string {
	if r.IntN(8) == 0 {
		return pick(r, oddTexts()...)
	}
	return pick(r, "name", "spec", "metadata", "selector", "emptyDir", "image", "args", "labels", "app.kubernetes.io/name", "x", "a b", "ü")
}

// randomValue returns a value of at most so many levels.
func randomValue(r *rand.Rand, depth int) any {
	kind := r.IntN(10)
	switch {
	case depth > 0 && kind < 4:
		return randomMap(r, depth, r.IntN(4))
	case depth > 0 && kind < 6:
		list := []any{}
		for range r.IntN(4) {
			list = append(list, randomValue(r, depth-1))
		}
		return list
	case kind == 6:
		return pick[any](r, nil, true, false)
	case kind == 7:
		return pick[any](r, 0, -1, 8080, 1.5, 1<<40)
	case kind == 8:
		return pick(r, oddTexts()...)
	}
	return pick(r, plainTexts()...)
}

func randomMap(r *rand.Rand, depth, size int) map[string]any {
	m := map[string]any{}
	for range size {
		m[randomKey(r)] = randomValue(r, depth-1)
	}
	return m
}
