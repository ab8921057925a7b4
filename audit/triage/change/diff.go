package change

import (
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/runtime"
)

// Diff returns in what two pod templates differ, ordered by field, container and
// path; none if they mean the same: quantities are compared by value, lists whose
// elements have names by name, and what a server fills in or a controller adds
// (pod-template-hash) is left aside.
func Diff(before, after *corev1.PodTemplateSpec) []Difference {
	w := walk{defaults: podDefaults, field: podField}
	w.values(frame{}, treeOf(before), treeOf(after))
	sortDifferences(w.found)
	return w.found
}

// treeOf returns a template as maps and lists, nil for one that cannot be converted,
// which no template of the API is.
func treeOf(template *corev1.PodTemplateSpec) any {
	tree, err := runtime.DefaultUnstructuredConverter.ToUnstructured(template)
	if err != nil {
		return nil
	}
	delete(tree, "status")
	plainTemplate(tree)
	// What is in the template's spec is called as in a pod spec.
	spec, _ := tree["spec"].(map[string]any)
	flat := maps.Clone(spec)
	if flat == nil {
		flat = map[string]any{}
	}
	metadata, _ := tree["metadata"].(map[string]any)
	flat["metadata"] = metadata
	return flat
}

// walk compares two trees of maps, lists and values.
type walk struct {
	// defaults are the values that stand for none, by "parent/key" or "*/key".
	defaults map[string]string
	// field says what a place is about.
	field func(at frame) Field
	found []Difference
}

// frame is a place in a tree.
type frame struct {
	path      string
	parent    string // the key of the map or list around it
	key       string
	element   string // its name in the list that it is an element of, "" elsewhere
	container string
	top       string // the key below the root
	inner     string // the key below the container
}

// in returns the place of a key in a map.
func (f frame) in(key string) frame {
	next := f
	next.parent, next.key, next.element = f.key, key, ""
	if f.path == "" {
		next.path, next.top = key, key
		return next
	}
	next.path = f.path + "." + key
	if f.container != "" && f.inner == "" {
		next.inner = key
	}
	return next
}

// of returns the place of a named element of a list.
func (f frame) of(element string) frame {
	next := f
	next.path, next.element = f.path+"["+element+"]", element
	if f.parent == "" && isContainers(f.key) {
		next.container = element
	}
	return next
}

func isContainers(key string) bool {
	return key == "containers" || key == "initContainers" || key == "ephemeralContainers"
}

func (w *walk) add(at frame, before, after string) {
	w.found = append(w.found, Difference{Path: at.path, Container: at.container, Before: before, After: after, Field: w.field(at)})
}

// values compares what is in one place; nil stands for nothing.
func (w *walk) values(at frame, a, b any) {
	if empty(a) && empty(b) && !union(at, a, b) {
		return
	}
	switch {
	case at.element != "" && at.key == "env":
		w.variable(at, a, b)
		return
	case whole(at) && (a == nil || b == nil):
		w.add(at, summaryOf(at, a), summaryOf(at, b))
		return
	}
	if am, bm, are := both[map[string]any](a, b); are {
		w.maps(at, am, bm)
		return
	}
	if al, bl, are := both[[]any](a, b); are {
		w.lists(at, al, bl)
		return
	}
	w.leaf(at, a, b)
}

// both returns two values of one type, either of which may be nothing.
func both[T any](a, b any) (was, is T, are bool) {
	was, wasOne := a.(T)
	is, isOne := b.(T)
	return was, is, (wasOne || a == nil) && (isOne || b == nil)
}

// whole reports whether something that came or went is told as one, and not by its
// parts: an element of a list, a probe, a rule for scheduling.
func whole(at frame) bool {
	if at.element != "" {
		return true
	}
	switch at.key {
	case "livenessProbe", "readinessProbe", "startupProbe", "affinity", "lifecycle", "dnsConfig", "httpGet", "exec", "tcpSocket", "grpc":
		return true
	}
	return false
}

// union reports whether an empty value of two says more than none: a volume of the
// kind emptyDir has no other field.
func union(at frame, a, b any) bool {
	return (a == nil) != (b == nil) && (at.parent == "volumes" || at.key == "podSelector" || at.key == "namespaceSelector")
}

func (w *walk) maps(at frame, a, b map[string]any) {
	if at.element == "" && len(a) == 0 && len(b) == 0 {
		w.add(at, presence(a), presence(b))
		return
	}
	keys := slices.Collect(maps.Keys(a))
	for key := range b {
		if _, both := a[key]; !both {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	for _, key := range keys {
		w.values(at.in(key), a[key], b[key])
	}
}

func presence(m map[string]any) string {
	if m == nil {
		return ""
	}
	return "set"
}

func (w *walk) lists(at frame, a, b []any) {
	if scalars(a) && scalars(b) {
		w.texts(at, a, b)
		return
	}
	name := naming(at, a, b)
	was, is := named(name, a), named(name, b)
	elements := slices.Collect(maps.Keys(was))
	for element := range is {
		if _, both := was[element]; !both {
			elements = append(elements, element)
		}
	}
	slices.Sort(elements)
	for _, element := range elements {
		w.values(at.of(element), was[element], is[element])
	}
}

// texts compares lists of plain values.
func (w *walk) texts(at frame, a, b []any) {
	was, is := textsOf(a), textsOf(b)
	switch at.key {
	case "command", "args":
		if !slices.Equal(was, is) {
			before, after := commandLine(was, is)
			w.add(at, before, after)
		}
		return
	case "nameservers", "searches": // in the order in which they are asked
	default:
		slices.Sort(was)
		slices.Sort(is)
	}
	if !slices.Equal(was, is) {
		w.add(at, clip(scrub(strings.Join(was, ", ")), longest), clip(scrub(strings.Join(is, ", ")), longest))
	}
}

// leaf compares plain values.
func (w *walk) leaf(at frame, a, b any) {
	before, after := w.text(at, a), w.text(at, b)
	if before == after || quantities(at) && sameQuantity(before, after) {
		return
	}
	w.add(at, shown(at, before), shown(at, after))
}

// text returns a value as text, for none the one that a server fills in.
func (w *walk) text(at frame, value any) string {
	text := textOf(value)
	for _, key := range [...]string{at.parent + "/" + at.key, "*/" + at.key} {
		if filled, known := w.defaults[key]; known && text == "" {
			return filled
		}
	}
	return text
}

// shown is how a value is shown: short, and masked where it may be secret.
func shown(at frame, text string) string {
	switch {
	case text == "":
		return ""
	case at.key == "caBundle", at.parent == "httpHeaders" && at.key == "value":
		return Masked
	case at.parent == "annotations" || at.parent == "labels":
		if len(text) > 32 && !strings.ContainsAny(text, " ./") { // a checksum is told from another by how it begins
			return text[:8] + "…"
		}
	}
	return clip(scrub(text), longest)
}

// quantities reports whether values are quantities (k8s.io/apimachinery/pkg/api/resource).
func quantities(at frame) bool {
	switch at.parent {
	case "limits", "requests", "hard", "capacity", "default", "defaultRequest", "max", "min", "maxLimitRequestRatio", "overhead":
		return true
	}
	switch at.key {
	case "sizeLimit", "divisor", "averageValue":
		return true
	}
	return at.parent == "target" && at.key == "value"
}

func sameQuantity(a, b string) bool {
	was, err := resource.ParseQuantity(a)
	if err != nil {
		return false
	}
	is, err := resource.ParseQuantity(b)
	return err == nil && was.Cmp(is) == 0
}
