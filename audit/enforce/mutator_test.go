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
	"sync"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// mutator makes objects of parts of others.
type mutator struct {
	*stock
	random *rand.Rand
}

// stock is what objects are made of. It never changes.
type stock struct {
	objects []map[string]any
	// examples are the objects by the rule whose examples they are.
	examples map[string][]map[string]any
	parts    map[string][]any // by place, numbers of lists left out
}

func newMutator(t *testing.T, seed uint64) *mutator {
	t.Helper()
	all, err := stocked()
	if err != nil {
		t.Fatal(err)
	}
	return &mutator{all, rand.New(rand.NewPCG(seed, 2026))}
}

// stocked reads the examples of all rules, and public manifests where there are any.
var stocked = sync.OnceValues(func() (*stock, error) {
	s := &stock{parts: map[string][]any{}, examples: map[string][]map[string]any{}}
	kinds := map[string]bool{}
	for r := range enforceable() {
		for _, resource := range append(slices.Clone(r.Admission.Resources), kube.WorkloadResources()...) {
			kinds[resource.Kind] = true
		}
	}
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
			for _, object := range documents(text) { // without templates, and examples of what is no YAML
				if kind, _ := object["kind"].(string); kinds[kind] {
					id := filepath.Base(filepath.Dir(file))
					s.objects, s.examples[id] = append(s.objects, object), append(s.examples[id], object)
					s.collect("", object)
				}
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return s, nil
})

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

func (s *stock) collect(at string, value any) {
	switch value := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			below := place(at, key)
			s.parts[below] = append(s.parts[below], value[key])
			s.collect(below, value[key])
		}
	case []any:
		for _, element := range value {
			s.parts[at+"[]"] = append(s.parts[at+"[]"], element)
			s.collect(at, element)
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
