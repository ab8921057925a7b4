package kube_test

import (
	"bytes"
	"io"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
	"github.com/seaworthy-dev/seaworthy/kube/recording"
)

// constraint is one as a server sends it.
func constraint(kind, name string) *unstructured.Unstructured {
	return custom(kube.Constraints.As(kind), "", name)
}

// refs returns the refs of the constraints that a view holds, in order.
func refs(c *kube.Cluster) []kube.Ref {
	var all []kube.Ref
	for o := range c.Custom(kube.Constraints).All() {
		all = append(all, kube.Constraints.Ref(o.GetNamespace(), o.GetName()))
	}
	slices.SortFunc(all, kube.CompareRefs)
	return all
}

// Whatever kinds and names there are, none takes the place of another: in a view, in a
// recording of it and in what was written by hand.
func TestConstraintsDoNotCollide(t *testing.T) {
	t.Parallel()
	for seed := range uint64(kubetest.Rounds(30)) {
		random := rand.New(rand.NewPCG(seed, 0))
		b := kube.NewBuilder(kube.Info{})
		var texts bytes.Buffer
		want := map[kube.Ref]bool{}
		for range 12 {
			kind, name := "K8s"+string(rune('A'+random.IntN(3))), "n"+strconv.Itoa(random.IntN(4))
			ref := kube.Ref{Group: kube.Constraints.Group, Kind: kind, Name: name}
			if !want[ref] {
				texts.WriteString("---\napiVersion: constraints.gatekeeper.sh/v1beta1\nkind: " + kind + "\nmetadata: {name: " + name + "}\n")
			}
			if want[ref] = true; b.Set(kube.Constraints, constraint(kind, name)) != nil {
				t.Fatalf("%s is not taken", ref)
			}
		}
		view := b.Build(time.Unix(0, 0))
		var all []kube.Ref
		for ref := range want {
			all = append(all, ref)
			if o, found := view.Find(ref); !found || o.(*unstructured.Unstructured).GetKind() != ref.Kind {
				t.Errorf("seed %d: %s is found as %v", seed, ref, o)
			}
		}
		slices.SortFunc(all, kube.CompareRefs)
		played := last(t, recording.New("a.zst", recorded(t, view)))
		written := last(t, manifest.New([]string{manifest.Stdin}, manifest.Options{Stdin: &texts}))
		for what, c := range map[string]*kube.Cluster{"the view": view, "a recording": played, "files": written} {
			if diff := cmp.Diff(all, refs(c)); diff != "" {
				t.Errorf("seed %d: constraints of %s (-want +got):\n%s", seed, what, diff)
			}
		}
	}
}

// recorded writes a view and returns how to open what was written.
func recorded(t *testing.T, c *kube.Cluster) func() (io.ReadCloser, error) {
	t.Helper()
	var file bytes.Buffer
	w, err := recording.NewWriter(&file, c.Info, recording.Redact)
	if err == nil {
		err = w.Append(c)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(file.Bytes())), nil }
}

// last returns the last view of a source.
func last(t *testing.T, s kube.Source) *kube.Cluster {
	t.Helper()
	var view *kube.Cluster
	if err := s.Watch(t.Context(), func(c *kube.Cluster) { view = c }); err != nil {
		t.Fatal(err)
	}
	return view
}

// A Ref, and what is written of a constraint, have the kind and the name that the server
// has.
func TestConstraintAsTheServerHasIt(t *testing.T) {
	t.Parallel()
	view := build(t, object{kube.Constraints, constraint("K8sRequiredLabels", "owner")})
	want := kube.Ref{Group: "constraints.gatekeeper.sh", Kind: "K8sRequiredLabels", Name: "owner"}
	if diff := cmp.Diff([]kube.Ref{want}, refs(view)); diff != "" {
		t.Errorf("refs (-want +got):\n%s", diff)
	}
	held, _ := view.Find(want)
	own, _ := kube.APIOf(held).(*unstructured.Unstructured)
	if own.GetName() != "owner" || own.GetKind() != "K8sRequiredLabels" || held.GetName() != "K8sRequiredLabels/owner" {
		t.Errorf("held as %q, of the API %s %q", held.GetName(), own.GetKind(), own.GetName())
	}
	if got := kube.Constraints.As("K8sRequiredLabels").String(); got != "k8srequiredlabels.constraints.gatekeeper.sh" {
		t.Errorf("kubectl has it as %s", got)
	}
	if _, found := view.Find(kube.Constraints.Ref("", "K8sAllowedRepos/owner")); found {
		t.Error("a constraint of another kind is found by the name of this one")
	}
}

// Of thousands of violations as many are held as Gatekeeper keeps by default, and of each
// whom it is about and what it says.
func TestConstraintIsLean(t *testing.T) {
	t.Parallel()
	o := constraint("K8sRequiredLabels", "owner")
	var violations []any
	for i := range 500 {
		violations = append(violations, map[string]any{"kind": "Pod", "name": strconv.Itoa(i), "message": "no owner", "other": "x"})
	}
	o.Object["status"] = map[string]any{"totalViolations": int64(500), "violations": violations, "byPod": []any{map[string]any{"id": "a", "enforced": true}}}
	held, _ := build(t, object{kube.Constraints, o}).Find(kube.Constraints.Ref("", "K8sRequiredLabels/owner"))
	kept, _, _ := unstructured.NestedSlice(held.(*unstructured.Unstructured).Object, "status", "violations")
	if len(kept) != 20 {
		t.Fatalf("%d violations are held", len(kept))
	}
	if diff := cmp.Diff(map[string]any{"kind": "Pod", "name": "0", "message": "no owner"}, kept[0]); diff != "" {
		t.Errorf("a violation (-want +got):\n%s", diff)
	}
}
