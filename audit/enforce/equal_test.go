package enforce_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/enforce"
	"github.com/seaworthy-dev/seaworthy/audit/rules"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

// enforceable returns the rules that can be policies, each with where its examples are.
var enforceable = sync.OnceValue(func() map[*audit.Rule]string {
	all := map[*audit.Rule]string{}
	for _, c := range rules.All() {
		for _, r := range c.Rules {
			if enforce.Can(r) == nil {
				all[r] = filepath.Join("..", "rules", c.ID, "testdata", r.ID)
			}
		}
	}
	return all
})

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
			refused, exports := 0, map[string]*enforce.Export{} // by what examples set
			for _, file := range files {
				text, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				set := settings(string(text))
				if exports[set] == nil {
					exports[set] = exported(t, given(t, r, string(text)))
				}
				refused += len(agree(t, view(t, []string{file}, ""), exports[set]).Refused)
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
	m := newMutator(t, 6)
	count, each := kubetest.Rounds(120), 12 // of anything, and of the examples of a rule beside these
	of := map[*audit.Rule]string{}
	for _, r := range slices.SortedFunc(maps.Keys(enforceable()), byID) {
		of[r] = m.manifests(t, r.ID, len(m.examples[r.ID])+each, m.examples[r.ID])
	}
	anything := view(t, nil, m.manifests(t, "any", count, m.objects))
	if len(anything.Workloads()) < count/2 {
		t.Fatalf("%d workloads could be read", len(anything.Workloads()))
	}
	for r, dir := range enforceable() {
		t.Run(r.ID, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(filepath.Join(dir, "fail.yaml"))
			if err != nil {
				t.Fatal(err)
			}
			e := exported(t, given(t, r, string(text)))
			hold(t, anything, e)
			if hold(t, view(t, nil, of[r]), e) == 0 {
				t.Error("none of them would be refused: they prove nothing")
			}
		})
	}
}

// FuzzChanged does the same with other objects for each seed.
func FuzzChanged(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(func(t *testing.T, seed uint64) {
		m := newMutator(t, seed)
		c := view(t, nil, m.manifests(t, "any", 20, m.objects))
		for r := range enforceable() {
			hold(t, c, exported(t, r))
		}
	})
}

// hold holds a policy against its rule, its level and itself without types. It
// returns how many objects would be refused.
func hold(t *testing.T, c *kube.Cluster, e *enforce.Export) int {
	t.Helper()
	out := agree(t, c, e)
	untyped(t, c, e, out)
	levelled(t, c, e, out)
	return len(out.Refused)
}

func byID(a, b *audit.Rule) int { return strings.Compare(a.ID, b.ID) }

// levelled holds the level of the Pod Security Standards that is named for a rule
// against Pod Security's own checks: it must refuse all that the rule does.
func levelled(t *testing.T, c *kube.Cluster, e *enforce.Export, out *enforce.Outcome) {
	t.Helper()
	if e.PodSecurity == "" {
		return
	}
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		t.Fatal(err)
	}
	level := api.LevelVersion{Level: api.Level(e.PodSecurity), Version: api.LatestVersion()}
	for i := range out.Refused {
		w := c.Workload(out.Refused[i].Subject)
		results := evaluator.EvaluatePod(level, &metav1.ObjectMeta{Annotations: w.Pod.Annotations}, w.Pod.Spec)
		if policy.AggregateCheckResults(results).Allowed {
			t.Errorf("%s: level %s allows %s", e.Rule.ID, e.PodSecurity, w.Ref)
		}
	}
}

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
