// Package patch writes the change of an object as a patch: what kubectl patch and
// kustomize take.
//
// # Design
//
// A strategic merge patch names what it changes, so that a person can read it and it
// still fits when something else of the object has changed. Not everything can be
// said in one: kinds that are not built in have no strategy, and some lists (the
// elements of which have no key, or two the same) can only be replaced. So a patch
// is made by upstream's own code, bared of the directives that kustomize does not
// have (the order of elements, the keys to retain), and proved: only if it leads from
// the one object to the other is it used. Otherwise the patch is a JSON patch
// (RFC 6902), which goes by places, and tests the names that it passes by.
//
// This package makes values of values: how they are quoted and where they are written
// is for others to say.
package patch

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/strategicpatch"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Patch is the change of an object.
type Patch struct {
	// Strategic is the strategic merge patch; nil where the change cannot be said as
	// one.
	Strategic audit.Object
	JSON      []Operation // the same as a JSON patch
}

// Empty reports whether nothing changes.
func (p Patch) Empty() bool { return len(p.JSON) == 0 }

// Operation is one operation of a JSON patch (RFC 6902).
type Operation struct {
	Op    string // "test", "add", "remove" or "replace"
	Path  string // a JSON pointer (RFC 6901)
	Value any    // nothing for "remove"
}

// MarshalJSON leaves the value of a removal out, and no other.
func (o Operation) MarshalJSON() ([]byte, error) {
	if o.Op == "remove" {
		return json.Marshal(map[string]any{"op": o.Op, "path": o.Path})
	}
	return json.Marshal(struct {
		Op    string `json:"op"`
		Path  string `json:"path"`
		Value any    `json:"value"`
	}{o.Op, o.Path, o.Value})
}

// Of returns the patch that leads from one state of an object of a resource to
// another, both of JSON-like values. The error is of values that are not.
func Of(r kube.Resource, before, after audit.Object) (Patch, error) {
	was, err := decoded(before)
	if err != nil {
		return Patch{}, err
	}
	is, err := decoded(after)
	if err != nil {
		return Patch{}, err
	}
	p := Patch{JSON: operations(nil, "", was, is)}
	if len(p.JSON) > 0 {
		p.Strategic = strategic(r, was, is)
	}
	return p, nil
}

// decoded gives values the types that encoding/json does.
func decoded(o audit.Object) (map[string]any, error) {
	encoded, err := json.Marshal(o)
	if err != nil {
		return nil, fmt.Errorf("encoding the object: %w", err)
	}
	var value map[string]any
	if err := json.Unmarshal(encoded, &value); err != nil {
		return nil, fmt.Errorf("decoding the object: %w", err)
	}
	return value, nil
}

// schemaOf returns a value of the API's type, which says how its lists are merged;
// nil for custom resources.
func schemaOf(r kube.Resource) any {
	switch {
	case r.Custom():
		return nil
	case r == kube.Pods:
		return &corev1.Pod{}
	case r == kube.ReplicaSets:
		return &appsv1.ReplicaSet{}
	}
	return kube.NewObject(r)
}

// strategic returns the strategic merge patch, nil if there is none that leads to
// the outcome.
func strategic(r kube.Resource, before, after map[string]any) audit.Object {
	schema := schemaOf(r)
	if schema == nil {
		return nil
	}
	meta, err := strategicpatch.NewPatchMetaFromStruct(schema)
	if err != nil {
		return nil
	}
	was, errWas := json.Marshal(before)
	is, errIs := json.Marshal(after)
	if errWas != nil || errIs != nil {
		return nil
	}
	encoded, err := strategicpatch.CreateTwoWayMergePatchUsingLookupPatchMeta(was, is, meta)
	if err != nil {
		return nil
	}
	var patch map[string]any
	if err := json.Unmarshal(encoded, &patch); err != nil || !portable(patch) {
		return nil
	}
	if encoded, err = json.Marshal(patch); err != nil {
		return nil
	}
	merged, err := strategicpatch.StrategicMergePatchUsingLookupPatchMeta(was, encoded, meta)
	if err != nil {
		return nil
	}
	var outcome map[string]any
	if err := json.Unmarshal(merged, &outcome); err != nil || !reflect.DeepEqual(outcome, after) {
		return nil
	}
	return patch
}

// portable takes the directives out of a patch that only say more exactly what it
// says anyway, and reports whether kustomize has the others.
func portable(value any) bool {
	switch v := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			switch {
			case strings.HasPrefix(key, "$setElementOrder/"), key == "$retainKeys":
				delete(v, key)
			case key == "$patch" && v[key] == "delete":
			case strings.HasPrefix(key, "$"), !portable(v[key]):
				return false
			}
		}
	case []any:
		for _, element := range v {
			if !portable(element) {
				return false
			}
		}
	}
	return true
}

// operations adds what leads from one value to another at a place.
func operations(all []Operation, at string, before, after any) []Operation {
	if reflect.DeepEqual(before, after) {
		return all
	}
	switch was := before.(type) {
	case map[string]any:
		if is, ok := after.(map[string]any); ok {
			return ofMaps(all, at, was, is)
		}
	case []any:
		if is, ok := after.([]any); ok && len(is) >= len(was) && len(was) > 0 {
			return ofLists(all, at, was, is)
		}
	}
	return append(all, Operation{Op: "replace", Path: at, Value: after})
}

func ofMaps(all []Operation, at string, before, after map[string]any) []Operation {
	keys := maps.Clone(before)
	maps.Copy(keys, after)
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		was, had := before[key]
		is, has := after[key]
		place := at + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
		switch {
		case !has:
			all = append(all, Operation{Op: "remove", Path: place})
		case !had:
			all = append(all, Operation{Op: "add", Path: place, Value: is})
		default:
			all = operations(all, place, was, is)
		}
	}
	return all
}

// ofLists goes through a list that did not become shorter. The name of an element
// that changes is tested: another one may be in its place by then.
func ofLists(all []Operation, at string, before, after []any) []Operation {
	for i := range before {
		place := at + "/" + strconv.Itoa(i)
		inside := operations(nil, place, before[i], after[i])
		element, _ := before[i].(map[string]any)
		name, named := element["name"].(string)
		if named && len(inside) > 0 {
			all = append(all, Operation{Op: "test", Path: place + "/name", Value: name})
		}
		all = append(all, inside...)
	}
	for _, element := range after[len(before):] {
		all = append(all, Operation{Op: "add", Path: at + "/-", Value: element})
	}
	return all
}
