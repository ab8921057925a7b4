package rules_test

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/rules"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

// specimen is an object of an example.
type specimen struct {
	resource kube.Resource
	object   kube.Object
}

// specimens are the objects of every rule's examples, by example: whatever a rule
// minds, some of them have it.
func specimens(t testing.TB) [][]specimen {
	t.Helper()
	var all [][]specimen
	for _, category := range rules.All() {
		files, err := fs.Glob(category.Examples, "testdata/*/*.yaml")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if !strings.HasPrefix(path.Base(file), "pass") && !strings.HasPrefix(path.Base(file), "fail") {
				continue
			}
			text, err := fs.ReadFile(category.Examples, file)
			if err != nil {
				t.Fatal(err)
			}
			source := manifest.New([]string{manifest.Stdin}, manifest.Options{Stdin: bytes.NewReader(text)})
			c, err := kube.Load(context.Background(), source, nil)
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			var one []specimen
			for _, r := range append(kube.Resources(), kube.Measurements) {
				for _, o := range c.Objects(r) {
					one = append(one, specimen{r, o})
				}
			}
			if len(one) > 0 {
				all = append(all, one)
			}
		}
	}
	return all
}

// upheaval is a cluster to which anything may happen.
type upheaval struct {
	random  *rand.Rand
	pool    [][]specimen
	builder *kube.Builder
	now     time.Time
}

// home returns one of a few namespaces, so that objects of different examples
// meet, replace each other and leave; or that of the example.
func (u *upheaval) home(original string) string {
	if u.random.IntN(3) == 0 {
		return original
	}
	return []string{"a", "b", "default", "kube-system"}[u.random.IntN(4)]
}

// happen lets one thing happen and says what.
func (u *upheaval) happen(t *testing.T) string {
	t.Helper()
	example := u.pool[u.random.IntN(len(u.pool))]
	s := example[u.random.IntN(len(example))]
	namespace := u.home(s.object.GetNamespace())
	switch u.random.IntN(12) {
	case 0, 1:
		name := s.object.GetName()
		u.builder.Delete(s.resource, namespace, name)
		return fmt.Sprintf("%s %s/%s is gone", s.resource, namespace, name)
	case 2:
		state := kube.State{Resource: s.resource, Phase: kube.Phase(u.random.IntN(int(kube.Skipped) + 1))}
		if u.random.IntN(3) == 0 && s.resource.Namespaced {
			state.Namespace = namespace
		}
		if state.Phase == kube.Forbidden {
			state.Verb, state.Reason = "list", "may not"
		}
		u.builder.SetState(state)
		return fmt.Sprintf("%s in %q are %s", state.Resource, state.Namespace, state.Phase)
	case 3:
		u.now = u.now.Add(time.Duration(u.random.IntN(60)) * time.Minute)
		return "time passes"
	case 4, 5:
		return u.podHappens(t)
	case 6, 7:
		return u.set(t, s, namespace)
	}
	var set []string
	for _, s := range example {
		set = append(set, u.set(t, s, namespace))
	}
	return strings.Join(set, ", ")
}

// set puts a specimen into a namespace, which a Namespace becomes.
func (u *upheaval) set(t *testing.T, s specimen, namespace string) string {
	t.Helper()
	name := s.object.GetName()
	switch {
	case s.resource == kube.Namespaces:
		namespace, name = "", cmp.Or(namespace, name)
	case !s.resource.Namespaced:
		namespace = ""
	case namespace == "":
		namespace = "a"
	}
	if err := u.builder.Set(s.resource, relocated(t, s, namespace, name)); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%s %s/%s is set", s.resource, namespace, name)
}

// podHappens lets a pod change its status.
func (u *upheaval) podHappens(t *testing.T) string {
	t.Helper()
	c := u.builder.Build(u.now)
	if c.Pods.Len() == 0 {
		return "nothing"
	}
	pods := slices.Collect(c.Pods.All())
	pod := pods[u.random.IntN(len(pods))].API()
	pod = pod.DeepCopy()
	pod.Status.Phase = []corev1.PodPhase{corev1.PodRunning, corev1.PodPending, corev1.PodSucceeded}[u.random.IntN(3)]
	pod.Spec.NodeName = []string{"node-1", "node-2", ""}[u.random.IntN(3)]
	if err := u.builder.Set(kube.Pods, pod); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("pod %s/%s is %s on %q", pod.Namespace, pod.Name, pod.Status.Phase, pod.Spec.NodeName)
}

// relocated returns a copy of an object in another namespace.
func relocated(t *testing.T, s specimen, namespace, name string) kube.Object {
	t.Helper()
	switch o := asSent(s.object).(type) {
	case *kube.Usage:
		usage := *o
		usage.Namespace, usage.Name = namespace, name
		return &usage
	case *kube.EndpointSlice:
		slice := *o
		slice.Namespace, slice.Name = namespace, name
		return &slice
	case *kube.ReplicaSet:
		set := *o
		set.Namespace, set.Name = namespace, name
		return &set
	case runtime.Object:
		copied, ok := o.DeepCopyObject().(interface {
			kube.Object
			metav1.Object
		})
		if !ok {
			t.Fatalf("%T is no object", o)
		}
		copied.SetNamespace(namespace)
		copied.SetName(name)
		return copied
	}
	t.Fatalf("%T is no object of the API", s.object)
	return nil
}

// asSent is an object as the API has it, if the view keeps a row of it.
func asSent(o kube.Object) kube.Object {
	switch row := o.(type) {
	case *kube.Pod:
		return row.API()
	case *kube.ReplicaSet:
		return row.API()
	case *kube.EndpointSlice:
		return row.API()
	}
	return o
}

// TestAuditorForgetsNothing holds the assessments of an Assessor that has seen
// every view to those of one that has seen no other. It also catches a rule that
// looks at what it does not declare.
func TestAuditorForgetsNothing(t *testing.T) {
	t.Parallel()
	pool := specimens(t)
	categories := rules.All()
	for seed := range max(2, kubetest.Rounds(uint64(6))) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			u := &upheaval{
				random: rand.New(rand.NewPCG(seed, 7)), pool: pool, now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
				builder: kube.NewBuilder(kube.Info{Name: "test", Version: "v1.37.0", Offline: seed%3 == 0}),
			}
			assessor := score.NewAssessor(categories, nil)
			for step := range 40 {
				var events []string
				for range 1 + u.random.IntN(1+step/4) {
					events = append(events, u.happen(t))
				}
				c := u.builder.Build(u.now)
				if u.random.IntN(3) == 0 {
					assessor.Glance(c)
					continue
				}
				if diff := differ(assessor.Assess(c), score.Assess(c, categories)); diff != "" {
					t.Fatalf("step %d, after %q (-following +afresh):\n%s", step, events, diff)
				}
			}
		})
	}
}

// differ compares all that two assessments say.
func differ(a, b *score.Assessment) string {
	options := gocmp.Options{
		cmpopts.IgnoreUnexported(score.Namespace{}, score.Finding{}),
		cmpopts.IgnoreFields(audit.Result{}, "Cluster", "Categories"),
		gocmp.Comparer(func(a, b *audit.Rule) bool { return a == b }),
	}
	return gocmp.Diff(a, b, options)
}
