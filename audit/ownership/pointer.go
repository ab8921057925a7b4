package ownership

import (
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"
	"sigs.k8s.io/structured-merge-diff/v6/value"
)

// pointer leads to a field: the names of fields and the places of elements of lists. A step
// that is [anyElement] leads to each element.
type pointer []string

// anyElement is no name of a field and no place.
const anyElement = "[]"

// pointerOf reads a JSON pointer (RFC 6901); false if it is none.
func pointerOf(text string) (pointer, bool) {
	rest, ok := strings.CutPrefix(text, "/")
	if !ok {
		return nil, false
	}
	steps := strings.Split(rest, "/")
	for i, step := range steps {
		steps[i] = strings.ReplaceAll(strings.ReplaceAll(step, "~1", "/"), "~0", "~")
	}
	return steps, true
}

// jqStep is a step of an expression of jq that names what it leads to: .spec, ["a.b"], [0], [].
var jqStep = regexp.MustCompile(`^(?:\.([A-Za-z_][A-Za-z0-9_]*)|\.?\["([^"\\]*)"\]|\.?\[([0-9]*)\])`)

// simpleExpression reads an expression of jq that does nothing but lead to a field, as in
// .spec.template.spec.containers[].image. False for any other: jq is a language, and a
// program in it may never end.
func simpleExpression(text string) (pointer, bool) {
	var p pointer
	for rest := strings.TrimSpace(text); rest != ""; {
		found := jqStep.FindStringSubmatch(rest)
		if found == nil {
			return nil, false
		}
		switch name, key, place := found[1], found[2], found[3]; {
		case name != "":
			p = append(p, name)
		case strings.HasSuffix(found[0], `"]`):
			p = append(p, key)
		case place != "":
			p = append(p, place)
		default:
			p = append(p, anyElement)
		}
		rest = rest[len(found[0]):]
	}
	return p, len(p) > 0
}

// covers reports whether a field of an object is what the pointer leads to, or below.
func (p pointer) covers(field fieldpath.Path, object any) bool {
	if len(p) > len(field) {
		return false
	}
	at := object
	for i, step := range p {
		element := field[i]
		if element.FieldName != nil {
			if step != *element.FieldName {
				return false
			}
			members, _ := at.(map[string]any)
			at = members[step]
			continue
		}
		place, member := placeOf(element, at)
		if step != anyElement && step != strconv.Itoa(place) {
			return false
		}
		at = member
	}
	return true
}

// placeOf finds an element of a list, by its keys, its value or its index. It is -1 and nil
// if the list has none such.
func placeOf(element fieldpath.PathElement, list any) (int, any) {
	members, _ := list.([]any)
	for i, member := range members {
		switch {
		case element.Index != nil:
			if i == *element.Index {
				return i, member
			}
		case element.Value != nil:
			if same(*element.Value, member) {
				return i, member
			}
		case element.Key != nil:
			if hasKeys(*element.Key, member) {
				return i, member
			}
		}
	}
	return -1, nil
}

func hasKeys(keys value.FieldList, member any) bool {
	fields, ok := member.(map[string]any)
	if !ok {
		return false
	}
	for _, key := range keys {
		held, ok := fields[key.Name]
		if !ok || !same(key.Value, held) {
			return false
		}
	}
	return true
}

func same(v value.Value, held any) bool {
	return reflect.DeepEqual(v.Unstructured(), held)
}
