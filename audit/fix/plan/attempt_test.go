package plan_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fix/plan"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// A server is asked about a change as kubectl would make it, and not about what no
// server does.
func TestAttempt(t *testing.T) {
	t.Parallel()
	always := func(*kube.Workload) bool { return true }
	byPlace := audit.Fix{Edits: []audit.Edit{{Op: audit.Append, Path: "spec.template.spec.containers[0].args", Value: "d"}}}
	tests := map[string]struct {
		wish wish
		want []kube.Attempt
		why  string // of the first
	}{
		"a change": {
			wish: wish{"a", audit.High, unlabelled("a", "1"), label("a", "1")},
			want: []kube.Attempt{{
				Verb: kube.TryPatch, Resource: kube.Deployments, Namespace: "shop", Name: "web", Body: []byte(`{"metadata":{"labels":{"a":"1"}}}`),
			}},
		},
		"a change of a list without keys": {
			wish: wish{"a", audit.High, func(w *kube.Workload) bool { return len(w.Pod.Spec.Containers[0].Args) == 3 }, byPlace},
			want: []kube.Attempt{{
				Verb: kube.TryPatch, Resource: kube.Deployments, Namespace: "shop", Name: "web",
				Body: []byte(`{"spec":{"template":{"spec":{"containers":[{"args":["a","b","c","d"],"name":"web"}]}}}}`),
			}},
		},
		"a creation and a deletion": {
			wish: wish{"a", audit.High, always, audit.Fix{
				New:    []audit.Object{{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": map[string]any{"name": "web", "namespace": "shop"}}},
				Delete: []kube.Ref{kube.Deployments.Ref("shop", "web")},
			}},
			want: []kube.Attempt{
				{
					Verb: kube.TryCreate, Resource: kube.ServiceAccounts, Namespace: "shop", Name: "web",
					Body: []byte(`{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"web","namespace":"shop"}}`),
				},
				{Verb: kube.TryDelete, Resource: kube.Deployments, Namespace: "shop", Name: "web"},
			},
		},
		"a field that no server changes": {
			wish: wish{
				"a", audit.High, func(w *kube.Workload) bool { return w.Selector.String() == "app=web" },
				audit.SetField("x", "spec.selector.matchLabels", map[string]any{"app": "web", "b": "c"}),
			},
			why: "no server changes spec.selector.matchLabels of what is there",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			alone, _, _ := strings.Cut(web, "---") // without its pods
			p := makePlan(t, alone, plan.Options{Hold: takeAll}, test.wish)
			if len(p.Objects) == 0 {
				t.Fatalf("nothing changes: %q", told(p))
			}
			var got []kube.Attempt
			byVerb := map[kube.AttemptVerb]kube.Attempt{}
			for i := range p.Objects {
				a, why, err := p.Attempt(&p.Objects[i])
				if err != nil || why != test.why {
					t.Fatalf("%s: %q, %v", p.Objects[i].Ref, why, err)
				}
				byVerb[a.Verb] = a
			}
			for _, want := range test.want {
				got = append(got, byVerb[want.Verb])
			}
			if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(kube.Resource{})); diff != "" {
				t.Errorf("attempts (-want +got):\n%s", diff)
			}
		})
	}
}
