package enforce_test

import (
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// mutator makes objects of parts of others.
type mutator struct {
	random  *rand.Rand
	objects []map[string]any
	// examples are the objects by the rule whose examples they are.
	examples map[string][]map[string]any
	parts    map[string][]any // by place, numbers of lists left out
}

func newMutator(t *testing.T, seed uint64) *mutator {
	t.Helper()
	m := &mutator{random: rand.New(rand.NewPCG(seed, 2026)), parts: map[string][]any{}, examples: map[string][]map[string]any{}}
	roots := []string{filepath.Join("..", "rules")}
	if dir := os.Getenv(corporaVariable); dir != "" {
		roots = append(roots, dir)
	}
	for _, root := range roots {
		err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || filepath.Ext(file) != ".yaml" {
				return err
			}
			text, err := os.ReadFile(file)
			for document := range strings.SplitSeq(string(text), "\n---") {
				var object map[string]any
				if yaml.Unmarshal([]byte(document), &object) != nil || object == nil {
					continue // a template, or examples of what is no YAML
				}
				if wanted(object) {
					m.objects = append(m.objects, object)
					id := filepath.Base(filepath.Dir(file))
					m.examples[id] = append(m.examples[id], object)
					m.collect("", object)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return m
}

// wanted are the kinds that policies are about.
func wanted(object map[string]any) bool {
	kinds := map[string]bool{}
	for r := range enforceable() {
		for _, resource := range append(slices.Clone(r.Admission.Resources), kube.WorkloadResources()...) {
			kinds[resource.Kind] = true
		}
	}
	kind, _ := object["kind"].(string)
	return kinds[kind]
}

// place is the key of a part below another: what is alike in all kinds has one name.
func place(at, key string) string {
	switch key {
	case "jobTemplate", "template":
		return "template"
	case "initContainers", "ephemeralContainers":
		return at + ".containers"
	case "spec":
		if at == "template" || at == "template.spec" {
			return "pod"
		}
	}
	return at + "." + key
}

func (m *mutator) collect(at string, value any) {
	switch value := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			below := place(at, key)
			m.parts[below] = append(m.parts[below], value[key])
			m.collect(below, value[key])
		}
	case []any:
		for _, element := range value {
			m.parts[at+"[]"] = append(m.parts[at+"[]"], element)
			m.collect(at, element)
		}
	}
}

// manifests returns so many objects, made of others, as documents of one file.
func (m *mutator) manifests(t *testing.T, name string, count int, of []map[string]any) string {
	t.Helper()
	var text strings.Builder
	for i := 0; i < count; i++ {
		changes, source := m.random.IntN(5), of[m.random.IntN(len(of))]
		if i < len(of) && len(of) < count { // each as it is, too
			changes, source = 0, of[i]
		}
		object := runtime.DeepCopyJSON(plain(source))
		metadata, _ := object["metadata"].(map[string]any)
		if metadata == nil {
			metadata = map[string]any{}
		}
		for range changes {
			m.change("", object)
		}
		if !hasContainers(object) {
			if changes > 0 {
				i--
			}
			continue
		}
		changed := map[string]any{"name": fmt.Sprintf("%s-%d", name, i), "namespace": "random"}
		for _, kept := range []string{"labels", "annotations"} {
			if metadata[kept] != nil {
				changed[kept] = metadata[kept]
			}
		}
		object["metadata"] = changed
		document, err := yaml.Marshal(object)
		if err != nil {
			t.Fatal(err)
		}
		text.WriteString("---\n")
		text.Write(document)
	}
	return text.String()
}

// required are fields without which no server takes an object with a pod spec.
var required = []string{"containers", "template", "jobTemplate", "spec", "paths"}

// hasContainers reports whether what makes pods names containers, as a server asks.
func hasContainers(object map[string]any) bool {
	path, ok := map[any][]string{
		kube.Pods.Kind: {"spec"}, kube.CronJobs.Kind: {"spec", "jobTemplate", "spec", "template", "spec"},
		"Deployment": template, "StatefulSet": template, "DaemonSet": template, "ReplicaSet": template,
		"ReplicationController": template, "Job": template,
	}[object["kind"]]
	containers, found, err := unstructured.NestedSlice(object, append(slices.Clone(path), "containers")...)
	return !ok || found && err == nil && len(containers) > 0 && !slices.Contains(containers, nil)
}

var template = []string{"spec", "template", "spec"}

// plain returns a value as JSON has it.
func plain(value map[string]any) map[string]any {
	encoded, err := yaml.Marshal(value)
	if err != nil {
		return value
	}
	var decoded map[string]any
	if yaml.Unmarshal(encoded, &decoded) != nil {
		return value
	}
	return decoded
}

// change changes one part of a value, somewhere below it.
func (m *mutator) change(at string, value any) {
	switch value := value.(type) {
	case map[string]any:
		keys := slices.Sorted(maps.Keys(value))
		if at == "" {
			keys = slices.DeleteFunc(keys, func(key string) bool { return key == "kind" || key == "apiVersion" || key == "metadata" })
		}
		if len(keys) > 0 {
			m.changeField(at, value, keys[m.random.IntN(len(keys))])
		}
	case []any:
		if len(value) > 0 {
			m.change(at, value[m.random.IntN(len(value))])
		}
	}
}

func (m *mutator) changeField(at string, value map[string]any, key string) {
	below := place(at, key)
	switch m.random.IntN(8) {
	case 0:
		if at != "" && !slices.Contains(required, key) {
			delete(value, key)
		}
	case 1:
		value[key] = m.part(below, value[key])
	case 2: // a part that this one lacks
		var lacking []string
		for known := range m.parts {
			if field, below := strings.CutPrefix(known, at+"."); below && !strings.ContainsAny(field, ".[") && value[field] == nil {
				lacking = append(lacking, field)
			}
		}
		if slices.Sort(lacking); len(lacking) > 0 {
			field := lacking[m.random.IntN(len(lacking))]
			value[field] = m.part(place(at, field), nil)
		}
	default:
		m.change(below, value[key])
	}
}

// part returns a part that some object has at a place.
func (m *mutator) part(at string, otherwise any) any {
	known := m.parts[at]
	if len(known) == 0 {
		return otherwise
	}
	copied := runtime.DeepCopyJSON(plain(map[string]any{"part": known[m.random.IntN(len(known))]}))
	return copied["part"]
}
