package fix

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"unicode/utf8"

	"k8s.io/apimachinery/pkg/util/json"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube/document"
)

// Faults of an edit that cannot be applied to an object.
var (
	errNoField   = errors.New("the path names no field")
	errNotAMap   = errors.New("it is no map")
	errNotAList  = errors.New("it is no list")
	errNoElement = errors.New("the list has no such element")
)

// edited returns a value with one edit applied: what the edit means. The value
// is changed in place where it can be.
func edited(value any, op audit.Op, path document.Path, to any) (any, error) {
	if len(path) == 0 {
		switch list, isList := value.([]any); {
		case op == audit.Set:
			return to, nil
		case op == audit.Append && (isList || value == nil):
			return append(list, to), nil
		}
		return nil, errNotAList
	}
	if path[0].IsIndex() {
		return editedList(value, op, path, to)
	}
	m, isMap := value.(map[string]any)
	if !isMap && value != nil {
		return nil, errNotAMap
	}
	child, exists := m[path[0].Key]
	if op == audit.Remove && !exists {
		return value, nil
	}
	if op == audit.Remove && len(path) == 1 {
		delete(m, path[0].Key)
		return m, nil
	}
	child, err := edited(child, op, path[1:], to)
	if err != nil {
		return nil, err
	}
	if m == nil {
		m = map[string]any{}
	}
	m[path[0].Key] = child
	return m, nil
}

func editedList(value any, op audit.Op, path document.Path, to any) (any, error) {
	list, isList := value.([]any)
	index := path[0].Index
	switch {
	case !isList && value != nil:
		return nil, errNotAList
	case op == audit.Remove && index >= len(list):
		return value, nil
	case op == audit.Remove && len(path) == 1:
		return append(list[:index:index], list[index+1:]...), nil
	case index > len(list):
		return nil, errNoElement
	case index == len(list):
		list = append(list, nil)
	}
	child, err := edited(list[index], op, path[1:], to)
	if err != nil {
		return nil, err
	}
	list[index] = child
	return list, nil
}

// plain turns a value into JSON-like values: maps, lists, strings, numbers,
// booleans and nil.
func plain(value any) (any, error) {
	if same, ok := plainCopy(value); ok {
		return same, nil
	}
	encoded, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("encoding the new value: %w", err)
	}
	var result any
	if err := json.Unmarshal(encoded, &result); err != nil {
		return nil, fmt.Errorf("encoding the new value: %w", err)
	}
	return result, nil
}

// plainCopy is what [plain] makes of values that are JSON-like already, false for others.
func plainCopy(value any) (any, bool) {
	switch v := value.(type) {
	case nil, bool, int64:
		return v, true
	case int:
		return int64(v), true
	case string:
		return v, utf8.ValidString(v)
	case map[string]any:
		return plainMap(v)
	case []any:
		if v == nil {
			return nil, true
		}
		list := make([]any, len(v))
		for i, element := range v {
			same, ok := plainCopy(element)
			if !ok {
				return nil, false
			}
			list[i] = same
		}
		return list, true
	}
	return nil, false
}

func plainMap(of map[string]any) (any, bool) {
	if of == nil {
		return nil, true
	}
	m := make(map[string]any, len(of))
	for key, element := range of {
		same, ok := plainCopy(element)
		if !ok || !utf8.ValidString(key) {
			return nil, false
		}
		m[key] = same
	}
	return m, true
}

// equal reports whether two values are the same to Kubernetes: 1 is 1.0.
func equal(a, b any) bool {
	switch a := a.(type) {
	case map[string]any:
		return equalMaps(a, b)
	case []any:
		list, ok := b.([]any)
		return ok && slices.EqualFunc(a, list, equal)
	}
	x, xIsNumber := number(a)
	y, yIsNumber := number(b)
	if xIsNumber || yIsNumber {
		return xIsNumber && yIsNumber && (x == y || math.IsNaN(x) && math.IsNaN(y))
	}
	return a == b
}

func equalMaps(a map[string]any, b any) bool {
	m, ok := b.(map[string]any)
	return ok && maps.EqualFunc(a, m, equal)
}

func number(value any) (float64, bool) {
	switch n := value.(type) {
	case int:
		return float64(n), true
	case int64:
		return float64(n), true
	case uint64:
		return float64(n), true
	case float64:
		return n, true
	}
	return 0, false
}

// emptyMatters lists the fields for which an empty map says something that an
// absent one does not: all pods instead of none, or which kind of volume.
func emptyMatters(key string) bool {
	switch key {
	case "selector", "podSelector", "namespaceSelector", "labelSelector", "emptyDir", "metadata", "spec":
		return true
	}
	return false
}

// topmost returns the path of what a removal takes away: the field, or the
// outermost of its parents that would be left as an empty map.
func topmost(value any, path document.Path) document.Path {
	for len(path) > 1 && !path[len(path)-1].IsIndex() && !path[len(path)-2].IsIndex() {
		m, isMap := at(value, path[:len(path)-1]).(map[string]any)
		_, has := m[path[len(path)-1].Key]
		if !isMap || len(m) != 1 || !has || emptyMatters(path[len(path)-2].Key) {
			return path
		}
		path = path[:len(path)-1]
	}
	return path
}

// exists reports whether a path leads to something, be it null.
func exists(value any, path document.Path) bool {
	last := path[len(path)-1]
	switch parent := at(value, path[:len(path)-1]).(type) {
	case map[string]any:
		_, has := parent[last.Key]
		return has && !last.IsIndex()
	case []any:
		return last.IsIndex() && last.Index < len(parent)
	}
	return false
}

// at returns what a path leads to, nil if there is nothing.
func at(value any, path document.Path) any {
	for _, step := range path {
		switch v := value.(type) {
		case map[string]any:
			if step.IsIndex() {
				return nil
			}
			value = v[step.Key]
		case []any:
			if !step.IsIndex() || step.Index >= len(v) {
				return nil
			}
			value = v[step.Index]
		default:
			return nil
		}
	}
	return value
}
