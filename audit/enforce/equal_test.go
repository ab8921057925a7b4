package enforce_test

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/enforce"
	"github.com/seaworthy-dev/seaworthy/audit/rules"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

// enforceable returns the rules that can be policies, each with where its examples are.
func enforceable() map[*audit.Rule]string {
	all := map[*audit.Rule]string{}
	for _, c := range rules.All() {
		for _, r := range c.Rules {
			if enforce.Can(r) == nil {
				all[r] = filepath.Join("..", "rules", c.ID, "testdata", r.ID)
			}
		}
	}
	return all
}

func exported(t *testing.T, r *audit.Rule) *enforce.Export {
	t.Helper()
	e, err := enforce.Of(r, enforce.Options{Action: admissionregistrationv1.Deny})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func view(t *testing.T, paths []string, text string) *kube.Cluster {
	t.Helper()
	if text != "" {
		paths = append(slices.Clone(paths), manifest.Stdin)
	}
	c, err := kube.Load(context.Background(), manifest.New(paths, manifest.Options{Stdin: strings.NewReader(text)}), nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// agree has a rule and its policy judge a view, and tells every difference.
func agree(t *testing.T, c *kube.Cluster, e *enforce.Export) *enforce.Outcome {
	t.Helper()
	out, err := e.Judge(c)
	if err != nil {
		t.Fatal(err)
	}
	for i, sentence := range slices.Concat(out.Differs, out.Unknown) {
		if i == 5 {
			t.Errorf("%s: and %d more", e.Rule.ID, len(out.Differs)+len(out.Unknown)-i)
			break
		}
		t.Errorf("%s: %s", e.Rule.ID, sentence)
	}
	return out
}

// TestExamples holds every policy against the examples of its rule.
func TestExamples(t *testing.T) {
	t.Parallel()
	for r, dir := range enforceable() {
		t.Run(r.ID, func(t *testing.T) {
			t.Parallel()
			files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
			if err != nil || len(files) < 2 {
				t.Fatalf("%d examples: %v", len(files), err)
			}
			refused := 0
			for _, file := range files {
				text, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				refused += len(agree(t, view(t, []string{file}, ""), exported(t, given(t, r, string(text)))).Refused)
			}
			if refused == 0 {
				t.Error("no example would be refused: they prove nothing")
			}
		})
	}
}

// given returns a rule with the parameters that an example sets in a comment.
func given(t *testing.T, r *audit.Rule, text string) *audit.Rule {
	t.Helper()
	values := map[string]any{}
	for i, line := range strings.SplitN(text, "\n", 3) {
		settings, found := strings.CutPrefix(strings.TrimSpace(line), "# with:")
		if !found || i > 1 {
			continue
		}
		for setting := range strings.FieldsSeq(settings) {
			name, value, _ := strings.Cut(setting, "=")
			for _, p := range r.Parameters {
				if p.Name != name {
					continue
				}
				switch p.Value.(type) {
				case []string:
					values[name] = strings.Split(value, ",")
				case bool:
					values[name] = value == "true"
				case int:
					number := 0
					if _, err := fmt.Sscan(value, &number); err != nil {
						t.Fatal(err)
					}
					values[name] = number
				default:
					values[name] = value
				}
			}
		}
	}
	set, err := r.With(values)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// corporaVariable names the folder with public manifests.
const corporaVariable = "SEAWORTHY_CORPORA"

// TestCorpora holds every policy against public manifests.
func TestCorpora(t *testing.T) {
	t.Parallel()
	dir := os.Getenv(corporaVariable)
	if dir == "" {
		t.Skipf("%s names no folder of manifests", corporaVariable)
	}
	c := view(t, []string{dir}, "")
	judged, refused := len(c.Workloads()), 0
	for r := range enforceable() {
		refused += len(agree(t, c, exported(t, r)).Refused)
	}
	t.Logf("%d workloads, %d refusals by %d policies", judged, refused, len(enforceable()))
	if judged < 50 || refused < 100 {
		t.Errorf("%d workloads and %d refusals: too few to prove anything", judged, refused)
	}
}

// TestChangedAtRandom holds every policy against objects that were put together from
// parts of examples and of public manifests, and then takes what was decoded with
// types for what a server has without.
func TestChangedAtRandom(t *testing.T) {
	t.Parallel()
	m := newMutator(t)
	const count, each = 200, 6 // of anything, and of the examples of a rule
	text := m.manifests(t, "any", count, m.objects)
	for _, r := range slices.SortedFunc(maps.Keys(enforceable()), byID) {
		text += m.manifests(t, r.ID, each, m.examples[r.ID])
	}
	c := view(t, nil, text)
	t.Logf("%d workloads", len(c.Workloads()))
	if len(c.Workloads()) < count {
		t.Fatalf("%d workloads could be read", len(c.Workloads()))
	}
	for r, dir := range enforceable() {
		t.Run(r.ID, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(filepath.Join(dir, "fail.yaml"))
			if err != nil {
				t.Fatal(err)
			}
			e := exported(t, given(t, r, string(text)))
			out := agree(t, c, e)
			if len(out.Refused) == 0 {
				t.Error("none of them would be refused: they prove nothing")
			}
			untyped(t, c, e, out)
		})
	}
}

func byID(a, b *audit.Rule) int { return strings.Compare(a.ID, b.ID) }

// untyped judges a few workloads once more without types.
func untyped(t *testing.T, c *kube.Cluster, e *enforce.Export, out *enforce.Outcome) {
	t.Helper()
	said := map[kube.Ref]string{}
	for _, r := range out.Refused {
		said[r.Subject] = r.Message
	}
	for i, w := range c.Workloads() {
		resource, ok := kube.ResourceOf(w.Ref.Group, w.Ref.Kind)
		object, isAPI := w.Object.(runtime.Object)
		if i%20 > 0 || !ok || !isAPI || e.Rule.Admission.Resources != nil {
			continue
		}
		plain, err := runtime.DefaultUnstructuredConverter.ToUnstructured(object)
		if err != nil {
			t.Fatal(err)
		}
		plain["kind"] = w.Ref.Kind
		refused, unknown, err := e.Asked(resource, plain)
		if err != nil || unknown != "" || refused != said[w.Ref] {
			t.Errorf("%s: %s: with types %q, without %q (%s, %v)", e.Rule.ID, w.Ref, said[w.Ref], refused, unknown, err)
		}
	}
}

// mutator makes objects of parts of others.
type mutator struct {
	random  *rand.Rand
	objects []map[string]any
	// examples are the objects by the rule whose examples they are.
	examples map[string][]map[string]any
	parts   map[string][]any // by place, numbers of lists left out
}

func newMutator(t *testing.T) *mutator {
	t.Helper()
	m := &mutator{random: rand.New(rand.NewPCG(6, 2026)), parts: map[string][]any{}, examples: map[string][]map[string]any{}}
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
		object := runtime.DeepCopyJSON(plain(of[m.random.IntN(len(of))]))
		metadata, _ := object["metadata"].(map[string]any)
		if metadata == nil {
			metadata = map[string]any{}
		}
		for range m.random.IntN(5) {
			m.change("", object)
		}
		if !hasContainers(object) {
			i--
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
