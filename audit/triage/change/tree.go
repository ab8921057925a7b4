package change

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// empty reports whether a value is none: absent, or an empty map or list, which
// mean the same in most places.
func empty(value any) bool {
	switch v := value.(type) {
	case nil:
		return true
	case map[string]any:
		return len(v) == 0
	case []any:
		return len(v) == 0
	}
	return false
}

// scalars reports whether a list has plain values only.
func scalars(list []any) bool {
	return !slices.ContainsFunc(list, func(v any) bool {
		switch v.(type) {
		case map[string]any, []any:
			return true
		}
		return false
	})
}

func textsOf(list []any) []string {
	texts := make([]string, len(list))
	for i, v := range list {
		texts[i] = textOf(v)
	}
	return texts
}

// textOf returns a plain value as people write it.
func textOf(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return fmt.Sprint(value)
}

// names are the fields by which elements of lists are told apart, the best first.
var names = [...]string{"name", "mountPath", "devicePath", "containerPort", "port", "conditionType", "topologyKey", "ip", "host", "key", "path", "type"}

// naming returns the field that names the elements of two lists, "" if their whole
// content does. Variables may be set twice, and the last one counts.
func naming(at frame, lists ...[]any) string {
	if at.key == "env" {
		return "name"
	}
	for _, name := range names {
		if !slices.ContainsFunc(lists, func(list []any) bool { return !distinctly(name, list) }) {
			return name
		}
	}
	return ""
}

// distinctly reports whether every element of a list has another value of a field.
func distinctly(name string, list []any) bool {
	seen := map[string]bool{}
	for _, element := range list {
		m, isMap := element.(map[string]any)
		if !isMap {
			return false
		}
		value, there := m[name]
		if !there || !scalars([]any{value}) || seen[textOf(value)] {
			return false
		}
		seen[textOf(value)] = true
	}
	return true
}

// named returns the elements of a list by their names.
func named(name string, list []any) map[string]any {
	all := make(map[string]any, len(list))
	for _, element := range list {
		m, isMap := element.(map[string]any)
		if name == "" || !isMap {
			all[canonical(element)] = element
			continue
		}
		all[textOf(m[name])] = element
	}
	return all
}

// canonical writes a value in one line, the same for equal values.
func canonical(value any) string {
	switch v := value.(type) {
	case map[string]any:
		var parts []string
		for _, key := range slices.Sorted(maps.Keys(v)) {
			switch inner := v[key].(type) {
			case map[string]any:
				parts = append(parts, key+" "+canonical(inner))
			case []any:
				parts = append(parts, key+" ["+canonical(inner)+"]")
			default:
				parts = append(parts, key+" "+textOf(inner))
			}
		}
		return strings.Join(parts, ", ")
	case []any:
		parts := make([]string, len(v))
		for i, element := range v {
			parts[i] = canonical(element)
		}
		if scalars(v) {
			slices.Sort(parts)
		}
		return strings.Join(parts, ", ")
	}
	return textOf(value)
}

// summaryOf says in a line what came or went as a whole, without values that may be
// secret; "" for nothing.
func summaryOf(at frame, value any) string {
	if value == nil {
		return ""
	}
	m, isMap := value.(map[string]any)
	switch {
	case !isMap:
		return shown(at, textOf(value))
	case at.container != "" && at.inner == "":
		return textOf(m["image"])
	case at.container != "" && strings.HasSuffix(at.key, "Probe") && at.element == "":
		return probeText(m)
	case isContainers(at.parent) && at.key == "volumeMounts":
		return textOf(m["name"])
	case at.parent == "" && at.key == "volumes":
		return volumeText(m)
	}
	return clip(scrub(canonical(withoutName(at, m))), longest)
}

// withoutName returns an element without the field that names it, and without what is
// not shown.
func withoutName(at frame, element map[string]any) map[string]any {
	rest := maps.Clone(element)
	for _, name := range names {
		if len(rest) > 1 && textOf(rest[name]) == at.element {
			delete(rest, name)
		}
	}
	delete(rest, "caBundle")
	for _, key := range [...]string{"env", "httpHeaders"} {
		if rest[key] != nil {
			rest[key] = Masked
		}
	}
	return rest
}

// volumeText says what a volume is made of: "secret tls", "emptyDir".
func volumeText(volume map[string]any) string {
	for _, kind := range slices.Sorted(maps.Keys(volume)) {
		source, isMap := volume[kind].(map[string]any)
		if !isMap {
			continue
		}
		for _, field := range [...]string{"name", "secretName", "claimName", "path", "driver"} {
			if of := textOf(source[field]); of != "" {
				return kind + " " + of
			}
		}
		return kind
	}
	return "set"
}

// probeText says what a probe does: "GET :8080/ready", "exec cat /ready".
func probeText(probe map[string]any) string {
	get, _ := probe["httpGet"].(map[string]any)
	exec, _ := probe["exec"].(map[string]any)
	socket, _ := probe["tcpSocket"].(map[string]any)
	call, _ := probe["grpc"].(map[string]any)
	switch {
	case get != nil:
		return clip(scrub("GET :"+textOf(get["port"])+textOf(get["path"])), longest)
	case exec != nil:
		command, _ := exec["command"].([]any)
		return clip(scrub("exec "+strings.Join(textsOf(command), " ")), longest)
	case socket != nil:
		return "TCP :" + textOf(socket["port"])
	case call != nil:
		return "gRPC :" + textOf(call["port"])
	}
	return "set"
}

// variable compares an environment variable. Its value is never shown; where it
// comes from is.
func (w *walk) variable(at frame, a, b any) {
	if canonicalJSON(a) == canonicalJSON(b) {
		return
	}
	w.add(at, sourceOf(a), sourceOf(b))
}

// canonicalJSON tells values apart that read alike.
func canonicalJSON(value any) string {
	text, err := json.Marshal(plainVariable(value))
	if err != nil {
		return canonical(value)
	}
	return string(text)
}

// plainVariable returns a variable without what a server fills in.
func plainVariable(value any) any {
	m, _ := value.(map[string]any)
	from, _ := m["valueFrom"].(map[string]any)
	if m == nil {
		return value
	}
	plain := map[string]any{"name": m["name"], "value": textOf(m["value"])}
	if from == nil {
		return plain
	}
	sources := map[string]any{}
	for kind, source := range from {
		s, _ := source.(map[string]any)
		s = maps.Clone(s)
		if textOf(s["apiVersion"]) == "v1" {
			delete(s, "apiVersion")
		}
		if textOf(s["divisor"]) == "0" {
			delete(s, "divisor")
		}
		sources[kind] = s
	}
	plain["valueFrom"] = sources
	return plain
}

// sourceOf says where the value of a variable comes from: "secret db key password".
func sourceOf(variable any) string {
	m, _ := variable.(map[string]any)
	if m == nil {
		return ""
	}
	from, _ := m["valueFrom"].(map[string]any)
	kinds := slices.Sorted(maps.Keys(from))
	if len(kinds) == 0 {
		return Masked
	}
	source, _ := from[kinds[0]].(map[string]any)
	switch kinds[0] {
	case "secretKeyRef":
		return "secret " + textOf(source["name"]) + " key " + textOf(source["key"])
	case "configMapKeyRef":
		return "configmap " + textOf(source["name"]) + " key " + textOf(source["key"])
	case "fieldRef":
		return "field " + textOf(source["fieldPath"])
	case "resourceFieldRef":
		return "resource " + textOf(source["resource"])
	}
	return kinds[0]
}
